/** Is the other side still there? RFC 9293 3.8.4. Off unless an application asks for it. */
import { Ended } from "../tcp";
import { Control, NEVER, State } from "./block";
import { count, Tcp } from "./counters";
import { emit } from "./emit";
import { end, reset } from "./ending";
import { ACK } from "./segment";
import { schedule } from "./timers";

/** RFC 1122 4.2.3.6 leaves both to us. Linux asks 9 times, every 75 seconds. */
const TRIES: u32 = 5;
const INTERVAL: u64 = 15_000_000_000;

/** Sets the clock of a connection that is watched. */
export function watch(c: Control): void {
  c.asked = 0;
  c.lifeAt = c.silence == 0 ? NEVER : c.heard + c.silence;
  schedule(c);
}

/** Its time has come: either something was heard meanwhile, or it is asked. */
export function ask(c: Control, now: u64): void {
  if (c.silence == 0 || c.state < State.established || c.state > State.closeWait) return;
  if (now - c.heard < c.silence) return watch(c);
  if (c.asked == TRIES) {
    count(Tcp.abandoned);
    reset(c);
    return end(c, Ended.timeout);
  }
  c.asked += 1;
  count(Tcp.probes);
  // What is on its way asks by itself; and without a buffer for the packet the next one will do.
  if (c.firstSent == null) emit(c, ACK, c.unacknowledged - 1, 0, now);
  c.lifeAt = now + INTERVAL;
}
