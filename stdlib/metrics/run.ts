/** The endpoint while it runs. */
import { Measures, Source } from "../core/measures";
import { memorySize } from "../core/room";
import { answered } from "./answer";
import * as connections from "./connection";
import { now } from "./needs/clock";

let startedAt: u64 = 0;

export function start(): void {
  startedAt = now();
  connections.reset();
}

export function poll(at: u64): void {
  connections.poll(at);
}

export function deadline(): u64 {
  return connections.deadline();
}

@final
class Uptime extends Source {
  value(): u64 {
    return now() - startedAt;
  }
}

@final
class Memory extends Source {
  value(): u64 {
    return memorySize();
  }
}

export function measure(to: Measures): void {
  to.seconds("uptime_seconds", "Time since the program was started, or started again after a trap.");
  to.worked("", new Uptime());
  to.gauge("memory_bytes", "Memory of the program. All of it is given out when the image is made.");
  to.worked("", new Memory());
  to.counter("metrics_requests", "Requests for metrics and health.");
  to.entry("", answered, 0);
}
