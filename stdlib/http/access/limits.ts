/** How many requests are written down: some of them, and not more in a time than somebody can read. */
import { Limit } from "../../net/limit";

let every: u32 = 1;
let least: u32 = 0;
let seen: u32 = 0;
let limit: Limit | null = null;
/** Left out because there were too many. */
export const skipped: StaticArray<u64> = [0];
let told: u64 = 0;

/** In `prepare`. One of `sample` requests, of those whose answer has at least this status; `rate` a second. */
export function set(sample: u32, status: u32, rate: u64): void {
  every = sample;
  least = status;
  limit = new Limit(rate, rate);
}

export function start(): void {
  told = skipped[0];
}

/** Is the request that was answered so written down? */
export function takes(status: u32, now: u64): bool {
  if (status < least) return false;
  seen += 1;
  if (seen < every) return false;
  seen = 0;
  if (limit!.take(now)) return true;
  skipped[0] += 1;
  return false;
}

/** How many were left out since this was asked last. */
export function missed(): u64 {
  const count = skipped[0] - told;
  told = skipped[0];
  return count;
}
