import { believable } from "../../../stdlib/core/wall";
import { wall as simulatedWall } from "./simulator";

/** Nanoseconds since 1970; 0 when the machine has no clock that was set. */
export function wall(): u64 {
  return believable(simulatedWall());
}
