import { now as simulatedNow } from "./simulator";

/** Nanoseconds, monotonic. */
export function now(): u64 {
  return simulatedNow();
}
