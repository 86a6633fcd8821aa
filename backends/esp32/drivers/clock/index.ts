/** Time since the machine was switched on, from the processor's counter. */
import { Machine } from "../boot-record";
import { boot, ticks } from "../hw";

const SECOND: u64 = 1_000_000_000;

let hertz: u64 = 1;

export function start(): void {
  hertz = max(boot(Machine.hertz), 1);
}

/** Nanoseconds since the machine started; never goes back, also not over a warm restart. */
export function now(): u64 {
  return converted(ticks(), hertz, SECOND);
}

/** The counter at `time`, or a tick later. */
export function counterAt(time: u64): u64 {
  return converted(time, SECOND, hertz) + 1;
}

function converted(count: u64, from: u64, to: u64): u64 {
  return (count / from) * to + ((count % from) * to) / from;
}
