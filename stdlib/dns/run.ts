/** The server while it runs. */
export { measure } from "./measures";

import * as clock from "./needs/clock";
import * as notices from "./notify/out";
import { notify, rate, secondary, tcp } from "./parts";
import * as keeper from "./secondary/keeper";
import * as limit from "./server/rate";
import * as waiting from "./stream/waiting";

export function start(): void {
  if (tcp) waiting.reset();
  if (rate) limit.start();
  if (secondary) keeper.start(clock.now());
  if (notify) notices.start(clock.now());
}

export function poll(now: u64): void {
  if (tcp) waiting.poll(now);
  if (secondary) keeper.poll(now);
  if (notify) notices.poll(now);
}

export function deadline(): u64 {
  let earliest = tcp ? waiting.deadline() : u64.MAX_VALUE;
  if (secondary) earliest = min(earliest, keeper.deadline());
  if (notify) earliest = min(earliest, notices.deadline());
  return earliest;
}
