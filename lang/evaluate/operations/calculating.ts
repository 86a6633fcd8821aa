/** What rows of the table of arithmetic are made of. */
import type { Bench, Operation } from "../../check/core.ts";
import type { Scalar } from "../../types/scalars.ts";
import { amountOf, MAX_AMOUNT } from "../../values/quantity.ts";
import { int, type Measure, type Value } from "../../values/value.ts";

export interface ArithmeticRow {
  readonly operator: "+" | "-" | "*" | "/" | "%";
  readonly left: Scalar;
  readonly right: Scalar;
  readonly result: Scalar;
  readonly run: Operation;
}

/** The amount that is counted in a value of these types. */
export function amount(value: Value): bigint {
  switch (value.kind) {
    case "int":
      return value.value;
    case "duration":
      return value.ns;
    case "size":
      return value.bytes;
    case "measure":
      return value.millionths;
    case "instant":
      return value.seconds;
    default:
      throw new Error(`BUG: calculating with a ${value.kind}`);
  }
}

const LOWEST = -MAX_AMOUNT - 1n;
const MOST_PORT = 65_535n;

/** Of these there is nothing below zero. */
const natural: ReadonlySet<Scalar> = new Set<Scalar>(["Duration", "Size", "Bitrate", "Freq", "Ohm"]);

/** The value of a type that an amount is. */
export function make(result: Scalar, value: bigint, bench: Bench): Value {
  if (value > MAX_AMOUNT || value < LOWEST) return bench.fail("the result is more than can be counted");
  if (result === "Port" && (value < 0n || value > MOST_PORT)) return bench.fail(`there is no port ${value}`);
  if (result === "Int" || result === "Port") return int(value);
  if (value < 0n && natural.has(result)) return bench.fail(`a ${result} is not below zero`);
  return amountOf(result === "TempDelta" ? "Temp" : (result as "Duration" | "Size" | Measure), value);
}

export type Calculate = (a: bigint, b: bigint, bench: Bench) => bigint;

export const plus: Calculate = (a, b) => a + b;
export const minus: Calculate = (a, b) => a - b;
export const times: Calculate = (a, b) => a * b;
/** Towards zero. */
export const over: Calculate = (a, b, bench) =>
  b === 0n ? bench.fail("there is no division by zero", 1) : a / b;
export const rest: Calculate = (a, b, bench) =>
  b === 0n ? bench.fail("there is no division by zero", 1) : a % b;

/** A row whose operands and result are amounts. */
export const row = (
  operator: ArithmeticRow["operator"],
  left: Scalar,
  right: Scalar,
  result: Scalar,
  calculate: Calculate,
): ArithmeticRow => ({
  operator,
  left,
  right,
  result,
  run: ([a, b], bench) => make(result, calculate(amount(a!), amount(b!), bench), bench),
});

/** A product in both orders. */
export const either = (
  left: Scalar,
  right: Scalar,
  result: Scalar,
  calculate: Calculate,
): readonly ArithmeticRow[] => [
  row("*", left, right, result, calculate),
  row("*", right, left, result, (a, b, bench) => calculate(b, a, bench)),
];
