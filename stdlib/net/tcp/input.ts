/** A segment arrives: RFC 9293 3.10.7. */
import { Datagram } from "../datagrams";
import { Ended } from "../tcp";
import { acknowledge, isFinAcknowledged } from "./acknowledge";
import { Control, NEVER, State } from "./block";
import { challenge } from "./challenge";
import { answered } from "./connect";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";
import { discard, end, refuse, wait, waitAnew } from "./ending";
import { establish, listen, repeated } from "./handshake";
import { now as clock } from "./needs/clock";
import { finish, isReceiving, noteFin, reachedFin, take } from "./receive";
import { ACK, FIN, RST, read, Segment, SYN } from "./segment";
import { atMost, before } from "./sequence";
import { find } from "./table";
import { schedule } from "./timers";

/** RFC 7323 5.5: after so long without a segment a timestamp says nothing. */
const STALE: u64 = 24 * 86_400_000_000_000;
/** RFC 9293 3.3.2 lets FIN-WAIT-2 last for ever; here as long as in Linux. */
const PATIENCE: u64 = 60_000_000_000;

const segment = new Segment();

export function input(datagram: Datagram): void {
  // RFC 9293 3.9.2.3 (MUST-57): a segment for all is nobody's.
  if (datagram.toAll || !read(datagram, segment)) return;
  count(Tcp.segmentsIn);
  const now = clock();
  const ports = (segment.to << 16) | segment.from;
  let c = find(datagram.sourceHigh, datagram.source, ports, datagram.destinationHigh, datagram.destination);
  if (c != null && c.state == State.timeWait && isNewer(c)) {
    discard(c);
    c = null;
  }
  if (c == null) {
    c = listen(datagram, segment, now);
    if (c == null) return;
  }
  if (c.state == State.synSent) return answered(c, datagram, segment, now);
  arrive(c, datagram, now);
}

/** May this SYN take the place of a connection that only waits? RFC 6191 2, RFC 9293 3.6.1 (MAY-2). */
function isNewer(c: Control): bool {
  if ((segment.flags & (SYN | ACK | RST)) != SYN) return false;
  if (c.hasTimes && segment.options.hasTime && c.recentTime != segment.options.time)
    return before(c.recentTime, segment.options.time);
  return before(c.nextToReceive, segment.sequence);
}

function arrive(c: Control, datagram: Datagram, now: u64): void {
  if (!isTimely(c, now) || !isAcceptable(c, now)) return;
  if (segment.has(RST)) return resetBy(c, now);
  if (segment.has(SYN)) return challenge(c, now);
  if (!segment.has(ACK)) return;
  c.hardware = datagram.hardware;
  c.heard = now;
  keepTime(c, now);
  if (c.state == State.synReceived && !completes(c, datagram, now)) return;
  if (!acknowledge(c, segment, now) || c.state == State.closed) return;
  if (isFinAcknowledged(c) && !finAcknowledged(c, now)) return;
  if (c.state == State.timeWait) {
    if (segment.has(FIN)) waitAnew(c, now);
    return;
  }
  if (segment.length > 0 && isReceiving(c)) {
    take(c, datagram.packet.bytes, segment, now);
    if (c.state == State.closed) return;
  }
  if (segment.has(FIN) && isReceiving(c)) noteFin(c, segment);
  if (reachedFin(c)) ended(c, now);
}

/** PAWS: RFC 7323 5.3. */
function isTimely(c: Control, now: u64): bool {
  if (!c.hasTimes || segment.has(RST)) return true;
  // RFC 7323 3.2: without, it is dropped. But a SYN that comes again has its own way.
  if (!segment.options.hasTime) return segment.has(SYN);
  if (!before(segment.options.time, c.recentTime) || now - c.recentAt > STALE) return true;
  if (segment.has(SYN)) return true;
  count(Tcp.paws);
  challenge(c, now);
  return false;
}

/** RFC 7323 4.3. */
function keepTime(c: Control, now: u64): void {
  if (!c.hasTimes || !segment.options.hasTime) return;
  const isNew = atMost(c.recentTime, segment.options.time) || now - c.recentAt > STALE;
  if (!isNew || before(c.lastAcknowledged, segment.sequence)) return;
  c.recentTime = segment.options.time;
  c.recentAt = now;
}

/** RFC 9293 3.10.7.4, "First": does any of it lie in the window? */
function isAcceptable(c: Control, now: u64): bool {
  const first = segment.sequence;
  const span = segment.span;
  const window = c.rightEdge - c.nextToReceive;
  const last = first + span - 1;
  const isInside =
    span == 0
      ? first == c.nextToReceive || first - c.nextToReceive < window
      : (window > 0 && (first - c.nextToReceive < window || last - c.nextToReceive < window)) ||
        spans(c, first, last);
  if (isInside) return true;
  // The window is closed, but what is acknowledged counts: RFC 9293 3.10.7.4.
  if (window == 0 && first == c.nextToReceive && segment.has(ACK) && !segment.has(SYN) && !segment.has(RST))
    return acknowledgesOnly(c, now);
  count(Tcp.outOfWindow);
  if (segment.has(RST)) return false;
  if (c.state == State.synReceived && segment.has(SYN) && first == c.initialReceived) {
    repeated(c, now);
    return false;
  }
  if (c.state == State.timeWait && segment.has(FIN)) waitAnew(c, now);
  // What has come before was sent again because an acknowledgement was lost: that is answered at once.
  if (segment.length > 0 && !segment.has(SYN) && atMost(last, c.nextToReceive)) {
    count(Tcp.duplicates);
    c.twiceFrom = first;
    c.twiceTo = first + segment.length;
    c.owesNow = true;
    markDirty(c);
  } else challenge(c, now);
  return false;
}

/** It begins before the window and ends behind it. */
function spans(c: Control, first: u32, last: u32): bool {
  return c.rightEdge != c.nextToReceive && before(first, c.nextToReceive) && !before(last, c.nextToReceive);
}

/** Its bytes are not taken; the answer says that there is no room. */
function acknowledgesOnly(c: Control, now: u64): bool {
  count(Tcp.outOfWindow);
  if (c.state >= State.established) {
    keepTime(c, now);
    c.heard = now;
    acknowledge(c, segment, now);
    if (c.state == State.closed) return false;
    if (isFinAcknowledged(c)) finAcknowledged(c, now);
  }
  challenge(c, now);
  return false;
}

/** RFC 5961 3.2: only what is at exactly the right place is believed. */
function resetBy(c: Control, now: u64): void {
  if (segment.sequence != c.nextToReceive) return challenge(c, now);
  count(Tcp.resetsIn);
  if (c.state == State.timeWait) {
    // RFC 1337: it would end the wait too early.
    return;
  }
  end(c, Ended.reset);
}

/** RFC 9293 3.10.7.4, "Fifth", SYN-RECEIVED. */
function completes(c: Control, datagram: Datagram, now: u64): bool {
  if (segment.acknowledgement != c.initial + 1) {
    refuse(datagram, segment);
    return false;
  }
  return establish(c, segment, now);
}

/** False: there is nothing more to do. */
function finAcknowledged(c: Control, now: u64): bool {
  if (c.state == State.finWait1) {
    c.state = State.finWait2;
    c.retransmitAt = NEVER;
    c.lifeAt = now + PATIENCE;
    schedule(c);
  } else if (c.state == State.closing) {
    wait(c, now);
    return false;
  } else if (c.state == State.lastAck) {
    end(c, Ended.closed);
    return false;
  }
  return true;
}

/** The other side's FIN, and everything before it, has come. */
function ended(c: Control, now: u64): void {
  c.nextToReceive += 1;
  c.rightEdge = c.nextToReceive;
  c.owesNow = true;
  markDirty(c);
  if (c.state == State.established) c.state = State.closeWait;
  else if (c.state == State.finWait1) c.state = State.closing;
  else if (c.state == State.finWait2) {
    finish(c);
    if (c.state != State.closed) wait(c, now);
    return;
  }
  finish(c);
}
