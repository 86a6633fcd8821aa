/** Sensors while the appliance runs. */
import { Measures } from "../../core/measures";
import { Reasons } from "../../core/reasons";
import { Outcome } from "../../i2c/outcome";
import { chips, counts } from "./chip";
import { now as clock } from "./needs/clock";

export function start(): void {
  const now = clock();
  for (let n = 0; n < chips.length; n++) chips[n].start(now);
}

export function poll(now: u64): void {
  for (let n = 0; n < chips.length; n++) chips[n].poll(now);
}

export function deadline(): u64 {
  let next: u64 = u64.MAX_VALUE;
  for (let n = 0; n < chips.length; n++) next = min(next, chips[n].deadline());
  return next;
}

export function measure(to: Measures): void {
  to.counter("sht4x_measurements", "Measurements of sensors SHT4x.");
  to.entry('result="good"', counts, Outcome.done);
  to.entry('result="no_answer"', counts, Outcome.refused);
  to.entry('result="clock_held"', counts, Outcome.stretched);
  to.entry('result="bus_stuck"', counts, Outcome.stuck);
  to.entry('result="bus_taken"', counts, Outcome.lost);
  to.entry('result="garbled"', counts, 5);
}

export function health(to: Reasons): void {
  for (let n = 0; n < chips.length; n++) {
    if (!chips[n].isLost) continue;
    to.text(chips[n].name);
    to.text(": the sensor cannot be read");
    to.end();
  }
}
