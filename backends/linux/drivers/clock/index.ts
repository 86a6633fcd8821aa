/** The kernel's monotonic clock. */
import { time } from "../system";

const MONOTONIC: u32 = 1;

/** Nanoseconds, never going back, also not over a warm restart. */
export function now(): u64 {
  return time(MONOTONIC);
}
