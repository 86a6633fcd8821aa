/** Outputs and inputs while the appliance runs, and what others may ask of outputs: the interface `Switches`. */
import { inputs, outputs } from "./all";
import { now as clock } from "./needs/clock";

export function start(): void {
  const now = clock();
  for (let n = 0; n < outputs.length; n++) outputs[n].start(now);
  for (let n = 0; n < inputs.length; n++) inputs[n].start(now);
}

/** Output `index` is to be on, or off, until it is asked for something else. */
export function want(index: i32, on: bool): void {
  outputs[index].want(on, clock());
}

/** Whether it should be on is not known: it goes to its safe state. */
export function release(index: i32): void {
  outputs[index].release(clock());
}

/** It is to be on for so many nanoseconds. */
export function pulse(index: i32, length: u64): void {
  outputs[index].pulse(length, clock());
}

export function poll(now: u64): void {
  for (let n = 0; n < outputs.length; n++) outputs[n].update(now);
  for (let n = 0; n < inputs.length; n++) inputs[n].update(now);
}

export function deadline(): u64 {
  let next: u64 = u64.MAX_VALUE;
  for (let n = 0; n < outputs.length; n++) next = min(next, outputs[n].deadline());
  for (let n = 0; n < inputs.length; n++) next = min(next, inputs[n].deadline());
  return next;
}
