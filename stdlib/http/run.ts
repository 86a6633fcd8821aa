/** The server while it runs. */
export { measure } from "./measures";

import { start as startAccess } from "./access/limits";
import { access } from "./parts";
import { heads } from "./request/heads";
import * as waiting from "./server/waiting";
import { reset as resetWall } from "./server/wall";

export function start(): void {
  heads.reset();
  resetWall();
  waiting.reset();
  if (access) startAccess();
}

export function poll(now: u64): void {
  waiting.poll(now);
}

export function deadline(): u64 {
  return waiting.deadline();
}
