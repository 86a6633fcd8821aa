/**
 * Values that the toolstack wrote into XenStore for this guest, below `vm-data/appl`. They are read once in a guest's life, into memory that no warm restart
 * touches, and are taken away there, as far as this guest may.
 */
import { Level } from "../../../../stdlib/core/level";
import { Reason, shutdown } from "../calls";
import { kept, load8, load16, load32, store8, store16, store32 } from "../hw";
import { SEED } from "../kept";
import * as log from "./needs/log";
import * as store from "./needs/store";

const PLACE = "vm-data/appl";
/** What is kept: whether it is there, how many bytes of values there are, then values: their length in 16 bits, and `SLOT=VALUE`. */
const LENGTH: u64 = 4;
const VALUES: u32 = 8;
const MOST: u32 = <u32>SEED;
const EQUALS: u32 = 61;
const SLASH: u32 = 47;

/** Paths below `PLACE` that were found, each behind its length in 16 bits. */
const MOST_PATHS: u32 = 4096;
const paths = new StaticArray<u8>(<i32>MOST_PATHS);
let found: u32 = 0;
let isTooMuch = false;

/** How many there are, and which values: where each one begins. */
export let count: i32 = 0;
const MOST_VALUES = 64;
const places = new StaticArray<u32>(MOST_VALUES);

export function start(): void {
  const at = kept();
  isTooMuch = false;
  if (load32(at) == 0) {
    readAll(at);
    store32(at, 1);
  }
  count = 0;
  const end = VALUES + load32(at + LENGTH);
  for (let place = VALUES; place < end; place += 2 + load16(at + <u64>place)) {
    if (count == MOST_VALUES) isTooMuch = true;
    else places[count++] = place;
  }
  if (isTooMuch) refuseAll();
}

export function size(n: i32): u32 {
  return load16(kept() + <u64>places[n]);
}

/** Byte `at` of value `n`. */
export function byteOf(n: i32, at: u32): u32 {
  return load8(kept() + <u64>(places[n] + 2 + at));
}

/** Every path, those above first; what has a text is a value, and what has nothing below it. */
function readAll(at: u64): void {
  found = 0;
  let used = VALUES;
  look(0, 0);
  for (let place: u32 = 0; place < found; place += 2 + lengthAt(place)) {
    const length = lengthAt(place);
    const before = found;
    look(place + 2, length);
    name(place + 2, length);
    if (!store.read() || (store.length == 0 && found > before)) continue;
    const all = length + 1 + store.length;
    if (used + 2 + all > MOST) isTooMuch = true;
    else used += keep(at + <u64>used, place + 2, length);
  }
  store32(at + LENGTH, used - VALUES);
  if (found == 0) return;
  name(0, 0);
  store.remove();
}

/** `SLOT=VALUE` of the value just read. Gives how many bytes it takes. */
function keep(at: u64, path: u32, length: u32): u32 {
  const all = length + 1 + store.length;
  store16(at, all);
  for (let n: u32 = 0; n < length; n++) store8(at + 2 + <u64>n, paths[<i32>(path + n)]);
  store8(at + 2 + <u64>length, EQUALS);
  for (let n: u32 = 0; n < store.length; n++) {
    store8(at + 3 + <u64>(length + n), store.answer[<i32>n]);
    // There may have been secrets in it.
    store.answer[<i32>n] = 0;
  }
  return 2 + all;
}

/** A request about the path that begins there. */
function name(path: u32, length: u32): void {
  store.begin();
  store.text(PLACE);
  if (length > 0) store.byte(SLASH);
  for (let n: u32 = 0; n < length; n++) store.byte(paths[<i32>(path + n)]);
}

function lengthAt(place: u32): u32 {
  return <u32>paths[<i32>place] | ((<u32>paths[<i32>(place + 1)]) << 8);
}

/** Adds the paths of what is below one. */
function look(path: u32, length: u32): void {
  name(path, length);
  if (!store.list()) return;
  for (let at: u32 = 0; at < store.length; ) {
    let end = at;
    while (end < store.length && store.answer[<i32>end] != 0) end++;
    add(path, length, at, end);
    at = end + 1;
  }
}

function add(path: u32, length: u32, from: u32, to: u32): void {
  const all = (length == 0 ? 0 : length + 1) + to - from;
  if (from == to) return;
  if (found + 2 + all > MOST_PATHS) {
    isTooMuch = true;
    return;
  }
  put(all & 0xff);
  put(all >> 8);
  for (let n: u32 = 0; n < length; n++) put(paths[<i32>(path + n)]);
  if (length > 0) put(SLASH);
  for (let n = from; n < to; n++) put(store.answer[<i32>n]);
}

function put(byte: u32): void {
  paths[<i32>found] = <u8>byte;
  found += 1;
}

function refuseAll(): void {
  if (log.at(Level.error)) {
    log.text("boot: there is more in XenStore than the 8 KiB in 64 values that a guest takes from there");
    log.end();
  }
  shutdown(Reason.crash);
}
