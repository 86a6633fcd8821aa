/** Boot code of the ESP32-C3, on a chip in TypeScript: memory, traps, and what physical memory protection forbids. */
import { describe, expect, test } from "vitest";
import { trapCodes } from "#codegen";
import { TRAP_REQUEST } from "../esp32/boot/layout.ts";
import { copies, refusals } from "../test-constants.ts";
import { restarting, sameAtEveryStart, show } from "../test-wat.ts";
import { ram, windows } from "./boot/chip.ts";
import { Chip } from "./test-chip.ts";
import { boot, on, shown, testImage } from "./test-image.ts";

const hexadecimal = (value: number) => value.toString(16);

test("linear memory and globals are as they were made at every start; what ended the last one is known", () => {
  const found = shown(restarting({ boot, on }));
  expect(found).toMatchObject(sameAtEveryStart(6));
  const { memory, unreachable, divideByZero, stack } = trapCodes;
  const codes = [memory.code, unreachable.code, divideByZero.code, TRAP_REQUEST, stack.code];
  expect(found["trap"]).toEqual(["0", ...codes.map(hexadecimal)]);
});

describe("linear memory", () => {
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
