/** The server while it runs. */
export { measure } from "./measures";

import { Reasons } from "../core/reasons";

import * as clock from "./needs/clock";
import * as notices from "./notify/out";
import { digest, notify, rate, secondary, tcp, tsig } from "./parts";
import * as keeper from "./secondary/keeper";
import { missing } from "./secondary/missing";
import * as limit from "./server/rate";
import { identify, isStopped, stop } from "./settings";
import * as waiting from "./stream/waiting";

/** Before `start`: a key was not given to the machine, so nobody is answered. */
export function rest(): string {
  stop();
  return "dns does not run";
}

export function start(): void {
  if (tsig && isStopped) return;
  if (digest) identify();
  if (tcp) waiting.reset();
  if (rate) limit.start();
  if (secondary) keeper.start(clock.now());
  if (notify) notices.start(clock.now());
}

export function poll(now: u64): void {
  if (tsig && isStopped) return;
  if (tcp) waiting.poll(now);
  if (secondary) keeper.poll(now);
  if (notify) notices.poll(now);
}

export function deadline(): u64 {
  if (tsig && isStopped) return u64.MAX_VALUE;
  let earliest = tcp ? waiting.deadline() : u64.MAX_VALUE;
  if (secondary) earliest = min(earliest, keeper.deadline());
  if (notify) earliest = min(earliest, notices.deadline());
  return earliest;
}

/** Zones that cannot be answered for: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  if (secondary && !(tsig && isStopped)) missing(to);
}
