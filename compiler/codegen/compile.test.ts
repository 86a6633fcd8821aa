import { describe, expect, test } from "vitest";
import { compileFor } from "./compile.ts";
import type { Isa } from "./isa/isa.ts";
import { rv64 } from "./isa/riscv/index.ts";
import { list, moduleOf, sized, text, u32 } from "./wasm/testing/encode.ts";

const F64 = 0x7c;
const END = 0x0b;

/** One exported function of two floats that gives one. */
function module(name: string, ...code: readonly number[]): Uint8Array {
  return moduleOf([
    [1, list([[0x60, ...list([[F64], [F64]]), ...list([[F64]])]])],
    [3, list([u32(0)])],
    [5, list([[0, 1]])],
    [7, list([[...text(name), 0, 0]])],
    [10, list([sized([0, ...code, END])])],
  ]);
}

const arguments_ = [0x20, 0, 0x20, 1];

describe("a machine without floating point", () => {
  const bare: Isa = { ...rv64, name: "rv64i", floats: false };

  test("refuses what computes with floats, and says where", () => {
    expect(() => compileFor(module("area", ...arguments_, 0xa2), bare)).toThrow(
      /^function area needs floating point \(f64\.mul at offset \d+\), which rv64i has not$/,
    );
  });

  test("refuses comparisons and conversions too", () => {
    const converted = module("rounded", 0x20, 0, 0xb0, 0xb9);
    expect(() => compileFor(converted, bare)).toThrow(/rounded needs floating point \(i64\.trunc_f64_s at/);
    const least = module("least", ...arguments_, ...arguments_, 0x63, 0x1b);
    expect(() => compileFor(least, bare)).toThrow(/least needs floating point \(f64\.lt at/);
  });

  test("moves floats, stores them and changes their sign", () => {
    const negated = module("negated", 0x41, 0, 0x20, 0, 0x39, 3, 0, 0x41, 0, 0x2b, 3, 0, 0x9a, 0x20, 1, 0xa6);
    expect(compileFor(negated, bare).functions.map(({ name }) => name)).toEqual(["negated"]);
  });
});
