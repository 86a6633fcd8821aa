/** The watchdog is fed while the program turns. */
import * as dog from "./needs/watchdog";

/** Nanoseconds. */
let period: u64 = 0;
let limit: u64 = 0;
let next: u64 = 0;

/** In `prepare`. */
export function set(every: u64, after: u64): void {
  period = every;
  limit = after;
}

export function start(now: u64): void {
  dog.arm(limit);
  next = now + period;
}

export function poll(now: u64): void {
  if (now < next) return;
  dog.feed();
  next = now + period;
}

export function deadline(): u64 {
  return next;
}
