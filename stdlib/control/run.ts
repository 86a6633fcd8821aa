/** Rules while the appliance runs. */
import * as feeding from "./feeding";
import { now as clock } from "./needs/clock";
import { watchdog } from "./parts";
import { rules } from "./rule";

export function start(): void {
  const now = clock();
  for (let n = 0; n < rules.length; n++) rules[n].start(now);
  if (watchdog) feeding.start(now);
}

export function poll(now: u64): void {
  for (let n = 0; n < rules.length; n++) rules[n].poll(now);
  if (watchdog) feeding.poll(now);
}

export function deadline(): u64 {
  let next: u64 = watchdog ? feeding.deadline() : u64.MAX_VALUE;
  for (let n = 0; n < rules.length; n++) next = min(next, rules[n].deadline());
  return next;
}
