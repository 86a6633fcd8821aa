/** What `for` goes through. */
import type { Variable } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import { amountOf } from "../values/quantity.ts";
import { dateOfDays, daysSinceEpoch } from "../values/time.ts";
import { int, placed, type RangeValue, type Value } from "../values/value.ts";
import type { Machine } from "./machine.ts";

/**
 * One function for each turn, which binds the variables: one takes the element, two take key (or position, from 0) and element. A
 * value of an entry gets the place of the entry, so that a check can point at it.
 */
export function* elements(
  source: Value,
  variables: readonly Variable[],
  machine: Machine,
  span: Span,
): Generator<() => void> {
  const [first, second] = variables as [Variable, Variable | undefined];
  if (source.kind === "map") {
    for (const { key, value, head } of source.entries.values()) {
      machine.spend(1, span);
      yield () => {
        if (second) machine.values.set(first, head ? placed(key, head) : key);
        machine.values.set(second ?? first, head && value.kind !== "record" ? placed(value, head) : value);
      };
    }
    return;
  }
  let position = 0;
  for (const item of source.kind === "range" ? ofRange(source, machine, span) : itemsOf(source)) {
    machine.spend(1, span);
    const index = position++;
    yield () => {
      if (second) machine.values.set(first, int(index));
      machine.values.set(second ?? first, item);
    };
  }
}

function itemsOf(source: Value): readonly Value[] {
  if (source.kind === "list" || source.kind === "tuple") return source.items;
  throw new Error(`BUG: going through a ${source.kind}`);
}

/** How many elements a range has; undefined if they cannot be counted. */
export function lengthOfRange({ low, high }: RangeValue): bigint | undefined {
  const [from, to] = [positionOf(low), positionOf(high)];
  return from === undefined || to === undefined ? undefined : to - from + 1n;
}

function positionOf(value: Value): bigint | undefined {
  switch (value.kind) {
    case "int":
      return value.value;
    case "ip":
      return value.bits;
    case "duration":
      return value.ns;
    case "size":
      return value.bytes;
    case "weekday":
      return BigInt(value.day);
    case "date":
      return BigInt(daysSinceEpoch(value));
    default:
      return undefined;
  }
}

function at(model: Value, position: bigint): Value {
  switch (model.kind) {
    case "int":
      return int(position);
    case "ip":
      return { kind: "ip", family: model.family, bits: position };
    case "duration":
      return amountOf("Duration", position);
    case "weekday":
      return { kind: "weekday", day: Number(position) };
    case "date":
      return { kind: "date", ...dateOfDays(Number(position)) };
    default:
      return amountOf("Size", position);
  }
}

function* ofRange(range: RangeValue, machine: Machine, span: Span): Generator<Value> {
  const length = lengthOfRange(range);
  const from = positionOf(range.low);
  if (length === undefined || from === undefined) throw new Error("BUG: going through a range of no steps");
  if (length > BigInt(machine.limits.range))
    throw machine.stop("E0309", span, {
      what: `this range has ${length} elements`,
      limit: String(machine.limits.range),
    });
  for (let position = from; position < from + length; position++) yield at(range.low, position);
}
