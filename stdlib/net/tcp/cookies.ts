/**
 * Answers to a SYN that keep nothing here: RFC 4987 3.6. What must be known again is in the sequence number of the answer, under a hash
 * with a key, and in the low bits of its timestamp, which the other side sends back.
 *
 *   | 5 bits: time | 3 bits: MSS | 24 bits: hash |          | … | 1 bit: SACK | 4 bits: shift, 15 none |
 */
import { hashed } from "./secret";

const PURPOSE: u64 = 3;
/** How long a step of time is: an answer is good for one to two of them. */
const STEP: u64 = 64_000_000_000;
const HASH: u32 = 0xffffff;
const NO_SHIFT: u32 = 15;
/** What does not fit counts as the next smaller one. */
const SIZES: StaticArray<u32> = [216, 536, 940, 1220, 1360, 1400, 1440, 1460];

/** The bits of a timestamp that are used. */
export const TIME_BITS: u32 = 5;

function step(now: u64): u32 {
  return <u32>(now / STEP);
}

function hash(high: u64, low: u64, ports: u32, theirs: u32, time: u32, size: u32): u32 {
  const salt = PURPOSE | ((<u64>time) << 32) | ((<u64>size) << 8);
  return <u32>hashed(salt, high, low, ((<u64>ports) << 32) | <u64>theirs) & HASH;
}

/** The initial sequence number of an answer to the SYN `theirs`. */
export function cookie(high: u64, low: u64, ports: u32, theirs: u32, mss: u32, now: u64): u32 {
  let size: u32 = 7;
  while (size > 0 && SIZES[<i32>size] > mss) size -= 1;
  const time = step(now);
  return ((time & 31) << 27) | (size << 24) | hash(high, low, ports, theirs, time, size);
}

/** What the other side had said of its MSS if `ours` is such a number and not old; else 0. */
export function opened(high: u64, low: u64, ports: u32, theirs: u32, ours: u32, now: u64): u32 {
  const time = step(now);
  const size = (ours >> 24) & 7;
  const age = (time - (ours >> 27)) & 31;
  if (age > 1 || age > time) return 0;
  if (hash(high, low, ports, theirs, time - age, size) != (ours & HASH)) return 0;
  return SIZES[<i32>size];
}

/** A timestamp that is not later than `time` and says what the other side can do. */
export function marked(time: u32, canSack: bool, hasShift: bool, shift: u32): u32 {
  const bits = (canSack ? 16 : 0) | (hasShift ? min(shift, 14) : NO_SHIFT);
  const whole = (time & ~31) | bits;
  return <i32>(whole - time) > 0 ? whole - 32 : whole;
}

export function sackOf(time: u32): bool {
  return (time & 16) != 0;
}

/** The other side's shift; NO_SHIFT and above: it does not scale. */
export function shiftOf(time: u32): u32 {
  return time & 15;
}

export function scales(time: u32): bool {
  return (time & 15) != NO_SHIFT;
}
