/** Built-in functions over lists and maps. */
import type { Operation } from "../../check/core.ts";
import { joinTypes } from "../../types/fit.ts";
import { rowOf } from "../../types/scalars.ts";
import { bare, emptyType, errorType, listOf, mapTypeOf, scalar, type Type } from "../../types/type.ts";
import { compare, keyOf, mapOf } from "../../values/compare.ts";
import { printShort } from "../../values/print.ts";
import {
  bool,
  int,
  type ListValue,
  list,
  type MapEntry,
  type MapValue,
  tuple,
  type Value,
  weightOf,
} from "../../values/value.ts";
import { lengthOfRange } from "../iterate.ts";
import { arithmeticRow, zeroOf } from "./arithmetic.ts";
import type { Builtin } from "./builtin.ts";

const itemsOf = (value: Value | undefined): readonly Value[] => (value as ListValue).items;
const entriesOf = (value: Value | undefined): readonly MapEntry[] => [
  ...(value as MapValue).entries.values(),
];

/** The type of the elements; undefined if it is no list. */
function element(type: Type | undefined): Type | undefined {
  const it = bare(type!);
  return it.kind === "list" ? it.element : it.kind === "error" ? it : undefined;
}

function isOrdered(type: Type): boolean {
  const it = bare(type);
  return (
    it.kind === "empty" || it.kind === "error" || (it.kind === "scalar" && rowOf(it.name).ordered === true)
  );
}

const length: Operation = ([value], bench) => {
  switch (value!.kind) {
    case "list":
    case "tuple":
      return int(value!.items.length);
    case "map":
      return int(value!.entries.size);
    case "str":
      return int([...value!.value].length);
    case "bytes":
      return int(value!.bytes.length);
    case "file":
      return int(value!.bytes.length);
    case "range":
      return int(lengthOfRange(value!) ?? bench.fail("this range has no steps"));
    default:
      throw new Error(`BUG: the length of a ${value!.kind}`);
  }
};

/** `sum` of nothing needs a type that has a zero that is known without values. */
function sumType([type]: readonly Type[]): Type | string {
  const inner = element(type);
  if (!inner) return "wants a list";
  const it = bare(inner);
  if (it.kind === "error") return it;
  if (it.kind === "empty") return scalar("Int");
  if (it.kind !== "scalar" || !zeroOf(it.name)) return "wants a list of things that can be added";
  return scalar(it.name);
}

/** Of a list whose elements have a type that can be added. */
function sumOf([type]: readonly Type[]): Operation {
  const it = bare(element(type)!);
  const name = it.kind === "scalar" ? it.name : "Int";
  const plus = arithmeticRow("+", name, name);
  return ([value], bench) => {
    bench.spend(itemsOf(value).length);
    return itemsOf(value).reduce((total, item) => plus!.run([total, item], bench), zeroOf(name)!);
  };
}

/** `min` and `max` of a list, or of two values. */
function extremeType(args: readonly Type[]): Type | string {
  const type = args.length === 1 ? element(args[0]) : joinTypes(args[0]!, args[1]!);
  if (!type) return args.length === 1 ? "wants a list, or two values" : "wants two values of one type";
  return isOrdered(type) ? type : "wants values that have an order";
}

const extreme =
  (better: (order: number) => boolean): Operation =>
  (args, bench) => {
    const items = args.length === 1 ? itemsOf(args[0]) : args;
    bench.spend(items.length);
    let best = items[0] ?? bench.fail("the list is empty", 0);
    for (const item of items) if (better(compare(item, best))) best = item;
    return best;
  };

function ofBools([type]: readonly Type[]): Type | string {
  const inner = element(type);
  const it = inner && bare(inner);
  const fits =
    it && (it.kind === "empty" || it.kind === "error" || (it.kind === "scalar" && it.name === "Bool"));
  return fits ? scalar("Bool") : "wants a list of `Bool`";
}

const every = (stop: boolean): Operation => {
  return ([value], bench) => {
    bench.spend(itemsOf(value).length);
    return bool(itemsOf(value).some((item) => (item.kind === "bool" && item.value) === stop) === stop);
  };
};

export const listBuiltins: Readonly<Record<string, Builtin>> = {
  len: {
    signature: "len(List | Map | Str | Bytes | Range | File) -> Int",
    docs: "How many elements, entries, characters or bytes.",
    params: [undefined],
    type: ([type]) => {
      const it = bare(type!);
      const fits =
        ["list", "map", "tuple", "range", "error"].includes(it.kind) ||
        (it.kind === "scalar" && ["str", "bytes", "file"].includes(rowOf(it.name).kind));
      return fits ? scalar("Int") : "wants a list, a map, a text or bytes";
    },
    run: length,
  },
  any: {
    signature: "any(List<Bool>) -> Bool",
    docs: "Whether one is true.",
    params: [undefined],
    type: ofBools,
    run: every(true),
  },
  all: {
    signature: "all(List<Bool>) -> Bool",
    docs: "Whether all are true.",
    params: [undefined],
    type: ofBools,
    run: every(false),
  },
  sum: {
    signature: "sum(List<T>) -> T",
    docs: "All of them added.",
    params: [undefined],
    type: sumType,
    runOf: sumOf,
  },
  min: {
    signature: "min(List<T>) -> T, min(T, T) -> T",
    docs: "The smallest.",
    params: [undefined, undefined],
    optional: 1,
    type: extremeType,
    run: extreme((order) => order < 0),
  },
  max: {
    signature: "max(List<T>) -> T, max(T, T) -> T",
    docs: "The largest.",
    params: [undefined, undefined],
    optional: 1,
    type: extremeType,
    run: extreme((order) => order > 0),
  },
  sort: {
    signature: "sort(List<T>) -> List<T>",
    docs: "The same elements, smallest first; equal ones keep their order.",
    params: [undefined],
    type: ([type]) => {
      const inner = element(type);
      return inner && isOrdered(inner) ? listOf(inner) : "wants a list of things that have an order";
    },
    run: ([value], bench) => {
      bench.spend(itemsOf(value).length * 4);
      return list(itemsOf(value).toSorted(compare));
    },
  },
  map: {
    signature: "map(List<(K, V)>) -> Map<K, V>",
    docs: "A map of pairs; a key may be there once.",
    params: [undefined],
    type: ([type]) => {
      const inner = element(type);
      const pair = inner && bare(inner);
      if (pair?.kind === "empty" || pair?.kind === "error") return mapTypeOf(emptyType, emptyType);
      return pair?.kind === "tuple" && pair.items.length === 2
        ? mapTypeOf(pair.items[0]!, pair.items[1]!)
        : "wants a list of pairs";
    },
    run: ([value], bench) => {
      const seen = new Set<string>();
      const entries = itemsOf(value).map((pair) => {
        const [key, entry] = itemsOf(pair) as readonly [Value, Value];
        bench.spend(2 + (weightOf(key) >> 5));
        const text = keyOf(key);
        if (seen.has(text)) bench.fail(`the key \`${printShort(key)}\` is there twice`);
        seen.add(text);
        return { key, value: entry, head: pair.span };
      });
      return mapOf(entries);
    },
  },
  keys: {
    signature: "keys(Map<K, V>) -> List<K>",
    docs: "The keys of a map, or the labels of blocks.",
    params: [undefined],
    type: ([type]) => ofMap(type, (key) => listOf(key)),
    run: ([value], bench) => {
      bench.spend(entriesOf(value).length);
      return list(entriesOf(value).map(({ key }) => key));
    },
  },
  values: {
    signature: "values(Map<K, V>) -> List<V>",
    docs: "The values of a map, or blocks without their labels.",
    params: [undefined],
    type: ([type]) => ofMap(type, (_, value) => listOf(value)),
    run: ([value], bench) => {
      bench.spend(entriesOf(value).length);
      return list(entriesOf(value).map((entry) => entry.value));
    },
  },
  duplicates: {
    signature: "duplicates(List<T>) -> List<T>",
    docs: "The elements that are equal to one before them.",
    params: [undefined],
    type: ([type]) => {
      const inner = element(type);
      return inner ? listOf(inner) : "wants a list";
    },
    run: ([value], bench) => {
      const seen = new Set<string>();
      const again: Value[] = [];
      for (const item of itemsOf(value)) {
        bench.spend(1 + (weightOf(item) >> 5));
        const key = keyOf(item);
        if (seen.has(key)) again.push(item);
        seen.add(key);
      }
      return list(again);
    },
  },
  zip: {
    signature: "zip(List<A>, List<B>) -> List<(A, B)>",
    docs: "Pairs of the first two, the second two … of two lists that are equally long.",
    params: [undefined, undefined],
    type: ([a, b]) => {
      const [left, right] = [element(a), element(b)];
      return left && right ? listOf({ kind: "tuple", items: [left, right] }) : "wants two lists";
    },
    run: ([a, b], bench) => {
      const [left, right] = [itemsOf(a), itemsOf(b)];
      bench.spend(left.length);
      if (left.length !== right.length)
        bench.fail(`the lists have ${left.length} and ${right.length} elements`);
      return list(left.map((item, index) => tuple([item, right[index]!])));
    },
  },
  flatten: {
    signature: "flatten(List<List<T>>) -> List<T>",
    docs: "The elements of all lists of a list.",
    params: [undefined],
    type: ([type]) => {
      const outer = element(type);
      if (outer && ["empty", "error"].includes(bare(outer).kind)) return listOf(emptyType);
      const inner = outer && element(outer);
      return inner ? listOf(inner) : "wants a list of lists";
    },
    run: ([value], bench) => {
      let weight = 16;
      for (const inner of itemsOf(value)) weight += weightOf(inner);
      bench.allow(weight);
      bench.spend(weight >> 5);
      return list(itemsOf(value).flatMap(itemsOf));
    },
  },
};

function ofMap(type: Type | undefined, make: (key: Type, value: Type) => Type): Type | string {
  const it = bare(type!);
  if (it.kind === "error") return errorType;
  return it.kind === "map" ? make(it.key, it.value) : "wants a map, or blocks";
}
