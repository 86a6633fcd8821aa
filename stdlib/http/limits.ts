/** What the description allows; set in `prepare`. */

/** Bytes of a head. */
export let headMost: u32 = 16384;
/** Bytes of a body. */
export let bodyMost: u64 = 0;
/** In nanoseconds: a connection without a request, and a request until it is whole. */
export let idle: u64 = 30_000_000_000;
export let whole: u64 = 10_000_000_000;

export function set(head: u32, body: u64, idleTime: u64, wholeTime: u64): void {
  headMost = head;
  bodyMost = body;
  idle = idleTime;
  whole = wholeTime;
}
