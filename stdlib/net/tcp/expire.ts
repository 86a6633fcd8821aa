/** What is done when a timer ends: RFC 6298 5, RFC 8985 7.3, RFC 9293 3.8.3 and 3.8.6.1. */
import { Ended } from "../tcp";
import { Control, NEVER, State, Waits } from "./block";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";
import { discard, end, reset } from "./ending";
import { sendSynAgain } from "./handshake";
import { ask } from "./keepalive";
import { probe, resend, sendOne } from "./output";
import { arm, detect, timedOut } from "./recovery";
import { schedule } from "./timers";

/** RFC 9293 3.8.3: R2 is at least 100 seconds. */
const SILENCE: u64 = 100_000_000_000;
/** RFC 6429 4 lets a window that stays closed be somebody's attack: after so long without any progress. */
const CLOSED_WINDOW: u64 = 300_000_000_000;
/** After so many timeouts the way to the other side is looked for anew: RFC 9293 3.8.3, R1. */
const NEW_WAY: u32 = 2;

export function expire(c: Control, now: u64): void {
  if (c.acknowledgeAt <= now) {
    c.acknowledgeAt = NEVER;
    c.owesNow = true;
    markDirty(c);
  }
  if (c.lifeAt <= now) {
    c.lifeAt = NEVER;
    if (c.state == State.timeWait) return discard(c);
    if (c.state == State.finWait2) return end(c, Ended.timeout);
    ask(c, now);
    if (c.state == State.closed) return;
  }
  if (c.retransmitAt <= now) {
    c.retransmitAt = NEVER;
    retransmit(c, now);
  }
  schedule(c);
}

function retransmit(c: Control, now: u64): void {
  if (c.state <= State.synReceived) return sendSynAgain(c, now);
  if (c.waits == Waits.window) {
    if (now - c.progressAt > CLOSED_WINDOW || now - c.heard > SILENCE) return giveUp(c);
    return probe(c, now);
  }
  if (c.firstSent == null) return;
  if (c.waits == Waits.reordering) {
    c.waits = Waits.nothing;
    detect(c, now);
    markDirty(c);
    return arm(c, now);
  }
  if (c.waits == Waits.tail) return probeTail(c, now);
  if (now - max(c.heard, c.firstSent!.at) > SILENCE || (c.backoff > 0 && now - c.heard > SILENCE))
    return giveUp(c);
  timedOut(c);
  if (c.backoff >= NEW_WAY) c.hardware = 0;
  markDirty(c);
}

/** RFC 8985 7.3: something new if there is, else the last segment once more. */
function probeTail(c: Control, now: u64): void {
  count(Tcp.probes);
  c.waits = Waits.timeout;
  c.hasTail = true;
  c.isTailAgain = !sendOne(c, now);
  if (c.isTailAgain) resend(c, c.lastSent!, now);
  c.tailEnd = c.nextToSend;
  arm(c, now);
}

function giveUp(c: Control): void {
  count(Tcp.abandoned);
  reset(c);
  end(c, Ended.timeout);
}
