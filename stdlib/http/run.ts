/** The server while it runs. */
export { measure } from "./measures";

import { heads } from "./request/heads";
import * as waiting from "./server/waiting";
import { reset as resetWall } from "./server/wall";

export function start(): void {
  heads.reset();
  resetWall();
  waiting.reset();
}

export function poll(now: u64): void {
  waiting.poll(now);
}

export function deadline(): u64 {
  return waiting.deadline();
}
