/** How many connections there may be, and for how long. Set in `prepare`. */

/** Nanoseconds. */
export let idle: u64 = 10_000_000_000;
export let most: u32 = 0;
/** Connections that there are. */
export let used: u32 = 0;

/** RFC 7828 3.1 counts in tenths of a second. */
const UNIT: u64 = 100_000_000;

export function set(connections: u32, idleTime: u64): void {
  most = connections;
  idle = idleTime;
}

export function count(change: i32): void {
  used += change;
}

export function countNone(): void {
  used = 0;
}

/** What a client is told that it may be idle; with few places left, that it had better go (RFC 7828 3.3.2). */
export function patience(): u32 {
  return used > most - most / 8 ? 0 : <u32>min<u64>(idle / UNIT, 0xffff);
}
