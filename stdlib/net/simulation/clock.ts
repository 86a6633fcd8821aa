/** The time of a test: it says what time it is. Implements core.Clock. */
let time: u64 = 0;

export function now(): u64 {
  return time;
}

export function set(value: u64): void {
  time = value;
}
