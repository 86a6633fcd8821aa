/** Time since the machine was switched on, from the counter of time. */
import { Machine } from "../boot-record";
import { boot, rdtime } from "../hw";

const SECOND: u64 = 1_000_000_000;

let hertz: u64 = 1;
let begin: u64 = 0;

export function start(): void {
  hertz = boot(Machine.timebase);
  begin = boot(Machine.entered);
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
