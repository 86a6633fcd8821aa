/** Boot code of the ESP32-C3, on a chip in TypeScript: memory, traps, and what physical memory protection forbids. */
import { describe, expect, test } from "vitest";
import { trapCodes } from "#codegen";
import { copies, refusals } from "../test-constants.ts";
import { load, show } from "../test-wat.ts";
import { ram, windows } from "./boot/chip.ts";
import { Chip } from "./test-chip.ts";
import { boot, on, shown, testImage } from "./test-image.ts";

const hexadecimal = (value: number) => value.toString(16);

describe("linear memory", () => {
  test("is as it was made, at the first start and after every other", () => {
    const memory = new Uint8Array(0x5000).map((_, n) => (n < 0x2000 || n > 0x3000 ? n * 7 : 0));
    const found = shown({
      memory,
      wat: `(func (export "start") ${show("a", load(0x1234))} ${show("b", load(0x2800))} ${show("c", load(0x4fff))}
        (memory.fill (i32.const 0) (i32.const 9) (i32.const 0x5000)) ${on(0, "(call $restart)")})`,
    });
    const twice = (value: number) => [hexadecimal(value), hexadecimal(value)];
    expect(found).toMatchObject({ a: twice(memory[0x1234]!), b: twice(0), c: twice(memory[0x4fff]!) });
  });

  test("ends where it is not used any more", () => {
    const accesses = [
      "(drop (i32.load8_u (i32.const 0x1800)))",
      "(drop (i32.load (i32.const 0x17fd)))",
      "(memory.fill (i32.const 0x17ff) (i32.const 1) (i32.const 2))",
    ];
    const { trap } = shown({
      memory: new Uint8Array(0x1800),
      wat: `(func (export "start") ${show("trap", boot("trap"))}
        (i32.store (i32.const 0x17fc) (i32.const 5)) ${accesses.map((access, n) => on(n, access)).join("\n")})`,
    });
    expect(trap).toEqual(["0", ...accesses.map(() => hexadecimal(trapCodes.memory.code))]);
  });

  test("grows as far as it was said, in whole pages", () => {
    const found = shown({
      memory: new Uint8Array(0x1_0800),
      memoryLimit: 3,
      wat: `(func (export "start") ${show("old", "(i64.extend_i32_u (memory.grow (i32.const 1)))")}
        ${show("last", load(0x2_ffff))}
        ${show("more", "(i64.extend_i32_s (memory.grow (i32.const 1)))")})`,
    });
    expect(found).toMatchObject({ old: ["2"], last: ["0"], more: ["ffffffffffffffff"] });
  });
});

describe("constants that linear memory does not have", () => {
  test.each([0, 1, 2, 3])("are copied, from behind %i bytes", (from) => {
    const { says, ...program } = copies(from);
    expect(shown(program)).toMatchObject(says);
  });

  test("are not copied if either place is not all inside: a trap, and a new start", () => {
    const { says, ...program } = refusals({ boot, on });
    expect(shown(program)).toMatchObject(says);
  });
});

describe("a trap", () => {
  test("is a restart that says what it was", () => {
    const { trap } = shown({
      wat: `(func $deep (param i32) (result i32)
          (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1))))) (else (i32.const 0))))
        (func (export "start") (local $zero i32) ${show("trap", boot("trap"))}
          ${on(0, "unreachable")} ${on(1, "(drop (i32.load (i32.const 0x10000)))")}
          ${on(2, "(drop (i32.div_u (i32.const 1) (local.get $zero)))")} ${on(3, "(drop (call $deep (i32.const 1)))")})`,
    });
    const { unreachable, memory, divideByZero, stack } = trapCodes;
    expect(trap).toEqual([
      "0",
      ...[unreachable, memory, divideByZero, stack].map(({ code }) => hexadecimal(code)),
    ]);
  });
});

describe("physical memory protection", () => {
  test.each([
    ["RAM, through its addresses as instructions", ram.code + 0x100],
    ["RAM, through those as data", ram.data + 0x100],
    ["constants", windows.data + 0x100],
  ])("lets nobody execute %s", (_, address) => {
    const chip = new Chip(testImage({ wat: '(func (export "start"))' }));
    chip.boot();
    chip.toEnd();
    chip.go(address);
    expect(chip.toEnd()).toContain(
      `appl: fault 1 at ${hexadecimal(address)} address ${hexadecimal(address)}`,
    );
  });
});
