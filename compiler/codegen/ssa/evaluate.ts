import { evaluateFloat } from "./evaluate-floats.ts";
import type { Op } from "./ops.ts";
import { bitsOf, type Trap, type Type } from "./types.ts";

/** Stops an evaluation, as the trap would stop the program. */
export class TrapError extends Error {
  readonly trap: Trap;
  constructor(trap: Trap) {
    super(`trap: ${trap}`);
    this.trap = trap;
  }
}

/**
 * What a computation gives: operands and result are sign-extended from the width of their types. Throws
 * TrapError where the operation traps. Undefined when `op` is more than a computation.
 */
export function evaluate(op: Op, type: Type, args: readonly bigint[]): bigint | undefined {
  const rule = rules[op];
  if (rule === undefined) return evaluateFloat(op, bitsOf[type], args);
  return rule(bitsOf[type], args[0]!, args[1]!, args[2]!);
}

type Rule = (bits: 32 | 64, a: bigint, b: bigint, c: bigint) => bigint;

const signed = (bits: number, value: bigint): bigint => BigInt.asIntN(bits, value);
const unsigned = (bits: number, value: bigint): bigint => BigInt.asUintN(bits, value);
const bool = (value: boolean): bigint => (value ? 1n : 0n);
const count = (bits: number, by: bigint): bigint => by & BigInt(bits - 1);

function divisor(value: bigint): bigint {
  if (value === 0n) throw new TrapError("divideByZero");
  return value;
}

function quotient(bits: number, a: bigint, b: bigint): bigint {
  const result = a / divisor(b);
  if (signed(bits, result) !== result) throw new TrapError("overflow");
  return result;
}

function rotl(bits: number, a: bigint, by: bigint): bigint {
  const value = unsigned(bits, a);
  return signed(bits, (value << by) | (value >> (BigInt(bits) - by)));
}

function clz(bits: number, a: bigint): bigint {
  const value = unsigned(bits, a);
  return BigInt(value === 0n ? bits : bits - value.toString(2).length);
}

function ctz(bits: number, a: bigint): bigint {
  const value = unsigned(bits, a);
  return value === 0n ? BigInt(bits) : clzOfLowest(bits, value & -value);
}

function clzOfLowest(bits: number, lowest: bigint): bigint {
  return BigInt(bits - 1) - clz(bits, lowest);
}

function swapBytes(bits: number, a: bigint): bigint {
  let result = 0n;
  for (let byte = 0; byte < bits; byte += 8) result = (result << 8n) | ((a >> BigInt(byte)) & 0xffn);
  return result;
}

function popcnt(bits: number, a: bigint): bigint {
  return BigInt(unsigned(bits, a).toString(2).replaceAll("0", "").length);
}

const rules: { readonly [O in Op]?: Rule } = {
  add: (bits, a, b) => signed(bits, a + b),
  sub: (bits, a, b) => signed(bits, a - b),
  mul: (bits, a, b) => signed(bits, a * b),
  mulhi_u: (bits, a, b) => signed(bits, (unsigned(bits, a) * unsigned(bits, b)) >> BigInt(bits)),
  div_s: quotient,
  div_u: (bits, a, b) => signed(bits, unsigned(bits, a) / divisor(unsigned(bits, b))),
  rem_s: (_bits, a, b) => a % divisor(b),
  rem_u: (bits, a, b) => signed(bits, unsigned(bits, a) % divisor(unsigned(bits, b))),
  and: (_bits, a, b) => a & b,
  or: (_bits, a, b) => a | b,
  xor: (_bits, a, b) => a ^ b,
  shl: (bits, a, b) => signed(bits, a << count(bits, b)),
  shr_s: (bits, a, b) => a >> count(bits, b),
  shr_u: (bits, a, b) => signed(bits, unsigned(bits, a) >> count(bits, b)),
  rotl: (bits, a, b) => rotl(bits, a, count(bits, b)),
  rotr: (bits, a, b) => rotl(bits, a, count(bits, -b)),
  clz,
  ctz,
  popcnt,
  extend8_s: (_bits, a) => signed(8, a),
  extend16_s: (_bits, a) => signed(16, a),
  bswap: (bits, a) => signed(bits, swapBytes(bits, a)),
  bswap16: (_bits, a) => swapBytes(16, a),
  extend32_s: (_bits, a) => signed(32, a),
  eqz: (_bits, a) => bool(a === 0n),
  eq: (_bits, a, b) => bool(a === b),
  ne: (_bits, a, b) => bool(a !== b),
  lt_s: (_bits, a, b) => bool(a < b),
  lt_u: (bits, a, b) => bool(unsigned(bits, a) < unsigned(bits, b)),
  gt_s: (_bits, a, b) => bool(a > b),
  gt_u: (bits, a, b) => bool(unsigned(bits, a) > unsigned(bits, b)),
  le_s: (_bits, a, b) => bool(a <= b),
  le_u: (bits, a, b) => bool(unsigned(bits, a) <= unsigned(bits, b)),
  ge_s: (_bits, a, b) => bool(a >= b),
  ge_u: (bits, a, b) => bool(unsigned(bits, a) >= unsigned(bits, b)),
  wrap: (_bits, a) => signed(32, a),
  extend_s: (_bits, a) => a,
  extend_u: (_bits, a) => unsigned(32, a),
  select: (_bits, condition, a, b) => (condition !== 0n ? a : b),
};
