/** Equality, the canonical order, and maps in that order. */
import { compareDec } from "./decimal.ts";
import { print } from "./print.ts";
import type { Kind, MapEntry, MapValue, Value, ValueOf } from "./value.ts";
import { weightOf } from "./value.ts";

/** The same kind and the same content; places do not count. */
export function equal(a: Value, b: Value): boolean {
  return a === b || compare(a, b) === 0;
}

type Order<T> = (a: T, b: T) => number;
type Orders = { readonly [K in Kind]: Order<ValueOf<K>> };

const by =
  <T>(pick: (it: T) => number | bigint): Order<T> =>
  (a, b) =>
    pick(a) < pick(b) ? -1 : pick(a) > pick(b) ? 1 : 0;

const orders: Orders = {
  bool: by(({ value }) => Number(value)),
  int: by(({ value }) => value),
  dec: compareDec,
  str: (a, b) => compareText(a.value, b.value),
  bytes: (a, b) => compareBytes(a.bytes, b.bytes),
  regex: (a, b) => compareText(a.pattern, b.pattern),
  ip: (a, b) => a.family - b.family || by<{ bits: bigint }>(({ bits }) => bits)(a, b),
  prefix: (a, b) => compare(a.ip, b.ip) || a.length - b.length,
  socket: (a, b) =>
    a.ip && b.ip ? compare(a.ip, b.ip) || a.port - b.port : Number(!b.ip) - Number(!a.ip) || a.port - b.port,
  mac: by(({ bits }) => bits),
  duration: by(({ ns }) => ns),
  size: by(({ bytes }) => bytes),
  rate: (a, b) => by<bigint>((it) => it)(a.count * b.per, b.count * a.per),
  measure: (a, b) =>
    compareText(a.of, b.of) || by<{ millionths: bigint }>(({ millionths }) => millionths)(a, b),
  date: (a, b) => a.year - b.year || a.month - b.month || a.day - b.day,
  instant: by(({ seconds }) => seconds),
  timeOfDay: by(({ seconds }) => seconds),
  weekday: by(({ day }) => day),
  hash: (a, b) => compareText(a.hex, b.hex),
  range: (a, b) => compare(a.low, b.low) || compare(a.high, b.high),
  list: (a, b) => compareAll(a.items, b.items),
  tuple: (a, b) => compareAll(a.items, b.items),
  map: (a, b) => compareAll(flat(a), flat(b)),
  record: (a, b) =>
    compareText([...a.fields.keys()].join(), [...b.fields.keys()].join()) ||
    compareAll([...a.fields.values()], [...b.fields.values()]),
  tagged: (a, b) =>
    compareText(a.tag, b.tag) || compareAll(a.payload ? [a.payload] : [], b.payload ? [b.payload] : []),
  ref: (a, b) => compareText(a.block, b.block) || compare(a.key, b.key),
  device: (a, b) => compareText(a.of, b.of) || compareText(a.name, b.name),
  signal: (a, b) => compareText(a.text, b.text),
  file: (a, b) => compareText(a.path, b.path),
  dir: (a, b) =>
    compareText(a.path, b.path) || compareText([...a.files.keys()].join("/"), [...b.files.keys()].join("/")),
  secret: (a, b) => compareText(a.name, b.name),
  none: () => 0,
};

const ranks = new Map<string, number>(Object.keys(orders).map((kind, index) => [kind, index]));

/** A total order: kinds in the order of the table above, then within the kind. */
export function compare(a: Value, b: Value): number {
  if (a.kind !== b.kind) return ranks.get(a.kind)! - ranks.get(b.kind)!;
  return (orders[a.kind] as Order<Value>)(a, b);
}

function compareAll(a: readonly Value[], b: readonly Value[]): number {
  for (const [index, item] of a.entries()) {
    if (index >= b.length) return 1;
    const order = compare(item, b[index]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const flat = ({ entries }: MapValue): Value[] =>
  [...entries.values()].flatMap(({ key, value }) => [key, value]);

/** By code point, as every order of texts here. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left === right) continue;
    // A surrogate stands for a code point above every other code unit.
    const [high, low] = [isSurrogate(left), isSurrogate(right)];
    return high !== low ? (high ? 1 : -1) : left - right;
  }
  return a.length - b.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}

/** What a map finds an entry by: different for keys that are different. */
export const keyOf = print;

/** In canonical order of the keys, or as given; the first of two equal keys stays. */
export function mapOf(entries: readonly MapEntry[], order: "canonical" | "given" = "canonical"): MapValue {
  const sorted = order === "given" ? entries : entries.toSorted((a, b) => compare(a.key, b.key));
  const found = new Map<string, MapEntry>();
  let weight = 16;
  for (const entry of sorted) {
    const key = keyOf(entry.key);
    if (found.has(key)) continue;
    found.set(key, entry);
    weight += weightOf(entry.key) + weightOf(entry.value);
  }
  return { kind: "map", entries: found, weight };
}

export function lookUp(map: MapValue, key: Value): Value | undefined {
  return map.entries.get(keyOf(key))?.value;
}
