import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "../ssa/evaluate.ts";
import type { Func } from "../ssa/func.ts";
import type { Op } from "../ssa/ops.ts";
import { parseFunc } from "../ssa/parse.ts";
import { verify } from "../ssa/verify.ts";
import { expandOperations } from "./expand.ts";

const onIntegers = ["clz", "ctz", "popcnt"] as const;
const onFloats = ["fceil", "ffloor", "ftrunc", "fnearest"] as const;
const conversions = ["ftoi_u", "itof_u"] as const;
const lacking = new Set<Op>([...onIntegers, ...onFloats, ...conversions]);

/** Bits of numbers that are near what makes a difference. */
const interesting = (bits: 32 | 64): fc.Arbitrary<bigint> => {
  const half = 1n << BigInt(bits - 1);
  const powers = fc.integer({ min: 0, max: bits - 1 }).map((by) => BigInt.asIntN(bits, 1n << BigInt(by)));
  const numbers = fc
    .tuple(fc.integer({ min: -70, max: 70 }), fc.integer({ min: -8, max: 8 }), fc.boolean())
    .map(([power, steps, below]) => {
      const near = bits === 32 ? Math.fround(2 ** power) : 2 ** power;
      const value = Math.abs(power) < 50 ? near + steps / 4 : near;
      return asBits(bits, value) + BigInt(below ? -1 : 0);
    });
  const special = fc.constantFrom(
    ...[0, -0, 0.5, -0.5, 1.5, 2.5, -1, 1 / 0, -1 / 0].map((x) => asBits(bits, x)),
  );
  return fc.oneof(fc.bigInt({ min: -half, max: half - 1n }), powers, numbers, special, fc.constant(-1n));
};

function asBits(bits: 32 | 64, value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (bits === 64) view.setFloat64(0, value);
  else view.setFloat32(0, value);
  return bits === 64 ? view.getBigInt64(0) : BigInt(view.getInt32(0));
}

/** What a function of one block gives. */
function run({ entry }: Func, ...given: readonly bigint[]): bigint | undefined {
  const values = new Map(entry.params.map((param, n) => [param, given[n]!]));
  for (const inst of entry.insts) {
    expect(lacking.has(inst.op)).toBe(false);
    const args = inst.args.map((arg) => values.get(arg)!);
    if (inst.op === "return") return args[0];
    const value = inst.op === "iconst" ? inst.value : evaluate(inst.op, inst.type, args)!;
    values.set(inst.results[0]!, value);
  }
  return undefined;
}

function compare(op: Op, type: "i32" | "i64", from = type): void {
  const name = op === "ftoi_u" ? op : `${op}.${type}`;
  const func = parseFunc(
    `func f(${from}, ${from}) -> ${type}\nb0(v0: ${from}, v1: ${from}):\n  v2 = ${name} v0\n  return v2\n`,
  );
  expandOperations(func, { lacking });
  verify(func);
  const number = interesting(from === "i32" ? 32 : 64);
  fc.assert(
    fc.property(number, number, (x, y) => {
      expect(run(func, x, y)).toBe(evaluate(op, type, [x, y]));
    }),
    { numRuns: 300 },
  );
}

test.each([...onIntegers, ...onFloats])("%s is the same without it", (op) => {
  compare(op, "i32");
  compare(op, "i64");
});

test("unsigned conversions are the same by signed ones", () => {
  compare("ftoi_u", "i64");
  compare("itof_u", "i32", "i64");
  compare("itof_u", "i64");
});
