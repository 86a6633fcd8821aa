/** `+ - * / % ++` and the minus sign: which types go together, what comes out, and how. */
import type { Bench, Operation } from "../../check/core.ts";
import type { Scalar } from "../../types/scalars.ts";
import { add, divide, multiply, subtract } from "../../values/decimal.ts";
import { amountOf, MAX_AMOUNT } from "../../values/quantity.ts";
import { type DecValue, int, type Measure, type Value } from "../../values/value.ts";

export interface ArithmeticRow {
  readonly operator: "+" | "-" | "*" | "/" | "%";
  readonly left: Scalar;
  readonly right: Scalar;
  readonly result: Scalar;
  readonly run: Operation;
}

/** The amount that is counted in a value of these types. */
function amount(value: Value): bigint {
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

/** Counted types may be below zero only where that means something. */
function make(result: Scalar, value: bigint, bench: Bench): Value {
  if (value > MAX_AMOUNT || value < LOWEST) return bench.fail("the result is more than can be counted");
  if (result === "Int") return int(value);
  if (value < 0n && (result === "Duration" || result === "Size"))
    return bench.fail(`a ${result} is not below zero`);
  return amountOf(result === "TempDelta" ? "Temp" : (result as "Duration" | "Size" | Measure), value);
}

type Calculate = (a: bigint, b: bigint, bench: Bench) => bigint;

const counted =
  (result: Scalar, calculate: Calculate): Operation =>
  ([a, b], bench) =>
    make(result, calculate(amount(a!), amount(b!), bench), bench);

const decimals =
  (calculate: (a: DecValue, b: DecValue) => DecValue | undefined): Operation =>
  ([a, b], bench) =>
    calculate(a as DecValue, b as DecValue) ?? bench.fail("the result has too many digits");

const plus: Calculate = (a, b) => a + b;
const minus: Calculate = (a, b) => a - b;
const times: Calculate = (a, b) => a * b;
/** Towards zero. */
const over: Calculate = (a, b, bench) => (b === 0n ? bench.fail("there is no division by zero", 1) : a / b);
const rest: Calculate = (a, b, bench) => (b === 0n ? bench.fail("there is no division by zero", 1) : a % b);

const row = (
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
  run: counted(result, calculate),
});

/** What can be added, and be multiplied and divided by numbers. */
const amounts: readonly Scalar[] = [
  "Duration",
  "Size",
  "Bitrate",
  "Freq",
  "Volt",
  "Amp",
  "Ohm",
  "TempDelta",
  "Percent",
];

export const arithmetic: readonly ArithmeticRow[] = [
  row("+", "Int", "Int", "Int", plus),
  row("-", "Int", "Int", "Int", minus),
  row("*", "Int", "Int", "Int", times),
  row("/", "Int", "Int", "Int", over),
  row("%", "Int", "Int", "Int", rest),
  { operator: "+", left: "Dec", right: "Dec", result: "Dec", run: decimals(add) },
  { operator: "-", left: "Dec", right: "Dec", result: "Dec", run: decimals(subtract) },
  { operator: "*", left: "Dec", right: "Dec", result: "Dec", run: decimals(multiply) },
  {
    operator: "/",
    left: "Dec",
    right: "Dec",
    result: "Dec",
    run: ([a, b], bench) =>
      (b as DecValue).digits === 0n
        ? bench.fail("there is no division by zero", 1)
        : (divide(a as DecValue, b as DecValue) ?? bench.fail("the result has too many digits")),
  },
  ...amounts.flatMap((type) => [
    row("+", type, type, type, plus),
    row("-", type, type, type, minus),
    row("*", type, "Int", type, times),
    row("*", "Int", type, type, times),
    row("/", type, "Int", type, over),
    row("/", type, type, "Int", over),
    row("%", type, type, type, rest),
  ]),
  row("-", "Temp", "Temp", "TempDelta", minus),
  row("+", "Temp", "TempDelta", "Temp", plus),
  row("-", "Temp", "TempDelta", "Temp", minus),
  {
    operator: "-",
    left: "Instant",
    right: "Instant",
    result: "Duration",
    run: ([a, b], bench) => make("Duration", (amount(a!) - amount(b!)) * 1_000_000_000n, bench),
  },
];

export function arithmeticRow(operator: string, left: Scalar, right: Scalar): ArithmeticRow | undefined {
  return arithmetic.find((it) => it.operator === operator && it.left === left && it.right === right);
}

/** Types that the minus sign applies to. */
export const negatable: ReadonlySet<Scalar> = new Set<Scalar>([
  "Int",
  "Dec",
  "Temp",
  "TempDelta",
  "Volt",
  "Amp",
]);

export const negate: Operation = ([value], bench) => {
  switch (value!.kind) {
    case "int":
      return make("Int", -value!.value, bench);
    case "dec":
      return { ...value!, digits: -value!.digits };
    case "measure":
      return { ...value!, millionths: -value!.millionths };
    default:
      throw new Error(`BUG: minus before a ${value!.kind}`);
  }
};
