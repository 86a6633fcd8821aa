/** The time of day as the hypervisor has it: when its own clock was 0, and that clock. */
import { believable } from "../../../../stdlib/core/wall";
import { load32 } from "../hw";
import { systemTime, wallClock } from "./needs/events";

const SECOND: u64 = 1_000_000_000;

/** Nanoseconds since 1970. The fields are being written while their version is odd. */
export function wall(): u64 {
  const at = wallClock();
  while (true) {
    const version = load32(at);
    const seconds = <u64>load32(at + 4) | ((<u64>load32(at + 12)) << 32);
    const zero = seconds * SECOND + <u64>load32(at + 8);
    if ((version & 1) == 0 && load32(at) == version) return believable(zero + systemTime());
  }
}
