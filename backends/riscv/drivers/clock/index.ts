/** Time since the machine was switched on, from the counter of time, and the wall clock where there is Android's virtual one (as in QEMU). */
import { Machine } from "../boot-record";
import { boot, load32, rdtime } from "../hw";
import { Node, next, rewind } from "../tree";

const SECOND: u64 = 1_000_000_000;

const node = new Node();
let hertz: u64 = 1;
let begin: u64 = 0;
let chip: u64 = 0;

export function start(): void {
  hertz = boot(Machine.timebase);
  begin = boot(Machine.entered);
  chip = 0;
  rewind();
  while (next(node)) if (node.compatible.has("google,goldfish-rtc")) chip = node.base(0);
}

/** Nanoseconds since the machine started; never goes back, also not over a warm restart. */
export function now(): u64 {
  return converted(rdtime() - begin, hertz, SECOND);
}

/** The counter at `time`, or a tick later. */
export function counterAt(time: u64): u64 {
  return begin + converted(time, SECOND, hertz) + 1;
}

function converted(count: u64, from: u64, to: u64): u64 {
  return (count / from) * to + ((count % from) * to) / from;
}

/** Nanoseconds since 1970; 0 when no clock is there. Reading the low half keeps the upper one. */
export function wall(): u64 {
  if (chip == 0) return 0;
  const low: u64 = <u64>load32(chip);
  return ((<u64>load32(chip + 4)) << 32) | low;
}
