/** How connections begin: RFC 9293 3.5, 3.10.7.2 to 3.10.7.4; cookies of RFC 4987 when many do at once. */
import { Datagram } from "../datagrams";
import { Nic } from "../nic";
import { Acceptor, Ended } from "../tcp";
import { Control, NEVER, State, Waits } from "./block";
import { cookie, marked, opened, sackOf, scales, shiftOf } from "./cookies";
import { count, Tcp } from "./counters";
import { emit, emitAlone, synCookie, timeOf } from "./emit";
import { discard, end, refuse, reset } from "./ending";
import { endsOfAnswer } from "./ends";
import { allows } from "./limits";
import { find as findListener } from "./listeners";
import { hashed } from "./secret";
import { ACK, FIN, RST, Segment, SYN } from "./segment";
import {
  enter,
  freeConnections,
  halfOpenConnections,
  opened as noLongerHalf,
  obtain,
  waitingConnections,
} from "./table";
import { schedule } from "./timers";
import { FIRST, measured } from "./trips";
import { familyOf, largest, longest } from "./wire";

const SEQUENCE: u64 = 1;
const TIME: u64 = 2;
/** RFC 9293 3.7.1: who does not say has this. */
const DEFAULT: u32 = 536;
/** Below this a segment is mostly header: what asks for less gets this. As Linux has it (net.ipv4.tcp_min_snd_mss is 48). */
const SMALLEST: u32 = 216;
/** So often an answer to a SYN is sent again: 1 + 2 + 4 + 8 seconds. */
const TRIES: u32 = 4;

let mostHalfOpen: u32 = 0;
/** Bytes of every connection that may wait for the application. */
let buffer: u32 = 65535;
let shift: u32 = 0;

/** In `prepare`. */
export function setLimits(halfOpen: u32, window: u32): void {
  mostHalfOpen = halfOpen;
  buffer = window;
  // RFC 7323 2.2.
  shift = 0;
  while (window >> shift > 0xffff) shift += 1;
}

/** RFC 6528: a clock of four microseconds, and what only this side knows of this connection. */
export function initialSequence(high: u64, low: u64, local: u64, ports: u32, now: u64): u32 {
  return <u32>(now / 4000) + <u32>hashed(SEQUENCE | (local << 8), high, low, <u64>ports);
}

/** RFC 7323 5.4, 7.1: timestamps of each connection begin elsewhere. */
export function timeOffset(high: u64, low: u64, local: u64, ports: u32): u32 {
  return <u32>hashed(TIME | (local << 8), high, low, <u64>ports);
}

/** A segment of no connection: RFC 9293 3.10.7.1, 3.10.7.2. Gives the connection that it has begun. */
export function listen(datagram: Datagram, segment: Segment, now: u64): Control | null {
  const acceptor = findListener(datagram.destinationHigh, datagram.destination, segment.to);
  if (acceptor == null) {
    count(Tcp.noListener);
    refuse(datagram, segment);
    return null;
  }
  if (segment.has(RST)) return null;
  if (segment.has(ACK)) return fromCookie(datagram, segment, acceptor, now);
  // A beginning that is the end, too, is nobody's.
  if ((segment.flags & (SYN | FIN)) != SYN) return null;
  const high = datagram.sourceHigh;
  const low = datagram.source;
  if (!allows(high, low)) {
    count(Tcp.perSource);
    return null;
  }
  // Who is half open takes no place of those who are known to be there.
  const isCrowded = halfOpenConnections() >= mostHalfOpen || freeConnections() + waitingConnections() == 0;
  if (isCrowded) {
    sendCookie(datagram, segment, now);
    return null;
  }
  const c = obtain();
  if (c == null) return null;
  c.state = State.synReceived;
  identifyBy(c, datagram, segment, acceptor);
  synchronize(c, segment);
  const ports = (segment.to << 16) | segment.from;
  c.initial = initialSequence(high, low, c.local, ports, now);
  begin(c, now);
  c.initialReceived = segment.sequence;
  c.nextToReceive = segment.sequence + 1;
  c.rightEdge = c.nextToReceive;
  c.taken = c.nextToReceive;
  enter(c);
  sendSyn(c, now);
  return null;
}

/** Between whom it is. `hardware`: where the other side is, 0 if that is not known. */
export function identify(
  c: Control,
  nic: Nic,
  hardware: u64,
  high: u64,
  low: u64,
  port: u32,
  localHigh: u64,
  local: u64,
  localPort: u32,
): void {
  c.nic = nic;
  c.hardware = hardware;
  c.family = familyOf(high);
  c.high = high;
  c.low = low;
  c.port = port;
  c.localHigh = localHigh;
  c.local = local;
  c.localPort = localPort;
  c.timeOffset = timeOffset(high, low, local, (localPort << 16) | port);
}

function identifyBy(c: Control, datagram: Datagram, segment: Segment, acceptor: Acceptor): void {
  identify(
    c,
    datagram.nic,
    datagram.hardware,
    datagram.sourceHigh,
    datagram.source,
    segment.from,
    datagram.destinationHigh,
    datagram.destination,
    segment.to,
  );
  c.acceptor = acceptor;
}

/** What the other side can do, as its SYN says. */
export function synchronize(c: Control, segment: Segment): void {
  const options = segment.options;
  agree(c, options.mss, options.hasTime, options.canSack, options.hasShift, options.shift);
  c.recentTime = options.time;
  // RFC 7323 2.2: the window of a SYN is never scaled.
  c.sendWindow = segment.window;
}

/** Who begins offers everything. */
export function offer(c: Control): void {
  agree(c, largest(c.nic!, c.high), true, true, true, 0);
}

function agree(c: Control, mss: u32, hasTime: bool, canSack: bool, scales: bool, shift_: u32): void {
  c.hasTimes = hasTime;
  c.canSack = canSack;
  c.hasScale = scales;
  c.sendShift = scales ? shift_ : 0;
  c.receiveShift = scales ? shift : 0;
  const size = min(max(mss == 0 ? DEFAULT : mss, SMALLEST), longest(c.nic!, c.high, c.low));
  // RFC 6691: options of every segment are taken from it.
  c.segmentSize = size - (hasTime ? 12 : 0);
}

/** Everything that does not depend on how it began. */
export function begin(c: Control, now: u64): void {
  c.session = null;
  c.unacknowledged = c.initial;
  c.nextToSend = c.initial + 1;
  c.queueEnd = c.initial + 1;
  c.shortEnd = c.initial;
  c.isLimited = false;
  c.isClosing = false;
  c.buffer = c.hasScale ? buffer : min(buffer, 0xffff);
  c.largestWindow = c.sendWindow;
  c.isPaused = false;
  c.twiceFrom = c.twiceTo;
  c.hasFin = false;
  c.isFinished = false;
  c.owed = 0;
  c.owesNow = false;
  c.recentAt = now;
  c.smoothed = 0;
  c.variation = 0;
  c.least = NEVER;
  c.timeout = FIRST;
  c.backoff = 0;
  c.heard = now;
  c.lastSentAt = 0;
  c.progressAt = now;
  c.duplicates = 0;
  c.isRecovering = false;
  c.mustResend = false;
  c.rackAt = 0;
  c.isReordering = false;
  c.farthest = c.initial;
  c.hasTail = false;
  c.challengedAt = 0;
  c.silence = 0;
  c.congestion.begin(c.segmentSize);
}

/** SYN, or SYN and ACK, and once more later if nothing comes. */
export function sendSyn(c: Control, now: u64): void {
  emit(c, c.state == State.synSent ? SYN : SYN | ACK, c.initial, 0, now);
  if (c.backoff == 0) c.lastSentAt = now;
  c.waits = Waits.timeout;
  c.retransmitAt = now + (FIRST << (<u64>c.backoff));
  schedule(c);
}

/** Nothing has come: RFC 6298 5, RFC 9293 3.8.3. */
export function sendSynAgain(c: Control, now: u64): void {
  c.backoff += 1;
  if (c.backoff > TRIES) return end(c, Ended.timeout);
  count(Tcp.retransmitted);
  sendSyn(c, now);
}

/** The same SYN once more: the answer was lost, or is on its way. */
export function repeated(c: Control, now: u64): void {
  emit(c, SYN | ACK, c.initial, 0, now);
}

/** The other side has acknowledged our SYN. False: the application does not want it. */
export function establish(c: Control, segment: Segment, now: u64): bool {
  noLongerHalf();
  c.state = State.established;
  c.unacknowledged = c.initial + 1;
  if (c.backoff == 0 && c.lastSentAt != 0) measured(c, max(now - c.lastSentAt, 1));
  // RFC 6298 5.7: after a lost SYN more patience; RFC 5681 3.1: and one segment to begin with.
  else if (c.backoff > 0) c.timeout = 3 * FIRST;
  c.backoff = 0;
  return open(c, segment);
}

export function open(c: Control, segment: Segment): bool {
  c.waits = Waits.nothing;
  c.retransmitAt = NEVER;
  c.sendWindow = segment.window << c.sendShift;
  c.largestWindow = c.sendWindow;
  c.windowSequence = segment.sequence;
  c.windowAcknowledgement = segment.acknowledgement;
  // Who has begun it has a session already.
  const before = c.session;
  if (before != null) {
    before.writable();
    return c.state != State.closed;
  }
  const session = c.acceptor!.accept(c);
  if (c.state == State.closed) return false;
  if (session == null) {
    count(Tcp.refused);
    reset(c);
    discard(c);
    return false;
  }
  count(Tcp.accepted);
  c.session = session;
  return true;
}

function sendCookie(datagram: Datagram, segment: Segment, now: u64): void {
  const nic = datagram.nic;
  const packet = nic.link.allocate();
  if (packet == null) return count(Tcp.noBuffer);
  count(Tcp.cookiesSent);
  const options = segment.options;
  const high = datagram.sourceHigh;
  const low = datagram.source;
  const ports = (segment.to << 16) | segment.from;
  const mss = max(options.mss == 0 ? DEFAULT : options.mss, SMALLEST);
  const ours = cookie(high, low, ports, segment.sequence, mss, now);
  const offset = timeOffset(high, low, datagram.destination, ports);
  const time = marked(timeOf(now) + offset, options.canSack, options.hasShift, options.shift);
  const ends = endsOfAnswer(datagram);
  const length = synCookie(packet.bytes, ends, options, time, shift);
  const window = min(buffer, 0xffff);
  emitAlone(ends, packet, ports, ours, segment.sequence + 1, SYN | ACK, window, length);
}

/** An acknowledgement of no connection: perhaps of a cookie. */
function fromCookie(datagram: Datagram, segment: Segment, acceptor: Acceptor, now: u64): Control | null {
  const high = datagram.sourceHigh;
  const low = datagram.source;
  const ports = (segment.to << 16) | segment.from;
  const ours = segment.acknowledgement - 1;
  const theirs = segment.sequence - 1;
  const mss = segment.has(SYN) ? 0 : opened(high, low, ports, theirs, ours, now);
  if (mss == 0) {
    refuse(datagram, segment);
    return null;
  }
  if (!allows(high, low)) {
    count(Tcp.perSource);
    return null;
  }
  const c = obtain();
  if (c == null) {
    count(Tcp.full);
    return null;
  }
  count(Tcp.cookiesTaken);
  c.state = State.established;
  identifyBy(c, datagram, segment, acceptor);
  const options = segment.options;
  const echo = options.echo;
  const hasTime = options.hasTime;
  agree(c, mss, hasTime, hasTime && sackOf(echo), hasTime && scales(echo), min(shiftOf(echo), 14));
  c.recentTime = options.time;
  c.initial = ours;
  begin(c, now);
  c.unacknowledged = ours + 1;
  c.initialReceived = theirs;
  c.nextToReceive = theirs + 1;
  c.rightEdge = c.nextToReceive + min(c.buffer, 0xffff);
  c.taken = c.nextToReceive;
  c.lastAcknowledged = c.nextToReceive;
  enter(c);
  return open(c, segment) ? c : null;
}
