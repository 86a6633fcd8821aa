/** The kernel's clocks. */
import { time } from "../system";

const WALL: u32 = 0;
const MONOTONIC: u32 = 1;

/** Nanoseconds, never going back, also not over a warm restart. */
export function now(): u64 {
  return time(MONOTONIC);
}

/** Nanoseconds since 1970. */
export function wall(): u64 {
  return time(WALL);
}
