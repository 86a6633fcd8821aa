/** Exact decimal numbers. */
import { fault, type Parsed, parsed } from "./fault.ts";
import type { DecValue } from "./value.ts";

const MAX_SCALE = 24;
const MAX_DIGITS = 10n ** 40n;
/** Places kept by a division. */
const DIVISION_SCALE = 12;

/** `digits / 10^scale`, shortened; undefined if it has more digits than a `Dec` may have. */
export function dec(digits: bigint, scale: number): DecValue | undefined {
  let [short, places] = [digits, scale];
  while (places > 0 && short % 10n === 0n) {
    short /= 10n;
    places--;
  }
  const size = short < 0n ? -short : short;
  return places > MAX_SCALE || size >= MAX_DIGITS ? undefined : { kind: "dec", digits: short, scale: places };
}

/** `1_000.25`, digits with `_` between them; the sign is an operator's. */
export function parseDec(text: string): Parsed<DecValue> {
  const { digits, scale } = decimalParts(text);
  const value = dec(digits, scale);
  return value ? parsed(value) : fault("this number has too many digits", 0, text.length);
}

/** The number as a fraction with a power of ten. */
export function decimalParts(text: string): { digits: bigint; scale: number } {
  const clean = text.replaceAll("_", "");
  const point = clean.indexOf(".");
  if (point === -1) return { digits: BigInt(clean), scale: 0 };
  return { digits: BigInt(clean.slice(0, point) + clean.slice(point + 1)), scale: clean.length - point - 1 };
}

export function formatDec({ digits, scale }: DecValue): string {
  return formatScaled(digits, scale);
}

/** `digits / 10^scale` without trailing zeros behind the point. */
export function formatScaled(digits: bigint, scale: number): string {
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  if (scale === 0) return sign + text;
  const fraction = text.slice(text.length - scale).replace(/0+$/, "");
  return `${sign}${text.slice(0, text.length - scale)}${fraction === "" ? "" : `.${fraction}`}`;
}

function aligned(a: DecValue, b: DecValue): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

/** Exact; undefined beyond the digits that a Dec may have. */
export function add(a: DecValue, b: DecValue): DecValue | undefined {
  const [left, right, scale] = aligned(a, b);
  return dec(left + right, scale);
}

export function subtract(a: DecValue, b: DecValue): DecValue | undefined {
  const [left, right, scale] = aligned(a, b);
  return dec(left - right, scale);
}

export function multiply(a: DecValue, b: DecValue): DecValue | undefined {
  return dec(a.digits * b.digits, a.scale + b.scale);
}

/** Rounded half to even at 12 places; `b` is not zero. */
export function divide(a: DecValue, b: DecValue): DecValue | undefined {
  const numerator = a.digits * 10n ** BigInt(DIVISION_SCALE + b.scale);
  const denominator = b.digits * 10n ** BigInt(a.scale);
  return dec(roundHalfEven(numerator, denominator), DIVISION_SCALE);
}

export function compareDec(a: DecValue, b: DecValue): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `denominator` is not zero. */
export function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const twice = (n % d) * 2n;
  const down = n / d;
  const rounded = twice > d || (twice === d && down % 2n === 1n) ? down + 1n : down;
  return negative ? -rounded : rounded;
}
