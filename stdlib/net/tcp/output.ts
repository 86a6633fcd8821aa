/** What may be sent now: RFC 9293 3.8.6.2.1, RFC 5681, RFC 6675 5. */
import { Control, NEVER, State, Waits } from "./block";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";
import { emit } from "./emit";
import { add, again, firstLost, forgetLast, split } from "./flight";
import { Sent } from "./pools";
import { gathered } from "./queue";
import { arm } from "./recovery";
import { ACK, FIN, PSH } from "./segment";
import { before, later } from "./sequence";
import { schedule } from "./timers";
import { timeout } from "./trips";

/** Can it send data? A FIN may be on its way, and everything may have to be sent again. */
function isSending(c: Control): bool {
  return c.state >= State.established && c.state <= State.lastAck && c.state != State.finWait2;
}

/** Sends what may be sent. False: the device has no buffer, so it is to be called again. */
export function flush(c: Control, now: u64): bool {
  if (isSending(c)) {
    if (c.pipe == 0 && c.firstSent == null && c.lastSentAt != 0 && now - c.lastSentAt > c.timeout)
      c.congestion.idle();
    if (!sendLost(c, now)) return false;
    // What is lost goes first, and what is new must not pass it by.
    if (firstLost(c) == null && !sendNew(c, now)) return false;
  }
  if (c.owesNow && c.state >= State.established) return emit(c, ACK, c.nextToSend, 0, now);
  return true;
}

/** One window is never larger than this while duplicates tell that segments leave the network: RFC 3042, RFC 6582. */
function allowed(c: Control): u32 {
  const window = c.congestion.window;
  return c.canSack ? window : window + min(c.duplicates, 1000) * c.segmentSize;
}

/** What is lost goes before what is new: RFC 6675 4, NextSeg (1). */
function sendLost(c: Control, now: u64): bool {
  while (true) {
    const lost = firstLost(c);
    if (lost == null) return true;
    if (!c.mustResend && c.pipe > 0 && c.pipe + (lost.to - lost.from) > allowed(c)) {
      c.isLimited = true;
      return true;
    }
    if (!resend(c, lost, now)) return false;
    c.mustResend = false;
  }
}

/** Sends a segment once more. */
export function resend(c: Control, sent: Sent, now: u64): bool {
  const data = dataEnd(c, sent);
  if (data - sent.from > c.segmentSize && !split(c, sent, sent.from + c.segmentSize)) return false;
  const end = dataEnd(c, sent);
  const flags = ACK | PSH | (before(end, sent.to) ? FIN : 0);
  if (!emit(c, flags, sent.from, end - sent.from, now)) return false;
  count(Tcp.retransmitted);
  again(c, sent, now);
  c.lastSentAt = now;
  // RFC 6675 5.1: the clock begins anew with the first one.
  if (c.retransmitAt == NEVER || sent == c.firstSent) arm(c, now);
  return true;
}

/** Behind the bytes of a segment, without its FIN. */
function dataEnd(c: Control, sent: Sent): u32 {
  return before(c.queueEnd, sent.to) ? c.queueEnd : sent.to;
}

function sendNew(c: Control, now: u64): bool {
  let isSent = false;
  let isPossible = true;
  c.isLimited = false;
  while (true) {
    const length = nextLength(c);
    const isFin = c.isClosing && c.nextToSend + length == c.queueEnd;
    if (length == 0 && !isFin) break;
    const span = length + (isFin ? 1 : 0);
    if (!fits(c, length)) break;
    if (!add(c, c.nextToSend, c.nextToSend + span, now)) {
      count(Tcp.noMemory);
      isPossible = c.firstSent != null;
      break;
    }
    const isLast = c.nextToSend + length == c.queueEnd;
    const flags = ACK | (isLast ? PSH : 0) | (isFin ? FIN : 0);
    if (!emit(c, flags, c.nextToSend, length, now)) {
      forgetLast(c);
      isPossible = false;
      break;
    }
    c.nextToSend += span;
    if (length % c.segmentSize != 0) c.shortEnd = c.nextToSend;
    isSent = true;
    if (isFin) closing(c);
  }
  if (isSent) {
    c.lastSentAt = now;
    if (c.retransmitAt == NEVER || c.waits == Waits.tail || c.waits == Waits.window) arm(c, now);
  } else if (c.firstSent == null && before(c.nextToSend, c.queueEnd) && c.waits != Waits.window) {
    probeLater(c, now);
  }
  return isPossible;
}

/** How many bytes the next segment has; 0 when it is better to wait. */
function nextLength(c: Control): u32 {
  if (!before(c.nextToSend, c.queueEnd)) return 0;
  const queued = c.queueEnd - c.nextToSend;
  const edge = c.unacknowledged + c.sendWindow;
  if (!before(c.nextToSend, edge)) return 0;
  const window = edge - c.nextToSend;
  const length = min(queued, window);
  if (length >= c.segmentSize) return c.nic!.link.cuts == 0 ? c.segmentSize : several(c, length, queued);
  // RFC 9293 3.8.6.2.1: all there is, or half of the largest window; and what is short waits for nothing on its way (Nagle), but for a
  // part behind whole segments: who writes all at once is not made to wait (Minshall).
  if (length == queued) return mayBeShort(c) ? length : 0;
  return length >= c.largestWindow / 2 || c.firstSent == null ? length : 0;
}

function mayBeShort(c: Control): bool {
  return c.isClosing || !before(c.unacknowledged, c.shortEnd);
}

/** As many whole segments as the link may cut at once, and what the congestion window allows; the last one may be short if nothing follows. */
function several(c: Control, length: u32, queued: u32): u32 {
  const size = c.segmentSize;
  const most = allowed(c);
  const room = most > c.pipe ? min(most - c.pipe, c.nic!.link.cuts) : 0;
  if (length < 2 * size && length != queued) return size;
  if (room < 2 * size && room < length) return size;
  const together = gathered(c, c.nextToSend, min(length, room));
  if (together <= size) return size;
  return together == queued && mayBeShort(c) ? together : together - (together % size);
}

/** The congestion window: always one segment when nothing is on its way. */
function fits(c: Control, length: u32): bool {
  if (c.firstSent == null) return true;
  if (c.pipe + length <= allowed(c)) return true;
  c.isLimited = true;
  return false;
}

/** The FIN is sent. */
function closing(c: Control): void {
  c.nextToSend = later(c.nextToSend, c.queueEnd + 1);
  if (c.state == State.established) c.state = State.finWait1;
  else if (c.state == State.closeWait) c.state = State.lastAck;
}

/** Sends one new segment though the congestion window may be full: RFC 8985 7.3. False: there is none. */
export function sendOne(c: Control, now: u64): bool {
  const length = min(nextLength(c), c.segmentSize);
  if (length == 0 || !add(c, c.nextToSend, c.nextToSend + length, now)) return false;
  if (!emit(c, ACK | PSH, c.nextToSend, length, now)) {
    forgetLast(c);
    return false;
  }
  c.nextToSend += length;
  c.lastSentAt = now;
  return true;
}

/** The window is closed: RFC 9293 3.8.6.1. */
function probeLater(c: Control, now: u64): void {
  c.waits = Waits.window;
  c.retransmitAt = now + timeout(c);
  schedule(c);
}

/** Asks for the window: a segment that the other side must answer. It takes no sequence number, so a closed window stays what it is. */
export function probe(c: Control, now: u64): void {
  count(Tcp.probes);
  c.backoff = min(c.backoff + 1, 16);
  if (!emit(c, ACK, c.unacknowledged - 1, 0, now)) markDirty(c);
  probeLater(c, now);
}
