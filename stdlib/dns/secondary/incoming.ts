/**
 * Records of a zone that is being copied, as they come: one memory for all zones, since one is copied at a time. They are put in order while they
 * come, in a heap: when the last one is there, taking them out one by one costs little each time, and nothing waits.
 *
 * A record: u16 length of its key, u16 type, u32 TTL, u16 length of its value, u8 1 if it is to be taken away (RFC 1995 4), padding; key; value. The key
 * is the name without that of the zone, label by label from the zone's on: so a name stands before those below it, and these stand together.
 */
import { Bytes } from "../../core/bytes";
import { NAME_LIMIT, readName } from "../server/names";
import { records } from "../tables";
import { readValue } from "./values";

const HEAD: u32 = 12;
const TYPE: u32 = 2;
const TTL: u32 = 4;
const SIZE: u32 = 8;
const GOES: u32 = 10;
/** Few records are smaller, with their place in the heap. */
const LEAST: u32 = 24;
const MOST_LABELS: u32 = 128;
/** No answer holds a longer value. */
const LONGEST: u32 = 65000;
/** RFC 2181 8: a larger TTL is none. */
const MOST_TTL: u32 = 0x7fffffff;

export namespace Taken {
  export const yes: i32 = 0;
  /** It is not in the zone. */
  export const outside: i32 = 1;
  export const malformed: i32 = 2;
  export const full: i32 = 3;
}

let raw: Bytes = records;
let name: Bytes = records;
let heap: StaticArray<u32> = [];
let starts: StaticArray<u32> = [];
let filled: u32 = 0;
/** Those in the heap, and where behind it those begin that were taken out. */
let waiting: i32 = 0;
let first: i32 = 0;

/** In `prepare`: room for so many bytes. */
export function make(size: u32): void {
  raw = new Bytes(new StaticArray<u8>(<i32>size), 0, size);
  heap = new StaticArray<u32>(<i32>(size / LEAST));
  starts = new StaticArray<u32>(<i32>MOST_LABELS);
  name = new Bytes(new StaticArray<u8>(<i32>NAME_LIMIT), 0, NAME_LIMIT);
}

export function clear(): void {
  filled = 0;
  waiting = 0;
}

/** Adds the record whose name is at `at` of a message and whose value, of `size` bytes, is at `value`. */
export function add(
  message: Bytes,
  at: u32,
  type: u32,
  ttl: u32,
  value: u32,
  size: u32,
  apex: Bytes,
  goes: bool,
): i32 {
  const length = readName(message, at, name);
  if (length == 0) return Taken.malformed;
  const labels = labelsBelow(length, apex);
  if (labels < 0) return Taken.outside;
  const key = length - apex.length;
  const place = filled;
  if (waiting == heap.length || !raw.has(place, HEAD + key)) return Taken.full;
  raw.setLe16(place, key);
  raw.setLe16(place + TYPE, type);
  raw.setLe32(place + TTL, ttl > MOST_TTL ? 0 : ttl);
  raw.setU8(place + GOES, goes ? 1 : 0);
  let write = place + HEAD;
  for (let n = labels - 1; n >= 0; n--) {
    const from = starts[n];
    const count = name.u8(from) + 1;
    raw.copy(write, name, from, count);
    write += count;
  }
  const stored = readValue(message, value, size, type, raw, write);
  if (stored < 0) return raw.has(write, size + 2 * NAME_LIMIT) ? Taken.malformed : Taken.full;
  if (<u32>stored > LONGEST) return Taken.malformed;
  raw.setLe16(place + SIZE, <u32>stored);
  filled = (write + <u32>stored + 3) & ~3;
  push(place);
  return Taken.yes;
}

/** How many labels `name` has before the zone's name, with their places in `starts`; -1: it is not in the zone. */
function labelsBelow(length: u32, apex: Bytes): i32 {
  let at: u32 = 0;
  let count = 0;
  while (length - at > apex.length) {
    starts[count++] = at;
    at += name.u8(at) + 1;
    if (at > length) return -1;
  }
  return length - at == apex.length && name.equals(at, apex, 0, apex.length) ? count : -1;
}

function push(record: u32): void {
  let at = waiting++;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (compare(heap[above], record) <= 0) break;
    heap[at] = heap[above];
    at = above;
  }
  heap[at] = record;
}

function pop(): u32 {
  const top = heap[0];
  waiting--;
  const last = heap[waiting];
  let at = 0;
  while (true) {
    let below = 2 * at + 1;
    if (below >= waiting) break;
    if (below + 1 < waiting && compare(heap[below + 1], heap[below]) < 0) below++;
    if (compare(last, heap[below]) <= 0) break;
    heap[at] = heap[below];
    at = below;
  }
  heap[at] = last;
  return top;
}

/** By name, type and value; those that are the same in the order in which they came. */
function compare(a: u32, b: u32): i32 {
  const order = compareSet(a, b);
  if (order != 0) return order;
  const values = compareBytes(valueAt(a), sizeOf(a), valueAt(b), sizeOf(b));
  return values != 0 ? values : a < b ? -1 : 1;
}

function compareSet(a: u32, b: u32): i32 {
  const keys = compareBytes(keyOf(a), keySizeOf(a), keyOf(b), keySizeOf(b));
  return keys != 0 ? keys : <i32>typeOf(a) - <i32>typeOf(b);
}

function compareBytes(a: u32, sizeA: u32, b: u32, sizeB: u32): i32 {
  const count = min(sizeA, sizeB);
  let n: u32 = 0;
  while (n + 8 <= count && raw.be64(a + n) == raw.be64(b + n)) n += 8;
  for (; n < count; n++) {
    const difference = <i32>raw.u8(a + n) - <i32>raw.u8(b + n);
    if (difference != 0) return difference;
  }
  return <i32>sizeA - <i32>sizeB;
}

/** Nothing more comes: they can be taken out. */
export function close(): void {
  first = waiting;
}

export function isEmpty(): bool {
  return waiting == 0;
}

/** A record was taken away that was not there: this is not what it should have come to. */
export let isAstray: bool = false;

/** How many records `takeName` has found, and of them the n-th. */
export let found: i32 = 0;
export function at(n: i32): u32 {
  return heap[first + found - 1 - n];
}

/** Takes all records of the next name out, by type and value; none twice, and none that was taken away. */
export function takeName(): void {
  const leader = heap[0];
  let top = first;
  found = 0;
  isAstray = false;
  while (waiting > 0 && hasKeyOf(heap[0], leader)) {
    let record = pop();
    let isThere = raw.u8(record + GOES) == 0;
    if (!isThere) isAstray = true;
    while (waiting > 0 && isSame(heap[0], record)) {
      const next = pop();
      const goes = raw.u8(next + GOES) != 0;
      if (goes && !isThere) isAstray = true;
      isThere = !goes;
      record = next;
    }
    if (!isThere) continue;
    // The place is free: at least this one has left the heap.
    top--;
    heap[top] = record;
    found++;
  }
  first = top;
}

function hasKeyOf(a: u32, b: u32): bool {
  return compareBytes(keyOf(a), keySizeOf(a), keyOf(b), keySizeOf(b)) == 0;
}

function isSame(a: u32, b: u32): bool {
  return compareSet(a, b) == 0 && compareBytes(valueAt(a), sizeOf(a), valueAt(b), sizeOf(b)) == 0;
}

export function keySizeOf(record: u32): u32 {
  return raw.le16(record);
}
/** Where its key is in `bytes`. */
export function keyOf(record: u32): u32 {
  return record + HEAD;
}
export function typeOf(record: u32): u32 {
  return raw.le16(record + TYPE);
}
export function ttlOf(record: u32): u32 {
  return raw.le32(record + TTL);
}
export function sizeOf(record: u32): u32 {
  return raw.le16(record + SIZE);
}
/** Where its value is in `bytes`. */
export function valueAt(record: u32): u32 {
  return record + HEAD + raw.le16(record);
}
export function bytes(): Bytes {
  return raw;
}
