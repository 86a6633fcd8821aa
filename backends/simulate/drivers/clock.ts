import { now as simulatedNow, wall as simulatedWall } from "./simulator";

/** Nanoseconds, monotonic. */
export function now(): u64 {
  return simulatedNow();
}

/** Nanoseconds since 1970. */
export function wall(): u64 {
  return simulatedWall();
}
