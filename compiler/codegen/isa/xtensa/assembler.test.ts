/**
 * Every encoding as GNU objdump reads it, as far as that knows LX106; what LX6 has beyond it (division, min, max, sext, muluh) differs in one field of a format
 * that is checked, and is carried out by `native/spec.test.ts`.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { link } from "../../object/link.ts";
import { disassemble as objdump } from "../testing/objdump.ts";
import { Assembler } from "./assembler.ts";
import { xtensaHoles } from "./holes.ts";
import {
  type Branch,
  branches,
  type ConstantBranch,
  constantBranches,
  type LoadName,
  loads,
  type Plain,
  plain,
  type Rrr,
  type Rt,
  rrr,
  rt,
  type StoreName,
  signedConstants,
  specials,
  stores,
  unsignedConstants,
  type ZeroBranch,
  zeroBranches,
} from "./insns.ts";

const disassemble = (bytes: Uint8Array): string[] => objdump("xtensa", bytes);

type Case = readonly [text: string, write: (a: Assembler) => void];

/** Short forms do the same as long ones. */
const long = (line: string): string => line.replace(/\.n\b/, "").replace(/^ret$/, "ret");

function check(cases: readonly Case[]): void {
  const a = new Assembler();
  for (const [, write] of cases) write(a);
  const read = disassemble(a.section("t").bytes).map(long);
  const wanted = cases.map(([text]) => text);
  expect(read.filter((line, at) => line !== wanted[at])).toEqual(
    wanted.filter((line, at) => line !== read[at]),
  );
}

const beyond = new Set<string>(["muluh", "quou", "quos", "remu", "rems", "min", "max", "minu", "maxu"]);
const reg = fc.integer({ min: 0, max: 15 });
const known = <T extends string>(table: Readonly<Record<T, unknown>>) =>
  fc.constantFrom(...(Object.keys(table) as T[]).filter((name) => !beyond.has(name)));
const by = fc.integer({ min: 1, max: 31 });

const registers = fc
  .tuple(known<Rrr>(rrr), reg, reg, reg)
  // Both operands of `or` the same is how a move is spelled.
  .filter(([name, , left, right]) => name !== "or" || left !== right)
  .map(
    ([name, to, left, right]): Case => [
      `${name} a${to}, a${left}, a${right}`,
      (a) => a.r(name, to, left, right),
    ],
  );
const pairs = fc
  .tuple(known<Rt>(rt), reg, reg)
  .map(([name, to, from]): Case => [`${name} a${to}, a${from}`, (a) => a.rt(name, to, from)]);
const moves = fc
  .tuple(reg, reg)
  .filter(([to, from]) => to !== from)
  .map(([to, from]): Case => [`mov a${to}, a${from}`, (a) => a.mv(to, from)]);
const additions = fc
  .tuple(
    reg,
    reg,
    fc.oneof(
      fc.integer({ min: -128, max: 127 }),
      fc.integer({ min: -128, max: 127 }).map((n) => 256 * n),
    ),
  )
  .map(
    ([to, from, imm]): Case => [
      `${imm < -128 || imm > 127 ? "addmi" : "addi"} a${to}, a${from}, ${hexIfLarge(imm)}`,
      (a) => a.addi(to, from, imm),
    ],
  );
const shifts = fc
  .tuple(fc.constantFrom("slli", "srli", "srai", "extui"), reg, reg, by, fc.integer({ min: 1, max: 16 }))
  .map(([name, to, from, count, bits]): Case => {
    if (name === "slli") return [`slli a${to}, a${from}, ${count}`, (a) => a.slli(to, from, count)];
    if (name === "srai") return [`srai a${to}, a${from}, ${count}`, (a) => a.srai(to, from, count)];
    if (name === "extui")
      return [`extui a${to}, a${from}, ${count}, ${bits}`, (a) => a.extui(to, from, count, bits)];
    const text =
      count < 16 ? `srli a${to}, a${from}, ${count}` : `extui a${to}, a${from}, ${count}, ${32 - count}`;
    return [text, (a) => a.srli(to, from, count)];
  });
const single = fc
  .tuple(fc.constantFrom("nsau", "ssr", "ssl", "sll", "callx0"), reg, reg)
  .map(([name, to, from]): Case => {
    if (name === "nsau") return [`nsau a${to}, a${from}`, (a) => a.nsau(to, from)];
    if (name === "sll") return [`sll a${to}, a${from}`, (a) => a.sll(to, from)];
    if (name === "callx0") return [`callx0 a${to}`, (a) => a.callTo(to)];
    return [`${name} a${to}`, (a) => a.amount(name as "ssr", to)];
  });
const constants = fc
  .tuple(reg, fc.oneof(fc.integer({ min: -2048, max: 2047 }), fc.integer({ min: -40, max: 100 })))
  .map(([to, value]): Case => [`movi a${to}, ${hexIfLarge(value)}`, (a) => a.li(to, BigInt(value))]);
const units = { l8ui: 1, s8i: 1, l16ui: 2, l16si: 2, s16i: 2, l32i: 4, s32i: 4 } as const;
const accesses = fc
  .tuple(
    fc.oneof(known<LoadName>(loads), known<StoreName>(stores)),
    reg,
    reg,
    fc.integer({ min: 0, max: 255 }),
  )
  .map(([name, to, base, at]): Case => {
    const offset = at * units[name];
    const text = `${name} a${to}, a${base}, ${hexIfLarge(offset)}`;
    if (name in loads) return [text, (a) => a.load(name as LoadName, to, base, offset)];
    return [text, (a) => a.store(name as StoreName, to, base, offset)];
  });

/** What is below 256 either way is decimal, the rest 32 bits in hexadecimal. */
function hexIfLarge(value: number): string {
  return Math.abs(value) < 256 ? String(value) : `0x${(value >>> 0).toString(16)}`;
}

test("registers, constants, shifts and memory", () => {
  const any = fc.oneof(registers, pairs, moves, additions, shifts, single, constants, accesses);
  fc.assert(fc.property(fc.array(any, { minLength: 400, maxLength: 600 }), check), {
    numRuns: 5,
    endOnFailure: true,
  });
});

test("what has no operands, and special registers", () => {
  const cases = (Object.keys(plain) as Plain[]).map((name): Case => [name, (a) => a.plain(name)]);
  const special = (
    ["sar", "epc1", "ps", "vecbase", "exccause", "ccount", "excvaddr", "intenable"] as const
  ).flatMap((name): Case[] => [
    [`rsr.${name} a5`, (a) => a.special("rsr", 5, name)],
    [`wsr.${name} a6`, (a) => a.special("wsr", 6, name)],
    [`xsr.${name} a7`, (a) => a.special("xsr", 7, name)],
  ]);
  expect(Object.keys(specials).length).toBeGreaterThan(8);
  check([
    ...cases,
    ...special,
    ["ret", (a) => a.ret()],
    ["jx a4", (a) => a.jumpTo(4)],
    ["ssai 17", (a) => a.ssai(17)],
  ]);
});

describe("jumps", () => {
  /** A jump over some bytes, and one back. */
  function around(gap: number, jump: (a: Assembler, to: ReturnType<Assembler["label"]>) => void): string[] {
    const a = new Assembler();
    const [end, start] = [a.label(), a.here()];
    jump(a, end);
    for (let n = 0; n < gap; n++) a.plain("nop");
    jump(a, start);
    a.bind(end);
    const lines = disassemble(a.section("t").bytes).map(long);
    return lines.filter((line) => line !== "nop");
  }
  const target = (lines: readonly string[]) => lines.map((line) => Number(/0x([0-9a-f]+)$/.exec(line)![0]));

  type Write = (a: Assembler, to: ReturnType<Assembler["label"]>) => void;
  const all: (readonly [string, Write])[] = [
    ...(Object.keys(branches) as Branch[]).map((name): readonly [string, Write] => [
      name,
      (a, to) => a.branch(name, 3, 4, to),
    ]),
    ...(Object.keys(zeroBranches) as ZeroBranch[]).map((name): readonly [string, Write] => [
      name,
      (a, to) => a.branchZero(name, 3, to),
    ]),
    ...(Object.keys(constantBranches) as ConstantBranch[]).map((name): readonly [string, Write] => [
      name,
      (a, to) => a.branchConstant(name, 3, 16, to),
    ]),
    ["bbci", (a, to) => a.branchBit(false, 3, 21, to)],
    ["bbsi", (a, to) => a.branchBit(true, 3, 5, to)],
  ];

  test.each(all)("%s, near and far", (name, jump) => {
    const near = around(8, jump);
    expect(near.map((line) => line.split(" ")[0])).toEqual([name, name]);
    expect(target(near)[1]).toBe(0);
    for (const gap of [80, 1000]) {
      const far = around(gap, jump);
      const isLong = far.length === 4;
      expect(far.map((line) => line.split(" ")[0])).toEqual(
        isLong
          ? [expect.not.stringMatching(`^${name}$`), "j", expect.not.stringMatching(`^${name}$`), "j"]
          : [name, name],
      );
      const goals = target(far);
      expect(goals.at(-1)).toBe(0);
      if (isLong) expect(goals[0]).toBe(6);
    }
  });

  test("constants of branches", () => {
    const a = new Assembler();
    const start = a.here();
    const wanted = (Object.keys(constantBranches) as ConstantBranch[]).flatMap((name) =>
      (constantBranches[name].n === 2 ? signedConstants : unsignedConstants).map((constant) => {
        a.branchConstant(name, 9, constant, start);
        const text = constant < 256 ? String(constant) : `0x${constant.toString(16)}`;
        return `${name} a9, ${text}, 0x0`;
      }),
    );
    // Beyond 128 bytes it is the opposite branch over a jump.
    const read = disassemble(a.section("t").bytes).filter((line) => !line.startsWith("j "));
    expect(
      read.map((line, at) => (at < 40 ? line : line.replace(/0x[0-9a-f]+$/, "0x0")).split(",")[1]),
    ).toEqual(wanted.map((line) => line.split(",")[1]));
    expect(read.slice(0, 40)).toEqual(wanted.slice(0, 40));
  });

  test("j", () => {
    expect(target(around(1000, (a, to) => a.jump(to)))).toEqual([3006, 0]);
  });
});

test("calls find multiples of four, forwards and back", () => {
  const section = (name: string, calls: string, before: number) => {
    const a = new Assembler();
    a.symbol(name);
    for (let n = 0; n < before; n++) a.plain("nop");
    a.call(calls);
    return a.section(name);
  };
  const { segments } = link([section("one", "two", 7), section("two", "one", 3)], {
    base: 0,
    pageSize: 4,
    holes: xtensaHoles,
  });
  const calls = disassemble(segments[0]!.bytes).filter((line) => line.startsWith("call0"));
  expect(calls).toEqual(["call0 0x18", "call0 0x0"]);
});

test("constants that no instruction holds are words before the code, each once", () => {
  const a = new Assembler();
  a.symbol("f");
  a.li(2, 0x12345678n);
  a.la(3, "somewhere", 8);
  a.li(4, 0x12345678n);
  a.ret();
  const { bytes, symbols, relocations } = a.section("f");
  expect(symbols).toEqual([{ name: "f", offset: 8 }]);
  expect(relocations).toEqual([{ offset: 4, kind: "abs32", symbol: "somewhere", addend: 8 }]);
  expect(new DataView(bytes.buffer).getUint32(0, true)).toBe(0x12345678);
  expect(disassemble(bytes).slice(-4)).toEqual(["l32r a2, 0x0", "l32r a3, 0x4", "l32r a4, 0x0", "ret.n"]);
});

test("the upper half of a product, as the ISA reference manual has it: 1010 0010 r s t 0000", () => {
  const a = new Assembler();
  a.r("muluh", 3, 5, 12);
  expect(Buffer.from(a.section("t").bytes).toString("hex")).toBe("c035a2");
});
