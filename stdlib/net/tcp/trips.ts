/** Round trips and the retransmission timeout: RFC 6298. Nanoseconds. */
import { Control } from "./block";

const MILLISECOND: u64 = 1_000_000;
export const SECOND: u64 = 1_000_000_000;
/** RFC 6298 2.1. */
export const FIRST: u64 = SECOND;
/** RFC 6298 2.4 wants a second; every stack of today has less, as this one of Linux, and RFC 8961 4 allows it. */
const LEAST: u64 = 200 * MILLISECOND;
/** RFC 6298 2.5: at least 60 seconds. */
const MOST: u64 = 60 * SECOND;
/** RFC 6298 2.3: G, what the clock of timestamps tells apart. */
const GRANULARITY: u64 = MILLISECOND;

/** RFC 6298 2.2, 2.3. */
export function measured(c: Control, trip: u64): void {
  c.least = min(c.least, trip);
  if (c.smoothed == 0) {
    c.smoothed = max(trip, 1);
    c.variation = trip / 2;
  } else {
    const apart = trip > c.smoothed ? trip - c.smoothed : c.smoothed - trip;
    c.variation = c.variation - c.variation / 4 + apart / 4;
    c.smoothed = max(c.smoothed - c.smoothed / 8 + trip / 8, 1);
  }
  c.timeout = min(max(c.smoothed + max(GRANULARITY, 4 * c.variation), LEAST), MOST);
  c.backoff = 0;
}

/** RFC 6298 5.5: twice as long each time. */
export function timeout(c: Control): u64 {
  return min(c.timeout << (<u64>min(c.backoff, 10)), MOST);
}
