/** Every encoding as GNU objdump reads it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disassemble as objdump, withoutI } from "../testing/objdump.ts";
import { Assembler } from "./assembler.ts";
import {
  type Condition,
  conditions,
  type FloatType,
  floatType,
  type IType,
  iType,
  type LoadName,
  loads,
  type RType,
  rType,
  type ShiftType,
  type StoreName,
  shiftType,
  stores,
  type UnaryType,
  unaryType,
} from "./insns.ts";
import { names } from "./regs.ts";

const disassemble = (bytes: Uint8Array, xlen: 32 | 64): string[] => objdump(`rv${xlen}`, bytes).map(withoutI);

type Case = readonly [text: string, write: (a: Assembler) => void];

function check(cases: readonly Case[], xlen: 32 | 64): void {
  const a = new Assembler(xlen);
  for (const [, write] of cases) write(a);
  const read = disassemble(a.section("t").bytes, xlen);
  const wanted = cases.map(([text]) => withoutI(text));
  expect(read.filter((line, at) => line !== wanted[at])).toEqual(
    wanted.filter((line, at) => line !== read[at]),
  );
}

const reg = fc.integer({ min: 0, max: 31 });
// The eight registers of most short forms, and few different ones, so that those are met often.
const oftenShort = fc.oneof(reg, fc.integer({ min: 8, max: 15 }), fc.constantFrom(2, 10, 11));
const imm12 = fc.oneof(
  fc.integer({ min: -2048, max: 2047 }),
  fc.integer({ min: -33, max: 32 }),
  fc.constant(0),
);
const n = (index: number) => names[index]!;
const is64 = (name: string) => name.endsWith("w") && name !== "lw" && name !== "sw";

/** What is only there with Zba and Zbb: objdump does not take them for granted, so GNU as is asked what it makes of the text. */
test("instructions of Zba and Zbb are those that GNU as writes", () => {
  const a = new Assembler(64);
  const lines: string[] = [];
  const regs = [0, 1, 10, 15, 31];
  for (const to of regs)
    for (const x of regs) {
      for (const name of Object.keys(unaryType) as UnaryType[]) {
        a.unary(name, to, x);
        lines.push(`${name} ${n(to)}, ${n(x)}`);
      }
      for (const name of bits.registers)
        for (const y of regs) {
          a.r(name, to, x, y);
          lines.push(`${name} ${n(to)}, ${n(x)}, ${n(y)}`);
        }
      for (const name of bits.shifts) {
        a.shift(name, to, x, 31);
        lines.push(`${name} ${n(to)}, ${n(x)}, 31`);
      }
    }
  expect(Buffer.from(a.section("t").bytes).toString("hex")).toBe(assemble(lines).toString("hex"));
});

const bits = {
  registers: ["add.uw", "rol", "ror", "rolw", "rorw"] as readonly RType[],
  shifts: ["rori", "roriw"] as readonly ShiftType[],
};

function assemble(lines: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "appl-riscv-"));
  try {
    const [object, raw] = [join(folder, "o"), join(folder, "raw")];
    const input = `${lines.join("\n")}\n`;
    execFileSync("riscv64-linux-gnu-as", ["-march=rv64gc_zba_zbb", "-mno-arch-attr", "-o", object, "-"], {
      input: `.option norvc\n${input}`,
    });
    execFileSync("riscv64-linux-gnu-objcopy", ["-O", "binary", object, raw]);
    return readFileSync(raw);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each([32, 64] as const)("rv%d", (xlen) => {
  const known = <T extends string>(table: Readonly<Record<T, unknown>>) =>
    fc.constantFrom(
      ...(Object.keys(table) as T[]).filter(
        (name) =>
          !([...bits.registers, ...bits.shifts] as string[]).includes(name) &&
          (xlen === 64 || !(is64(name) || ["ld", "sd", "lwu"].includes(name))),
      ),
    );

  const registers = fc
    .tuple(known<RType>(rType), oftenShort, oftenShort, oftenShort)
    .map(([name, to, left, right]): Case => {
      const write = (a: Assembler) => a.r(name, to, left, right);
      return [spellRegisters(name, to, left, right), write];
    });
  const immediates = fc
    .tuple(known<IType>(iType), oftenShort, oftenShort, imm12)
    .map(
      ([name, to, from, imm]): Case => [spellImmediate(name, to, from, imm), (a) => a.i(name, to, from, imm)],
    );
  const shifts = fc
    .tuple(known<ShiftType>(shiftType), oftenShort, oftenShort, fc.integer({ min: 1, max: 31 }))
    .map(
      ([name, to, from, count]): Case => [
        `${name} ${n(to)},${n(from)},0x${count.toString(16)}`,
        (a) => a.shift(name, to, from, count),
      ],
    );
  const offset = fc.oneof(
    imm12,
    fc.integer({ min: 0, max: 130 }).map((value) => value * 4),
  );
  const reads = fc
    .tuple(known<LoadName>(loads), oftenShort, oftenShort, offset)
    .map(
      ([name, to, base, at]): Case => [
        `${name} ${n(to)},${at}(${n(base)})`,
        (a) => a.load(name, to, base, at),
      ],
    );
  const writes = fc
    .tuple(known<StoreName>(stores), oftenShort, oftenShort, offset)
    .map(
      ([name, from, base, at]): Case => [
        `${name} ${n(from)},${at}(${n(base)})`,
        (a) => a.store(name, from, base, at),
      ],
    );

  test("registers, immediates, shifts and memory", () => {
    const any = fc.oneof(registers, immediates, shifts, reads, writes);
    fc.assert(
      fc.property(fc.array(any, { minLength: 300, maxLength: 400 }), (cases) => check(cases, xlen)),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test("constants: what the instructions leave in the register", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          fc.bigInt({ min: -5000n, max: 5000n }),
        ),
        (value) => {
          const a = new Assembler(xlen);
          a.li(10, value);
          const lines = disassemble(a.section("t").bytes, xlen);
          expect(carriedOut(lines, xlen)).toBe(BigInt.asIntN(xlen, value));
          expect(lines.length).toBeLessThanOrEqual(8);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test("branches and jumps, near and far", () => {
    for (const distance of [2, 200, 300, 4000, 5000, 100_000])
      for (const condition of [...(Object.keys(conditions) as Condition[]), undefined])
        for (const [left, right] of [
          [10, 0],
          [10, 11],
          [28, 0],
        ] as const) {
          const a = new Assembler(xlen);
          const to = a.label();
          if (condition === undefined) a.jump(to);
          else a.branch(condition, left, right, to);
          const first = a.length;
          for (let at = 0; at < distance; at += 2) a.u16(1);
          a.bind(to);
          a.plain("ecall");
          const { bytes } = a.section("t");
          expect(first).toBeLessThanOrEqual(4);
          const [jump, over] = disassemble(bytes.subarray(0, 8), xlen);
          const target = bytes.length - 4;
          const goes = `0x${target.toString(16)}`;
          if (bytes.length - distance - 4 < 8) expect(jump).toContain(goes);
          else expect([jump, over]).toEqual([expect.stringMatching(/,0x8$/), `j ${goes}`]);
        }
  });
});

test("instructions of the machine", () => {
  check(
    [
      ["ecall", (a) => a.plain("ecall")],
      ["wfi", (a) => a.plain("wfi")],
      ["fence", (a) => a.plain("fence")],
      ["fence.i", (a) => a.plain("fence.i")],
      ["sret", (a) => a.plain("sret")],
      ["mret", (a) => a.plain("mret")],
      ["sfence.vma", (a) => a.plain("sfence.vma")],
      ["csrrw t0,sscratch,t1", (a) => a.csr("csrrw", 5, "sscratch", 6)],
      ["csrrs a0,satp,a1", (a) => a.csr("csrrs", 10, "satp", 11)],
      ["csrrc a0,sstatus,2", (a) => a.csrImm("csrrc", 10, "sstatus", 2)],
      ["rdtime a0", (a) => a.csr("csrrs", 10, "time", 0)],
      ["jalr a0", (a) => a.callTo(10)],
      ["jr a0", (a) => a.jumpTo(10)],
      ["ret", (a) => a.ret()],
      ["lui a0,0x12345", (a) => a.lui(10, 0x12345)],
      ["lui a0,0xfffff", (a) => a.lui(10, -1)],
    ],
    64,
  );
});

test("floats: every instruction on any registers", () => {
  const some = fc.tuple(fc.constantFrom(...(Object.keys(floatType) as FloatType[])), reg, reg, reg);
  fc.assert(
    fc.property(fc.array(some, { minLength: 100, maxLength: 200 }), (list) =>
      check(
        list.map(([name, to, left, right]): Case => {
          return [spellFloat(name, to, left, right), (a) => a.f(name, to, left, right)];
        }),
        64,
      ),
    ),
    { numRuns: 4, endOnFailure: true },
  );
  check(
    (Object.keys(floatType) as FloatType[]).map((name) => [
      spellFloat(name, 10, 11, 12),
      (a) => a.f(name, 10, 11, 12),
    ]),
    64,
  );
});

/** Which registers are of floats is in the name, and the rounding behind them if it matters. */
function spellFloat(name: FloatType, to: number, left: number, right: number): string {
  const { second, mode } = floatType[name];
  const [op, result, source = result] = name.split(".") as [string, string, string?];
  const isGeneral = (part: string) => part === "x" || part === "l" || part === "lu";
  const compares = ["feq", "flt", "fle"].includes(op);
  const registers = [
    compares || isGeneral(result) ? n(to) : f(to),
    isGeneral(source) ? n(left) : f(left),
    ...(second === undefined ? [f(right)] : []),
  ];
  const exact = compares || ["fmin", "fmax", "fmv"].includes(op) || name === "fcvt.d.s";
  return `${name} ${registers.join()}${exact ? "" : `,${mode === 0 ? "rne" : "rtz"}`}`;
}
const f = (index: number) => floatNames[index]!;
const floatNames = [
  ...["ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1"],
  ...["fa0", "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7"],
  ...["fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11"],
  ...["ft8", "ft9", "ft10", "ft11"],
];

/** objdump's own words for common forms. */
function spellRegisters(name: RType, to: number, left: number, right: number): string {
  if (name === "add" && left === 0 && right !== 0 && to !== 0) return `mv ${n(to)},${n(right)}`;
  if ((name === "sub" || name === "subw") && left === 0)
    return `${name === "sub" ? "neg" : "negw"} ${n(to)},${n(right)}`;
  if (name === "sltu" && left === 0) return `snez ${n(to)},${n(right)}`;
  if (name === "slt" && right === 0) return `sltz ${n(to)},${n(left)}`;
  if (name === "slt" && left === 0) return `sgtz ${n(to)},${n(right)}`;
  // Short forms have the result first.
  const short =
    commutes.has(name) &&
    right === to &&
    left !== to &&
    (name === "add" ? left !== 0 && to !== 0 : isSmall(to) && isSmall(left));
  return `${name} ${n(to)},${n(short ? right : left)},${n(short ? left : right)}`;
}
const commutes = new Set(["add", "addw", "and", "or", "xor"]);
const isSmall = (index: number) => index >= 8 && index < 16;

function spellImmediate(name: IType, to: number, from: number, imm: number): string {
  if (name === "addi" && from === 0) return to === 0 && imm === 0 ? "nop" : `li ${n(to)},${imm}`;
  if (name === "addi" && imm === 0) return `mv ${n(to)},${n(from)}`;
  if (name === "addiw" && imm === 0) return `sext.w ${n(to)},${n(from)}`;
  if (name === "xori" && imm === -1) return `not ${n(to)},${n(from)}`;
  if (name === "sltiu" && imm === 1) return `seqz ${n(to)},${n(from)}`;
  if (name === "andi" && imm === 255) return `zext.b ${n(to)},${n(from)}`;
  return `${name} ${n(to)},${n(from)},${imm}`;
}

/** What these lines, all on a0, compute. */
function carriedOut(lines: readonly string[], xlen: 32 | 64): bigint {
  let value = 0n;
  for (const line of lines) {
    const [name, operands] = line.split(" ") as [string, string];
    const imm = BigInt(operands.split(",").at(-1)!);
    if (name === "li") value = imm;
    else if (name === "lui") value = BigInt.asIntN(32, imm << 12n);
    else if (name === "add") value = BigInt.asIntN(xlen, value + imm);
    else if (name === "addw") value = BigInt.asIntN(32, value + imm);
    else if (name === "sll") value = BigInt.asIntN(xlen, value << imm);
    else throw new Error(line);
  }
  return value;
}
