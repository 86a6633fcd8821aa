import binaryen from "binaryen";
import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { type IsaName, isas } from "./isa/index.ts";

/** Checked division, three ways to end, and a call that is inlined. */
const FUNCTIONS = `
  (memory 1)
  (func $checked (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (unreachable)))
    (i32.load (local.get 0)))
  (func $main (export "main") (param i32 i32) (result i32)
    (if (i32.gt_u (local.get 0) (i32.const 1000)) (then (unreachable)))
    (if (i32.gt_u (local.get 1) (i32.const 2000)) (then (unreachable)))
    (i32.add (call $checked (local.get 1)) (i32.div_u (local.get 0) (local.get 1))))`;
const assemble = (functions: string): Uint8Array => binaryen.parseText(`(module ${functions})`).emitBinary();
const wasm = assemble(FUNCTIONS);

const opcode = { unreachable: 0x00, call: 0x10, load: 0x28, divide: 0x6e } as const;
/** The instruction that traps with code 0, as bytes. */
const traps: Readonly<Record<IsaName, readonly number[]>> = {
  "x86-64": [0x0f, 0x0b, 0],
  rv64: [0, 0, 0, 0],
  rv64b: [0, 0, 0, 0],
  rv32: [0, 0, 0, 0],
  xtensa: [0x6d, 0xf0, 0],
  "xtensa-mulhigh": [0x6d, 0xf0, 0],
};

const names = Object.keys(isas) as IsaName[];

describe.each(names)("%s", (isa) => {
  const { code, functions, lines } = compile(wasm, isa);
  const numbered = functions.map(({ index }, n) => ({ index, section: code[n]!, ...lines[n]! }));
  const main = numbered.at(-1)!;
  const opcodeAt = (at: number) => wasm[main.body + at];

  /** What the code at an offset was made of. */
  const cameFrom = (offset: number) => main.lines.findLast((line) => line.offset <= offset)!.at;

  test("each trap is known by its place", () => {
    const bytes = Buffer.from(main.section.bytes);
    const found: number[] = [];
    const wanted = Buffer.from(traps[isa]);
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1))
      if (main.lines.some(({ offset }) => offset === at)) found.push(cameFrom(at));
    expect(new Set(found).size).toBe(found.length);
    // Two of its own, and that of the function that was put into it, which counts for the call.
    expect(found.map((at) => opcodeAt(at)).toSorted()).toEqual([
      opcode.unreachable,
      opcode.unreachable,
      opcode.call,
    ]);
  });

  test("what divides and what was called are there", () => {
    const made = new Set(main.lines.map(({ at }) => opcodeAt(at)));
    expect(made).toContain(opcode.divide);
    expect(made).toContain(opcode.call);
  });

  test("offsets rise, within the section", () => {
    for (const { lines: rows, section } of numbered) {
      const offsets = rows.map(({ offset }) => offset);
      expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
      expect(offsets.at(-1)).toBeLessThan(section.bytes.length);
    }
  });

  test("they are the same wherever the function stands", () => {
    const before = `(func $before (export "before") (param i64) (result i64) (i64.mul (local.get 0) (local.get 0)))`;
    const [memory, ...rest] = FUNCTIONS.split("\n").slice(1);
    const moved = compile(assemble([memory, before, ...rest].join("\n")), isa);
    expect(moved.lines.at(-1)!.body).toBeGreaterThan(main.body);
    expect(moved.lines.at(-1)!.lines).toEqual(main.lines);
  });

  test("sections are the same as without them", () => {
    for (const section of code) expect(Object.keys(section)).not.toContain("lines");
  });
});
