/** Reads what the assembler writes: the lowest four bits of an instruction say its format, and with it its length. */
import { byCode, type Decoded } from "../decoded.ts";
import {
  amounts,
  branches,
  constantBranches,
  loads,
  plain,
  rrr,
  rt,
  signedConstants,
  specials,
  stores,
  unsignedConstants,
  zeroBranches,
} from "./insns.ts";
import { names } from "./regs.ts";

const key = (op1: number, op2: number, s = 0) => (s << 8) | (op1 << 4) | op2;
const rrrNames = byCode(rrr, ({ op1, op2 }) => key(op1, op2));
const rtNames = byCode(rt, ({ op1, op2, s }) => key(op1, op2, s));
const amountNames = byCode(amounts, (code) => code);
const accessNames = byCode({ ...loads, ...stores }, ({ r }) => r);
const units = new Map<number, number>(Object.values({ ...loads, ...stores }).map(({ r, unit }) => [r, unit]));
const branchNames = byCode(branches, (code) => code);
const zeroNames = byCode(zeroBranches, (code) => code);
const constantNames = byCode(constantBranches, ({ n, m }) => n * 4 + m);
const plainNames = byCode(plain, (word) => word);
const specialNames = byCode(specials, (number) => number);

type Body = Omit<Decoded, "size">;

const RETURN = 0xf00d;
const ILLEGAL = 0xf06d;

export function decode(bytes: Uint8Array, at: number): Decoded | undefined {
  const format = (bytes[at] ?? 0) & 15;
  const isShort = format >= 8 && format <= 13;
  const end = at + (isShort ? 2 : 3);
  if (end > bytes.length) return undefined;
  const word = bytes[at]! | (bytes[at + 1]! << 8) | (isShort ? 0 : bytes[at + 2]! << 16);
  if (isShort && word === ILLEGAL) {
    const trap = bytes[end];
    return trap === undefined ? undefined : { size: 3, mnemonic: "ill.n", operands: [], trap };
  }
  const body = isShort ? readShort(word, at) : readLong(word, at);
  return body && { size: end - at, ...body };
}

const is = (mnemonic: string | undefined, ...operands: readonly (string | number)[]): Body | undefined =>
  mnemonic === undefined ? undefined : { mnemonic, operands: operands.map(written) };

/** Greater numbers are hexadecimal, and of 32 bits. */
const written = (operand: string | number): string =>
  typeof operand === "string" || Math.abs(operand) < 256
    ? String(operand)
    : `0x${(operand >>> 0).toString(16)}`;

const fields = (word: number) => ({
  t: (word >> 4) & 15,
  s: (word >> 8) & 15,
  r: (word >> 12) & 15,
  op1: (word >> 16) & 15,
  op2: (word >> 20) & 15,
});
const signed = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);

function readShort(word: number, at: number): Body | undefined {
  const { t, s, r } = fields(word);
  const [st, ss, sr] = [names[t], names[s], names[r]] as [string, string, string];
  switch (word & 15) {
    case 8:
      return is("l32i.n", st, ss, 4 * r);
    case 9:
      return is("s32i.n", st, ss, 4 * r);
    case 10:
      return is("add.n", sr, ss, st);
    case 11:
      return is("addi.n", sr, ss, t === 0 ? -1 : t);
    case 12: {
      const value = (t << 4) | r;
      if (t < 8) return is("movi.n", ss, value > 95 ? value - 128 : value);
      const target = at + 4 + (((t & 3) << 4) | r);
      return { mnemonic: (t & 4) === 0 ? "beqz.n" : "bnez.n", operands: [ss], target };
    }
    default:
      if (word === RETURN) return is("ret.n");
      return r === 0 ? is("mov.n", st, ss) : undefined;
  }
}

function readLong(word: number, at: number): Body | undefined {
  const { t, s, r } = fields(word);
  const [st, ss] = [names[t], names[s]] as [string, string];
  switch (word & 15) {
    case 0:
      return readRrr(word);
    case 1: {
      const refers = ((at + 3) & ~3) + 4 * (((word >> 8) & 0xffff) - 0x10000);
      return { mnemonic: "l32r", operands: [st], target: refers };
    }
    case 2:
      return readImmediate(word);
    case 5:
      return { mnemonic: "call0", operands: [], target: (at & ~3) + 4 + 4 * signed(word >> 6, 18) };
    case 6:
      return readBranch(word, at);
    case 7: {
      const target = at + 4 + signed(word >> 16, 8);
      // Bits by number take one bit of the operation for it.
      if ((r & 6) === 6)
        return {
          mnemonic: (r & 8) === 0 ? "bbci" : "bbsi",
          operands: [ss, String(t | ((r & 1) << 4))],
          target,
        };
      const name = branchNames.get(r);
      return name && { mnemonic: name, operands: [ss, st], target };
    }
    default:
      return undefined;
  }
}

function readImmediate(word: number): Body | undefined {
  const { t, s, r } = fields(word);
  const [st, ss] = [names[t]!, names[s]!];
  const imm = word >> 16;
  if (r === 10) return is("movi", st, signed((s << 8) | imm, 12));
  if (r === 12) return is("addi", st, ss, signed(imm, 8));
  if (r === 13) return is("addmi", st, ss, signed(imm, 8) * 256);
  return is(accessNames.get(r), st, ss, imm << (units.get(r) ?? 0));
}

function readBranch(word: number, at: number): Body | undefined {
  const { s, r } = fields(word);
  const [n, m] = [(word >> 4) & 3, (word >> 6) & 3];
  const ss = names[s]!;
  if (n === 0) return { mnemonic: "j", operands: [], target: at + 4 + signed(word >> 6, 18) };
  if (n === 1)
    return { mnemonic: zeroNames.get(m)!, operands: [ss], target: at + 4 + signed(word >> 12, 12) };
  const name = constantNames.get(n * 4 + m);
  if (name === undefined) return undefined;
  const constant = (n === 2 ? signedConstants : unsignedConstants)[r]!;
  return { mnemonic: name, operands: [ss, written(constant)], target: at + 4 + signed(word >> 16, 8) };
}

function readRrr(word: number): Body | undefined {
  const whole = plainNames.get(word);
  if (whole !== undefined) {
    const [mnemonic, ...operands] = whole.split(" ");
    return is(mnemonic, ...operands);
  }
  const { t, s, r, op1, op2 } = fields(word);
  const [st, ss, sr] = [names[t], names[s], names[r]] as [string, string, string];
  const one = rtNames.get(key(op1, op2, s));
  if (one !== undefined) return is(one, sr, st);
  if (op1 === 0 && op2 === 0 && r === 0 && s < 16)
    return t === 12 ? is("callx0", ss) : t === 10 ? is("jx", ss) : undefined;
  if (op1 === 0 && op2 === 4) return readAmount(r, s, t);
  if (op1 === 1 && op2 < 2) return is("slli", sr, ss, 32 - ((op2 << 4) | t));
  if (op1 === 1 && op2 < 4) return is("srai", sr, st, ((op2 & 1) << 4) | s);
  if (op1 === 1 && op2 === 4) return is("srli", sr, st, s);
  if (op1 === 1 && op2 === 10) return is("sll", sr, ss);
  if (op1 === 3 && op2 === 2) return is("sext", sr, ss, t + 7);
  if ((op1 & 14) === 4) return is("extui", sr, st, ((op1 & 1) << 4) | s, op2 + 1);
  const special = specialNames.get((r << 4) | s);
  if (op1 === 3 && op2 < 2) return is(special && `${op2 === 0 ? "rsr" : "wsr"}.${special}`, st);
  if (op1 === 1 && op2 === 6) return is(special && `xsr.${special}`, st);
  return is(rrrNames.get(key(op1, op2)), sr, ss, st);
}

function readAmount(r: number, s: number, t: number): Body | undefined {
  if (r === 4) return is("ssai", s | ((t & 1) << 4));
  if (r === 15) return is("nsau", names[t]!, names[s]!);
  return is(amountNames.get(r), names[s]!);
}
