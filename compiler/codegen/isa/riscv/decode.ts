/** Reads what the assembler writes. An instruction of 16 bits is read as the one of 32 bits that it stands for, and then named. */
import { byCode, type Decoded } from "../decoded.ts";
import { expand } from "./expand.ts";
import {
  conditions,
  csrOps,
  csrs,
  type FloatType,
  floatType,
  iType,
  loads,
  opcodes,
  plain,
  rType,
  shiftType,
  stores,
  unaryType,
} from "./insns.ts";
import { named } from "./pseudo.ts";
import { names } from "./regs.ts";

/** By opcode, funct3, and what else tells rows of a table apart. */
const key = (opcode: number, funct3: number, more = 0) => (more << 10) | (funct3 << 7) | opcode;

const registerNames = byCode(rType, ({ opcode, funct3, funct7 }) => key(opcode, funct3, funct7));
const immediateNames = byCode(iType, ({ opcode, funct3 }) => key(opcode, funct3));
const shiftNames = byCode(shiftType, ({ opcode, funct3, high }) => key(opcode, funct3, high));
const unaryNames = byCode(unaryType, ({ opcode, funct3, second }) => key(opcode, funct3, second));
const loadNames = byCode(loads, (funct3) => funct3);
const storeNames = byCode(stores, (funct3) => funct3);
const branchNames = byCode(conditions, (funct3) => funct3);
const csrOpNames = byCode(csrOps, (funct3) => funct3);
const csrNames = byCode(csrs, (number) => number);
const plainNames = byCode(plain, (word) => word);
/** Some have no second operand, a field in its place; and not all have a mode. */
const floatRows = Object.entries(floatType) as [FloatType, (typeof floatType)[FloatType]][];

export function decode(bytes: Uint8Array, at: number): Decoded | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 2 > bytes.length) return undefined;
  const half = view.getUint16(at, true);
  if (half === 0)
    return at + 4 > bytes.length
      ? undefined
      : { size: 4, mnemonic: "unimp", operands: [], trap: view.getUint16(at + 2, true) };
  const isShort = (half & 3) !== 3;
  if (!isShort && at + 4 > bytes.length) return undefined;
  return isShort ? read(2, expand(half), at) : read(4, view.getInt32(at, true), at);
}

function read(size: number, word: number | undefined, at: number): Decoded | undefined {
  const parts = word === undefined ? undefined : partsOf(word);
  if (parts === undefined) return undefined;
  const { distance, ...rest } = parts;
  const { mnemonic, operands } = named(rest);
  return { size, mnemonic, operands, ...(distance !== undefined && { target: at + distance }) };
}

export interface Parts {
  readonly mnemonic: string;
  readonly operands: readonly string[];
  readonly distance?: number;
}

const reg = (number: number) => names[number & 31]!;

/** As the manual spells it. */
function partsOf(word: number): Parts | undefined {
  const opcode = word & 127;
  const funct3 = (word >> 12) & 7;
  const [to, left, right] = [reg(word >> 7), reg(word >> 15), reg(word >> 20)];
  const imm = word >> 20;
  const is = (mnemonic: string | undefined, ...operands: readonly string[]): Parts | undefined =>
    mnemonic === undefined ? undefined : { mnemonic, operands };
  const unary = unaryNames.get(key(opcode, funct3, word >>> 20));
  if (unary !== undefined) return is(unary, to, left);
  switch (opcode) {
    case opcodes.op:
    case opcodes.op32:
      return is(registerNames.get(key(opcode, funct3, word >>> 25)), to, left, right);
    case opcodes.opImm:
    case opcodes.opImm32: {
      const shift = shiftNames.get(key(opcode, funct3, word >>> 26));
      if (shift !== undefined) return is(shift, to, left, `0x${(imm & 63).toString(16)}`);
      return is(immediateNames.get(key(opcode, funct3)), to, left, String(imm));
    }
    case opcodes.load:
      return is(loadNames.get(funct3), to, `${imm}(${left})`);
    case opcodes.store:
      return is(storeNames.get(funct3), right, `${(imm & ~31) | ((word >> 7) & 31)}(${left})`);
    case opcodes.lui:
      return is("lui", to, `0x${(word >>> 12).toString(16)}`);
    case opcodes.auipc:
      return is("auipc", to, `0x${(word >>> 12).toString(16)}`);
    case opcodes.jal:
      return { mnemonic: "jal", operands: [to], distance: jalDistance(word) };
    case opcodes.jalr:
      return is("jalr", to, `${imm}(${left})`);
    case opcodes.branch: {
      const name = branchNames.get(funct3);
      return name && { mnemonic: `b${name}`, operands: [left, right], distance: branchDistance(word) };
    }
    case opcodes.opFp:
      return floats(word);
    default:
      return is(plainNames.get(word)) ?? system(word, funct3, to, left);
  }
}

function jalDistance(word: number): number {
  const high = (word >> 31) << 20;
  return high | (((word >> 12) & 0xff) << 12) | (((word >> 20) & 1) << 11) | (((word >> 21) & 0x3ff) << 1);
}

function branchDistance(word: number): number {
  const high = (word >> 31) << 12;
  return high | (((word >> 7) & 1) << 11) | (((word >> 25) & 63) << 5) | (((word >> 8) & 15) << 1);
}

function system(word: number, funct3: number, to: string, left: string): Parts | undefined {
  const csr = csrNames.get(word >>> 20);
  const name = csrOpNames.get(funct3 & 3);
  if ((word & 127) !== opcodes.system || csr === undefined || name === undefined) return undefined;
  if (funct3 < 4) return { mnemonic: name, operands: [to, csr, left] };
  return { mnemonic: `${name}i`, operands: [to, csr, String((word >> 15) & 31)] };
}

const floatNames = [
  ...["ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1"],
  ...["fa0", "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7"],
  ...["fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11"],
  ...["ft8", "ft9", "ft10", "ft11"],
];

function floats(word: number): Parts | undefined {
  const funct7 = word >>> 25;
  const mode = (word >> 12) & 7;
  const last = (word >> 20) & 31;
  const [name, row] =
    floatRows.find(
      ([, each]) =>
        each.funct7 === funct7 && each.mode === mode && (each.second === undefined || each.second === last),
    ) ?? [];
  if (name === undefined) return undefined;
  const float = (number: number) => floatNames[number & 31]!;
  const [result = "", source = ""] = /^f(?:cvt|mv)\.(\w+)\.(\w+)$/.exec(name)?.slice(1) ?? [];
  const isInteger = (kind: string) =>
    kind === "x" || kind.startsWith("l") || (kind === "w" && name.startsWith("fcvt"));
  const to = isInteger(result) || /^f(?:eq|lt|le)/.test(name) ? reg(word >> 7) : float(word >> 7);
  const from = isInteger(source) ? reg(word >> 15) : float(word >> 15);
  const rest = row!.second === undefined ? [float(last)] : [];
  return { mnemonic: name, operands: [to, from, ...rest, ...rounding(name, mode)] };
}

/** Said where the result may have to be rounded, and the operation has no choice of its own in that field. */
function rounding(name: string, mode: number): string[] {
  const rounds = /^f(?:add|sub|mul|div|sqrt|cvt)\./.test(name) && name !== "fcvt.d.s";
  return rounds ? [mode === 0 ? "rne" : "rtz"] : [];
}
