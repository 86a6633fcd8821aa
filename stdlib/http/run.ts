/** The server while it runs. */
export { measure } from "./measures";

import { start as startAccess } from "./access/limits";
import { access, auth } from "./parts";
import { heads } from "./request/heads";
import { judge } from "./server/connection";
import * as waiting from "./server/waiting";
import { reset as resetWall } from "./server/wall";
import * as guard from "./things/guard";

/** Before `start`: a secret is not there. Who would have to know it is let in nowhere; all else goes on. */
export function rest(): string {
  return "http lets in nobody who needs a password or a token";
}

export function start(): void {
  heads.reset();
  resetWall();
  waiting.reset();
  if (access) startAccess();
  if (auth) guard.start();
}

export function poll(now: u64): void {
  if (auth) judge();
  waiting.poll(now);
}

export function deadline(): u64 {
  return auth && guard.isBusy ? 0 : waiting.deadline();
}
