/** The server while it runs. */
export { measure } from "./measures";

import { tcp } from "./parts";
import * as waiting from "./stream/waiting";

export function start(): void {
  if (tcp) waiting.reset();
}

export function poll(now: u64): void {
  if (tcp) waiting.poll(now);
}

export function deadline(): u64 {
  return tcp ? waiting.deadline() : u64.MAX_VALUE;
}
