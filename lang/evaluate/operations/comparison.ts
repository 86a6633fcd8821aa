/** Operators that give a `Bool`, and `++`. */
import type { Bench, Operation } from "../../check/core.ts";
import { compare, equal, keyOf } from "../../values/compare.ts";
import { contains } from "../../values/network.ts";
import { printShort } from "../../values/print.ts";
import { bool, list, str, type Value, weightOf } from "../../values/value.ts";
import { matchPattern } from "../patterns.ts";

/** Comparing takes as long as the values are large. */
function weigh(a: Value, b: Value, bench: Bench): void {
  bench.spend(1 + ((weightOf(a) + weightOf(b)) >> 6));
}

const compared =
  (test: (order: number) => boolean): Operation =>
  ([a, b], bench) => {
    weigh(a!, b!, bench);
    if (a!.kind !== b!.kind || (a!.kind === "measure" && b!.kind === "measure" && a!.of !== b!.of))
      bench.fail(`\`${printShort(a!)}\` and \`${printShort(b!)}\` are of different kinds`);
    return bool(test(compare(a!, b!)));
  };

export const comparisons: Readonly<Record<"==" | "!=" | "<" | "<=" | ">" | ">=", Operation>> = {
  "==": ([a, b], bench) => {
    weigh(a!, b!, bench);
    return bool(equal(a!, b!));
  },
  "!=": ([a, b], bench) => {
    weigh(a!, b!, bench);
    return bool(!equal(a!, b!));
  },
  "<": compared((order) => order < 0),
  "<=": compared((order) => order <= 0),
  ">": compared((order) => order > 0),
  ">=": compared((order) => order >= 0),
};

export const inList: Operation = ([item, items], bench) => {
  if (items!.kind !== "list") throw new Error("BUG: `in` something that is no list");
  for (const other of items!.items) {
    weigh(item!, other, bench);
    if (equal(item!, other)) return bool(true);
  }
  return bool(false);
};

export const inMap: Operation = ([key, map]) => bool(map!.kind === "map" && map!.entries.has(keyOf(key!)));

export const inRange: Operation = ([item, range]) =>
  bool(
    range!.kind === "range" &&
      item!.kind === range!.low.kind &&
      compare(range!.low, item!) <= 0 &&
      compare(item!, range!.high) <= 0,
  );

/** An address, or a whole network, in a network. */
export const inNetwork: Operation = ([item, network]) => {
  if (network!.kind !== "prefix") throw new Error("BUG: `in` something that is no network");
  if (item!.kind === "prefix") return bool(item!.length >= network!.length && contains(network!, item!.ip));
  return bool(item!.kind === "ip" && contains(network!, item!));
};

export const matches: Operation = ([text, pattern], bench) => {
  if (text!.kind !== "str" || pattern!.kind !== "regex")
    throw new Error("BUG: `matches` without text or pattern");
  const result = matchPattern(pattern!.pattern, text!.value);
  bench.spend(1 + (result.steps >> 4));
  return bool(result.matched);
};

export const is =
  (tag: string): Operation =>
  ([value]) =>
    bool(value!.kind === "none" ? tag === "none" : value!.kind === "tagged" && value!.tag === tag);

export const concatenate: Operation = ([a, b], bench) => {
  bench.spend(1 + ((weightOf(a!) + weightOf(b!)) >> 6));
  bench.allow(weightOf(a!) + weightOf(b!));
  if (a!.kind === "list" && b!.kind === "list") return list([...a!.items, ...b!.items]);
  if (a!.kind === "str" && b!.kind === "str") return str(a!.value + b!.value);
  throw new Error("BUG: `++` of other things than lists and texts");
};

export const not: Operation = ([value]) => bool(value!.kind === "bool" && !value!.value);
