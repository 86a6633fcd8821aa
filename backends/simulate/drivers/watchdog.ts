/** The watchdog of a simulated machine. */
import { watchdog } from "./simulator";

let limit: u64 = 0;

export function arm(nanoseconds: u64): void {
  limit = nanoseconds;
  watchdog(limit);
}

export function feed(): void {
  watchdog(limit);
}
