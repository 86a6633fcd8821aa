/** Calculating with dates, times and rates. */
import type { Bench, Operation } from "../../check/core.ts";
import type { Scalar } from "../../types/scalars.ts";
import { MAX_AMOUNT } from "../../values/quantity.ts";
import { DAY_SECONDS, dateOfDays, daysSinceEpoch } from "../../values/time.ts";
import { type DateValue, int, type RateValue, type TimeOfDayValue, type Value } from "../../values/value.ts";
import { type ArithmeticRow, amount, make, minus } from "./calculating.ts";

const SECOND = 1_000_000_000n;
const DAY = BigInt(DAY_SECONDS) * SECOND;

/** What can be moved by a duration. */
interface Point {
  readonly type: Scalar;
  readonly step: bigint;
  /** What a duration has to be a whole number of. */
  readonly steps: string;
  position(value: Value): bigint;
  at(position: bigint, bench: Bench): Value;
}

const points: readonly Point[] = [
  {
    type: "Date",
    step: DAY,
    steps: "days",
    position: (value) => BigInt(daysSinceEpoch(value as DateValue)),
    at: (days, bench) => {
      const date = dateOfDays(Number(days));
      return date.year < 0 || date.year > 9999
        ? bench.fail("there is no such date")
        : { kind: "date", ...date };
    },
  },
  {
    type: "Instant",
    step: SECOND,
    steps: "seconds",
    position: (value) => amount(value),
    at: (seconds, bench) => {
      const { year } = dateOfDays(Math.floor(Number(seconds) / DAY_SECONDS));
      return year < 0 || year > 9999 ? bench.fail("there is no such instant") : { kind: "instant", seconds };
    },
  },
  {
    type: "TimeOfDay",
    step: SECOND,
    steps: "seconds",
    position: (value) => BigInt((value as TimeOfDayValue).seconds),
    at: (seconds, bench) =>
      seconds < 0n || seconds >= BigInt(DAY_SECONDS)
        ? bench.fail("this is on another day")
        : { kind: "timeOfDay", seconds: Number(seconds) },
  },
];

const moved =
  ({ step, steps, position, at }: Point, back: boolean): Operation =>
  (args, bench) => {
    const by = args.findIndex((it) => it.kind === "duration");
    const ns = amount(args[by]!);
    if (ns % step !== 0n) bench.fail(`this is no whole number of ${steps}`, by);
    const from = position(args[1 - by]!);
    return at(back ? from - ns / step : from + ns / step, bench);
  };

const pointRows = points.flatMap((point): readonly ArithmeticRow[] => [
  { operator: "+", left: point.type, right: "Duration", result: point.type, run: moved(point, false) },
  { operator: "+", left: "Duration", right: point.type, result: point.type, run: moved(point, false) },
  { operator: "-", left: point.type, right: "Duration", result: point.type, run: moved(point, true) },
  {
    operator: "-",
    left: point.type,
    right: point.type,
    result: "Duration",
    run: ([a, b], bench) =>
      make("Duration", minus(point.position(a!), point.position(b!), bench) * point.step, bench),
  },
]);

// ------------------------------------------------------------------------------------------------ rates

const rate = (value: Value | undefined): RateValue => value as RateValue;

function rateOf(count: bigint, per: bigint, bench: Bench): RateValue {
  if (count > MAX_AMOUNT) bench.fail("the result is more than can be counted");
  return count < 0n ? bench.fail("a Rate is not below zero") : { kind: "rate", count, per };
}

/** Both in the longer time; times of rates go into each other. */
const together =
  (calculate: (a: bigint, b: bigint) => bigint): Operation =>
  ([a, b], bench) => {
    const [left, right] = [rate(a), rate(b)];
    const { per } = left.per > right.per ? left : right;
    if (per % left.per !== 0n || per % right.per !== 0n) bench.fail("their times do not go into each other");
    return rateOf(calculate(left.count * (per / left.per), right.count * (per / right.per)), per, bench);
  };

const timesIn = (of: RateValue, time: bigint): bigint => (of.count * time) / of.per;

const rateRow = (
  operator: ArithmeticRow["operator"],
  left: Scalar,
  right: Scalar,
  result: Scalar,
  run: Operation,
): ArithmeticRow => ({ operator, left, right, result, run });

const rateRows: readonly ArithmeticRow[] = [
  rateRow(
    "+",
    "Rate",
    "Rate",
    "Rate",
    together((a, b) => a + b),
  ),
  rateRow(
    "-",
    "Rate",
    "Rate",
    "Rate",
    together((a, b) => a - b),
  ),
  rateRow("*", "Rate", "Int", "Rate", ([a, b], bench) =>
    rateOf(rate(a).count * amount(b!), rate(a).per, bench),
  ),
  rateRow("*", "Int", "Rate", "Rate", ([a, b], bench) =>
    rateOf(amount(a!) * rate(b).count, rate(b).per, bench),
  ),
  rateRow("/", "Rate", "Int", "Rate", ([a, b], bench) =>
    amount(b!) === 0n
      ? bench.fail("there is no division by zero", 1)
      : rateOf(rate(a).count / amount(b!), rate(a).per, bench),
  ),
  rateRow("/", "Rate", "Rate", "Int", ([a, b], bench) =>
    rate(b).count === 0n
      ? bench.fail("there is no division by zero", 1)
      : int((rate(a).count * rate(b).per) / (rate(b).count * rate(a).per)),
  ),
  rateRow("*", "Rate", "Duration", "Int", ([a, b], bench) =>
    make("Int", timesIn(rate(a), amount(b!)), bench),
  ),
  rateRow("*", "Duration", "Rate", "Int", ([a, b], bench) =>
    make("Int", timesIn(rate(b), amount(a!)), bench),
  ),
  rateRow("/", "Int", "Duration", "Rate", ([a, b], bench) =>
    amount(b!) === 0n ? bench.fail("there is no division by zero", 1) : rateOf(amount(a!), amount(b!), bench),
  ),
];

export const timeArithmetic: readonly ArithmeticRow[] = [...pointRows, ...rateRows];
