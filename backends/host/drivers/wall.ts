import { believable } from "../../../stdlib/core/wall";
import { wall as hostWall } from "./host";

/** Nanoseconds since 1970; 0 when nobody knows. */
export function wall(): u64 {
  return believable(hostWall());
}
