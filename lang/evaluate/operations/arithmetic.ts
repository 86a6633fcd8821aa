/** `+ - * / % ++` and the minus sign: which types go together, what comes out, and how. */
import type { Operation } from "../../check/core.ts";
import type { Scalar } from "../../types/scalars.ts";
import { add, divide, multiply, roundHalfEven, subtract } from "../../values/decimal.ts";
import { amountOf } from "../../values/quantity.ts";
import { type DecValue, int, type Measure, type Value } from "../../values/value.ts";
import { addressArithmetic } from "./arithmetic-address.ts";
import { timeArithmetic } from "./arithmetic-time.ts";
import {
  type ArithmeticRow,
  amount,
  either,
  make,
  minus,
  over,
  plus,
  rest,
  row,
  times,
} from "./calculating.ts";

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

const decOf = (value: Value | undefined): DecValue => value as DecValue;

const decimal = (
  operator: "+" | "-" | "*" | "/",
  calculate: (a: DecValue, b: DecValue) => DecValue | undefined,
): ArithmeticRow => ({
  operator,
  left: "Dec",
  right: "Dec",
  result: "Dec",
  run: ([a, b], bench) => {
    if (operator === "/" && decOf(b).digits === 0n) bench.fail("there is no division by zero", 1);
    return calculate(decOf(a), decOf(b)) ?? bench.fail("the result has too many digits");
  },
});

/** An amount times or over an exact number, rounded half to even. */
function scaled(type: Scalar): readonly ArithmeticRow[] {
  const by = (value: Value, factor: DecValue): bigint =>
    roundHalfEven(amount(value) * factor.digits, 10n ** BigInt(factor.scale));
  return [
    {
      operator: "*",
      left: type,
      right: "Dec",
      result: type,
      run: ([a, b], bench) => make(type, by(a!, decOf(b)), bench),
    },
    {
      operator: "*",
      left: "Dec",
      right: type,
      result: type,
      run: ([a, b], bench) => make(type, by(b!, decOf(a)), bench),
    },
    {
      operator: "/",
      left: type,
      right: "Dec",
      result: type,
      run: ([a, b], bench) => {
        const { digits, scale } = decOf(b);
        if (digits === 0n) bench.fail("there is no division by zero", 1);
        return make(type, roundHalfEven(amount(a!) * 10n ** BigInt(scale), digits), bench);
      },
    },
  ];
}

const HUNDRED_PERCENT = 100_000_000n;
const MILLION = 1_000_000n;
const SECOND = 1_000_000_000n;

/** Amounts of one kind that make one of another: millionths and nanoseconds are put right, what is left over is dropped. */
const across: readonly ArithmeticRow[] = [
  ...either("Bitrate", "Duration", "Size", (rate, time) => (rate * time) / (8n * MILLION * SECOND)),
  row("/", "Size", "Duration", "Bitrate", (size, time, bench) =>
    over(size * 8n * MILLION * SECOND, time, bench),
  ),
  row("/", "Size", "Bitrate", "Duration", (size, rate, bench) =>
    over(size * 8n * MILLION * SECOND, rate, bench),
  ),
  ...either("Freq", "Duration", "Int", (freq, time) => (freq * time) / (MILLION * SECOND)),
  ...either("Amp", "Ohm", "Volt", (amps, ohms) => (amps * ohms) / MILLION),
  row("/", "Volt", "Ohm", "Amp", (volts, ohms, bench) => over(volts * MILLION, ohms, bench)),
  row("/", "Volt", "Amp", "Ohm", (volts, amps, bench) => over(volts * MILLION, amps, bench)),
];

export const arithmetic: readonly ArithmeticRow[] = [
  row("+", "Int", "Int", "Int", plus),
  row("-", "Int", "Int", "Int", minus),
  row("*", "Int", "Int", "Int", times),
  row("/", "Int", "Int", "Int", over),
  row("%", "Int", "Int", "Int", rest),
  decimal("+", add),
  decimal("-", subtract),
  decimal("*", multiply),
  decimal("/", divide),
  ...amounts.flatMap((type) => [
    row("+", type, type, type, plus),
    row("-", type, type, type, minus),
    ...either(type, "Int", type, times),
    row("/", type, "Int", type, over),
    row("/", type, type, "Int", over),
    row("%", type, type, type, rest),
    ...scaled(type),
    ...(type === "Percent"
      ? []
      : either(type, "Percent", type, (whole, part) => roundHalfEven(whole * part, HUNDRED_PERCENT))),
  ]),
  ...across,
  row("-", "Temp", "Temp", "TempDelta", minus),
  row("+", "Temp", "TempDelta", "Temp", plus),
  row("+", "TempDelta", "Temp", "Temp", plus),
  row("-", "Temp", "TempDelta", "Temp", minus),
  row("+", "Port", "Int", "Port", plus),
  row("+", "Int", "Port", "Port", plus),
  row("-", "Port", "Int", "Port", minus),
  row("-", "Port", "Port", "Int", minus),
  ...timeArithmetic,
  ...addressArithmetic,
];

export function arithmeticRow(operator: string, left: Scalar, right: Scalar): ArithmeticRow | undefined {
  return arithmetic.find((it) => it.operator === operator && it.left === left && it.right === right);
}

/** What nothing added up is; undefined for what is not added up. */
export function zeroOf(type: Scalar): Value | undefined {
  if (type === "Int") return int(0);
  if (type === "Dec") return { kind: "dec", digits: 0n, scale: 0 };
  if (type === "Rate") return { kind: "rate", count: 0n, per: SECOND };
  if (!amounts.includes(type)) return undefined;
  return amountOf(type === "TempDelta" ? "Temp" : (type as "Duration" | "Size" | Measure), 0n);
}

/** Types that the minus sign applies to. */
export const negatable: ReadonlySet<Scalar> = new Set<Scalar>([
  "Int",
  "Dec",
  "Temp",
  "TempDelta",
  "Volt",
  "Amp",
  "Percent",
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
