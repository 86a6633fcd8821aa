/**
 * How the program sleeps between turns. To fall asleep and to be woken costs several times what a frame does. So while many frames come, it does not
 * listen but comes back after a while for all that have arrived: as network adapters put off their interrupts (Linux, lib/dim/net_dim.c).
 */
import { received, wait } from "../system";

/** Nanoseconds that frames may have to wait; the kernel adds some 50 microseconds of its own. */
const PAUSE: i64 = 100_000;
/** Frames that pauses must bring on the average of about `MEMORY`, or they are over. */
const WORTH: u32 = 6;
const MEMORY: u32 = 8;
/** What many frames are: so many, in so many nanoseconds. */
const MANY: u64 = 50;
const SPAN: u64 = 1_000_000;
/**
 * When pauses were not worth it from the beginning (for so many nanoseconds), none is tried for so many: who waits for each answer asks less while there
 * are pauses.
 */
const TRIAL: u64 = 5_000_000;
const DOUBT: u64 = 20_000_000;

/** `MEMORY` times what pauses have brought lately; 0 while there are none. */
let brought: u32 = 0;
/** When counting began, and the count then. */
let since: u64 = 0;
let before: u32 = 0;
/** When the first of the pauses was. */
let first: u64 = 0;
/** Until then no pause is tried. */
let doubtful: u64 = 0;

/** Sleeps until there is something to do, for at most `most` nanoseconds; below 0: however long it takes. */
export function rest(now: u64, most: i64): void {
  const count = received();
  const came = count - before;
  if (brought != 0) {
    brought += came - brought / MEMORY;
    if (brought < MEMORY * WORTH) {
      brought = 0;
      if (now - first < TRIAL) doubtful = now + DOUBT;
    }
    begin(now, count);
  } else if (now < doubtful) begin(now, count);
  else if (now - since >= SPAN) {
    if (<u64>came * SPAN >= MANY * (now - since)) {
      brought = 2 * MEMORY * WORTH;
      first = now;
    }
    begin(now, count);
  }
  if (brought != 0) wait(most < 0 ? PAUSE : min(most, PAUSE), false);
  else wait(most, true);
}

function begin(now: u64, count: u32): void {
  since = now;
  before = count;
}
