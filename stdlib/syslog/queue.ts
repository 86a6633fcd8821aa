/** What is to be sent next: who this is, then the lines of the log in their order, and when none waits any more how many were lost. */

import { begin, greet, message, miss, restart } from "./message";
import * as lines from "./needs/lines";

namespace Kind {
  export const greeting: u32 = 0;
  export const line: u32 = 1;
  export const loss: u32 = 2;
}

let startedAt: u64 = 0;
/** Has been taken by the server, as far as anybody can know. */
let isGreeted: bool = false;
let told: u64 = 0;
/** Handed over, and not yet taken: the greeting, so many lines, a loss of so many. */
let isGreeting: bool = false;
let handed: u32 = 0;
let telling: u64 = 0;
let next: u32 = Kind.greeting;
export const sent: StaticArray<u64> = [0];

export function start(now: u64): void {
  startedAt = now;
  isGreeted = false;
  told = lines.missing();
  restart();
  again();
}

/** Is there anything to hand over? */
export function isWaiting(): bool {
  if (!isGreeted && !isGreeting) next = Kind.greeting;
  else if (handed < lines.count()) next = Kind.line;
  // Once, when all before it has arrived: while lines wait there may be more of them.
  else if (isGreeted && handed == 0 && telling == 0 && lines.missing() > told) next = Kind.loss;
  else return false;
  return true;
}

/** Writes what is next into `message`. */
export function write(now: u64): void {
  const up = now - startedAt;
  if (next == Kind.greeting) greet(up);
  else if (next == Kind.loss) miss(lines.missing() - told, up);
  else {
    const line = lines.line(handed);
    begin(line.level, line.name, up);
    message.text(" ");
    message.put(line.bytes, 0, line.length);
  }
}

/** What `write` wrote is on its way. */
export function hand(): void {
  sent[0] += 1;
  if (next == Kind.greeting) isGreeting = true;
  else if (next == Kind.loss) telling = lines.missing() - told;
  else handed += 1;
}

/** All that is on its way has arrived. */
export function settle(): void {
  if (isGreeting) isGreeted = true;
  lines.drop(handed);
  told += telling;
  again();
}

/** What was on its way is handed over once more. */
export function again(): void {
  isGreeting = false;
  handed = 0;
  telling = 0;
}
