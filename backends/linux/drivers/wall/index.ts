/** The kernel's time of day. */
import { believable } from "../../../../stdlib/core/wall";
import { time } from "../system";

const REALTIME: u32 = 0;

/** Nanoseconds since 1970; 0 when nobody has set the host's clock. */
export function wall(): u64 {
  return believable(time(REALTIME));
}
