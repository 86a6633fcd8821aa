/** Interrupts of the processor, and its timer. An interrupt only wakes: whoever has it is asked for what there is, and lets go of its line. */
import { Machine } from "../boot-record";
import { alarm, boot, listen, ticks } from "../hw";

/** Number of the interrupt of CCOMPARE0. */
const TIMER: u32 = 6;

let listened: u32 = 0;
/** No sleep is longer than a second: nobody tells when a cable is pulled, and the counter's lower half must be seen to begin anew. */
let longest: u64 = 0;

export function start(): void {
  listened = 1 << TIMER;
  longest = boot(Machine.hertz);
  listen(listened);
}

/** This interrupt ends sleep from now on. */
export function connect(interrupt: u32): void {
  listened |= 1 << interrupt;
  listen(listened);
}

/** Sleep ends when the counter reaches `until`, or earlier. False if that has come already. */
export function wakeAt(until: u64): bool {
  const now = ticks();
  if (until <= now) return false;
  const next = min(until, now + longest);
  alarm(<u32>next);
  return ticks() < next;
}
