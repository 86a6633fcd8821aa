/** core.Wall, as the test sets it. */
let time: u64 = 0;

export function wall(): u64 {
  return time;
}

export function set(nanoseconds: u64): void {
  time = nanoseconds;
}
