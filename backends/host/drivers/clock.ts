import { now as hostNow } from "./host";

/** Nanoseconds, monotonic. */
export function now(): u64 {
  return hostNow();
}
