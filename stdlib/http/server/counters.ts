/** What happened to requests and connections: one number a reason, for whoever shows them. */
import { Measures } from "../../core/measures";

namespace Http {
  /** Answers by the hundreds of their status, from 200 on. */
  export const answers = 0;
  /** Connections that found no place. */
  export const refused = 4;
  export const count = 5;
}

/** `Http.count` of them. */
const counts: StaticArray<u64> = [0, 0, 0, 0, 0];

export function countAnswer(status: u32): void {
  counts[Http.answers + <i32>(status / 100) - 2] += 1;
}

export function countRefused(): void {
  counts[Http.refused] += 1;
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  to.counter("http_responses", "Answers to requests, by the hundreds of their status (RFC 9110 15).");
  to.entry('status="2xx"', counts, Http.answers);
  to.entry('status="3xx"', counts, Http.answers + 1);
  to.entry('status="4xx"', counts, Http.answers + 2);
  to.entry('status="5xx"', counts, Http.answers + 3);
  to.counter("http_connections_refused", "Connections that found no place.");
  to.entry("", counts, Http.refused);
}
