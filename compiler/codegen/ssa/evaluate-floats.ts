import type { Op } from "./ops.ts";

/** What every operation gives that has no number to give: positive, quiet, nothing else set. As the bits of a float, which have no sign here. */
export const canonicalNan: Readonly<Record<32 | 64, bigint>> = {
  32: 0x7fc0_0000n,
  64: 0x7ff8_0000_0000_0000n,
};

/**
 * What an operation on floats gives; operands and result are bits, sign-extended. `bits` is the width of the operation's type. JavaScript computes
 * in 64 bits as IEEE 754 says; a result of +, -, *, / and square root that is then rounded to 32 bits is the one that 32 bits would have given, because
 * 53 digits are more than twice 24 (Figueroa, When is double rounding innocuous?). Undefined when `op` is no operation on floats.
 */
export function evaluateFloat(op: Op, bits: 32 | 64, args: readonly bigint[]): bigint | undefined {
  const compute = arithmetic[op];
  if (compute !== undefined) {
    const [a, b] = args.map((arg) => floatOf(bits, arg));
    return bitsOfFloat(bits, compute(a!, b!));
  }
  const holds = comparisons[op];
  if (holds !== undefined) return holds(floatOf(bits, args[0]!), floatOf(bits, args[1]!)) ? 1n : 0n;
  return conversions[op]?.(bits, args[0]!);
}

const view = new DataView(new ArrayBuffer(8));

function floatOf(bits: 32 | 64, value: bigint): number {
  view.setBigInt64(0, BigInt.asIntN(64, value), true);
  return bits === 32 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

/** Rounded to that width. */
function bitsOfFloat(bits: 32 | 64, value: number): bigint {
  if (Number.isNaN(value)) return canonicalNan[bits];
  if (bits === 64) {
    view.setFloat64(0, value, true);
    return view.getBigInt64(0, true);
  }
  view.setFloat32(0, value, true);
  return BigInt(view.getInt32(0, true));
}

type Arithmetic = (a: number, b: number) => number;

/** Of two the even one. A result that is zero keeps the sign of what was rounded. */
function nearest(a: number): number {
  if (!Number.isFinite(a)) return a;
  const below = Math.floor(a);
  const rest = a - below;
  const found = rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
  return found === 0 ? a * 0 : found;
}

const arithmetic: { readonly [O in Op]?: Arithmetic } = {
  fadd: (a, b) => a + b,
  fsub: (a, b) => a - b,
  fmul: (a, b) => a * b,
  fdiv: (a, b) => a / b,
  fmin: Math.min,
  fmax: Math.max,
  fsqrt: Math.sqrt,
  fceil: Math.ceil,
  ffloor: Math.floor,
  ftrunc: Math.trunc,
  fnearest: nearest,
};

const comparisons: { readonly [O in Op]?: (a: number, b: number) => boolean } = {
  feq: (a, b) => a === b,
  flt: (a, b) => a < b,
  fle: (a, b) => a <= b,
};

/** The nearest of the integers from `least` to `most`. */
function saturated(value: bigint, least: bigint, most: bigint): bigint {
  const a = floatOf(64, value);
  if (Number.isNaN(a)) return 0n;
  if (!Number.isFinite(a)) return a < 0 ? least : most;
  const whole = BigInt(Math.trunc(a));
  return whole < least ? least : whole > most ? most : whole;
}

/** Rounded once: of what is too long for a float of 64 bits the last 24 digits only tell whether there was more. */
function rounded(bits: 32 | 64, value: bigint): bigint {
  if (bits === 64) return bitsOfFloat(64, Number(value));
  const size = value < 0n ? -value : value;
  const long = size >= 1n << 53n;
  const digits = long ? (size >> 24n) | ((size & 0xff_ffffn) === 0n ? 0n : 1n) : size;
  return bitsOfFloat(32, Number(value < 0n ? -digits : digits) * (long ? 2 ** 24 : 1));
}

const conversions: { readonly [O in Op]?: (bits: 32 | 64, a: bigint) => bigint } = {
  fpromote: (_bits, a) => bitsOfFloat(64, floatOf(32, a)),
  fdemote: (_bits, a) => bitsOfFloat(32, floatOf(64, a)),
  ftoi_s: (_bits, a) => saturated(a, -(1n << 63n), (1n << 63n) - 1n),
  ftoi_u: (_bits, a) => BigInt.asIntN(64, saturated(a, 0n, (1n << 64n) - 1n)),
  itof_s: (bits, a) => rounded(bits, a),
  itof_u: (bits, a) => rounded(bits, BigInt.asUintN(64, a)),
};
