/** What is lost, and what follows from that: RACK-TLP (RFC 8985) for who tells by SACK, NewReno (RFC 6582) for who does not. */
import { Control, NEVER, Waits } from "./block";
import { count, Tcp } from "./counters";
import { lose, loseAll } from "./flight";
import { Sent } from "./pools";
import { atMost, before } from "./sequence";
import { schedule } from "./timers";
import { timeout } from "./trips";
import { surely } from "./wire";

/** RFC 5681 3.2: three. */
const DUPLICATES: u32 = 3;
/** RFC 8985 7.2: how long the other side may wait with its acknowledgement. */
const DELAYED: u64 = 200_000_000;
const MILLISECOND: u64 = 1_000_000;
/** Of a packet; headers of IPv4 and TCP. */
const BASE: u32 = 1200;
const HEADERS: u32 = 40;

/** The other side tells of something new, or has told again what it lacks. */
export function detect(c: Control, now: u64): void {
  if (c.canSack) detectByTime(c, now);
  else if (c.duplicates >= DUPLICATES) {
    const first = c.firstSent;
    if (first != null && !c.isRecovering) {
      enter(c);
      lose(c, first);
    }
  }
}

/** RFC 8985 6.2 step 4. */
function reorderingWindow(c: Control): u64 {
  if (!c.isReordering && (c.isRecovering || c.sacked >= DUPLICATES * c.segmentSize)) return 0;
  return min(c.least / 4, c.smoothed);
}

/** RFC 8985 6.2 step 5. */
function detectByTime(c: Control, now: u64): void {
  // As long as all comes in order, what is left was sent after what has arrived.
  if (c.rackAt == 0 || (c.sacked == 0 && !c.isRecovering)) return;
  const window = reorderingWindow(c);
  let wait: u64 = 0;
  let isNew = false;
  let each: Sent | null = c.firstSent;
  while (each != null) {
    if (!each.isSacked && !each.isLost && isEarlier(c, each)) {
      const left = each.at + c.rackTrip + window;
      if (left <= now) {
        lose(c, each);
        isNew = true;
      } else wait = max(wait, left - now);
    }
    each = each.next;
  }
  if (isNew && !c.isRecovering) enter(c);
  if (wait != 0) {
    c.waits = Waits.reordering;
    c.retransmitAt = now + wait;
    schedule(c);
  }
}

/** Was it sent before the one that was sent last of those that have arrived? */
function isEarlier(c: Control, sent: Sent): bool {
  return sent.at < c.rackAt || (sent.at == c.rackAt && before(sent.to, c.rackEnd));
}

function enter(c: Control): void {
  count(Tcp.recoveries);
  c.isRecovering = true;
  c.mustResend = true;
  c.recoveryPoint = c.nextToSend;
  c.congestion.lost();
}

/** Something new is acknowledged. */
export function advanced(c: Control): void {
  c.duplicates = 0;
  if (!c.isRecovering) return;
  if (atMost(c.recoveryPoint, c.unacknowledged)) {
    c.isRecovering = false;
    return;
  }
  // RFC 6582 3.2 step 3: not all of it, so the next one is lost too.
  const first = c.firstSent;
  if (!c.canSack && first != null) lose(c, first);
}

/** The retransmission timer of a connection that has something on its way: RFC 6298 5, RFC 8985 7.2. */
export function arm(c: Control, now: u64): void {
  if (c.firstSent == null) {
    if (c.waits != Waits.window) {
      c.waits = Waits.nothing;
      c.retransmitAt = NEVER;
    }
    return;
  }
  if (c.waits == Waits.reordering && c.retransmitAt > now && c.retransmitAt != NEVER) return;
  const limit = now + timeout(c);
  c.waits = Waits.timeout;
  c.retransmitAt = limit;
  if (c.canSack && !c.isRecovering && !c.hasTail && c.smoothed != 0 && c.backoff == 0 && c.sacked == 0) {
    // RFC 8985 7.2: two round trips, and the other side's patience if it has only one segment to answer.
    let probe = now + 2 * c.smoothed + 2 * MILLISECOND;
    if (c.firstSent == c.lastSent) probe += DELAYED;
    if (probe < limit) {
      c.waits = Waits.tail;
      c.retransmitAt = probe;
    }
  }
  schedule(c);
}

/** The timeout has come: RFC 6298 5.4 to 5.6. */
export function timedOut(c: Control): void {
  count(Tcp.timeouts);
  c.congestion.timedOut(c.backoff == 0);
  c.backoff += 1;
  if (c.backoff == 2 || c.backoff == 4) shorten(c);
  c.isRecovering = true;
  c.recoveryPoint = c.nextToSend;
  c.hasTail = false;
  c.duplicates = 0;
  loseAll(c);
}

/** RFC 8899 4.3: long segments may be lost on their way without a word. BASE_PLPMTU of 5.1.2 first, then what always arrives. */
function shorten(c: Control): void {
  const options: u32 = c.hasTimes ? 12 : 0;
  const sure = surely(c.high);
  const size = (c.backoff == 2 ? max(BASE - HEADERS, sure) : sure) - options;
  const first = c.firstSent;
  if (first == null || first.to - first.from <= size || c.segmentSize <= size) return;
  c.segmentSize = size;
  c.congestion.resize(size);
}
