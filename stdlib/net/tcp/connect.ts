/** Connections that begin here: RFC 9293 3.5, 3.10.1, 3.10.7.3. */
import { Datagram } from "../datagrams";
import { Ended, Session } from "../tcp";
import { Control, State } from "./block";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";
import { end, refuse } from "./ending";
import { begin, identify, initialSequence, offer, open, sendSyn, synchronize } from "./handshake";
import { random } from "./needs/random";
import { ACK, RST, Segment, SYN } from "./segment";
import { enter, find, halfOpened, obtain } from "./table";
import { measured } from "./trips";
import { ownHigh, ownLow, way } from "./wire";

/** RFC 6335 6: the ports that nobody has by name. RFC 6056 3.3.1: chosen so that nobody guesses them. */
const FIRST_PORT: u32 = 49152;
const PORTS: u32 = 16384;
const TRIES: u32 = 32;

/** Begins a connection; `session` is told that it is there by `writable`. Null: there is no way there, or no place. */
export function connect(high: u64, low: u64, port: u32, session: Session, now: u64): Control | null {
  const nic = way(high, low);
  if (nic == null) return null;
  const localHigh = ownHigh(nic, high, low);
  const local = ownLow(nic, high, low);
  const from = freePort(high, low, port, localHigh, local);
  if (from == 0) return null;
  const c = obtain();
  if (c == null) return null;
  const ports = (from << 16) | port;
  c.state = State.synSent;
  identify(c, nic, 0, high, low, port, localHigh, local, from);
  c.initial = initialSequence(high, low, local, ports, now);
  c.recentTime = 0;
  c.sendWindow = 0;
  offer(c);
  begin(c, now);
  c.session = session;
  c.nextToReceive = 0;
  c.rightEdge = 0;
  c.taken = 0;
  enter(c);
  sendSyn(c, now);
  return c;
}

function freePort(high: u64, low: u64, port: u32, localHigh: u64, local: u64): u32 {
  for (let n: u32 = 0; n < TRIES; n++) {
    const from = FIRST_PORT + (<u32>random() % PORTS);
    if (find(high, low, (from << 16) | port, localHigh, local) == null) return from;
  }
  return 0;
}

/** A segment for a connection that has sent its SYN: RFC 9293 3.10.7.3. */
export function answered(c: Control, datagram: Datagram, segment: Segment, now: u64): void {
  const isOurs = segment.acknowledgement == c.initial + 1;
  if (segment.has(ACK) && !isOurs) return refuse(datagram, segment);
  if (segment.has(RST)) {
    // RFC 5961 3 leaves this as it was: it must acknowledge our SYN.
    if (!segment.has(ACK)) return;
    count(Tcp.resetsIn);
    return end(c, Ended.reset);
  }
  if (!segment.has(SYN)) return;
  c.hardware = datagram.hardware;
  c.heard = now;
  const told = c.rightEdge - c.nextToReceive;
  c.initialReceived = segment.sequence;
  c.nextToReceive = segment.sequence + 1;
  c.taken = c.nextToReceive;
  c.lastAcknowledged = c.nextToReceive;
  synchronize(c, segment);
  c.recentAt = now;
  if (!c.hasScale) c.buffer = min(c.buffer, 0xffff);
  c.rightEdge = c.nextToReceive + min(told, 0xffff);
  c.congestion.begin(c.segmentSize);
  if (!segment.has(ACK)) {
    // Both have begun at once: RFC 9293 3.5, figure 8.
    c.state = State.synReceived;
    halfOpened();
    c.backoff = 0;
    return sendSyn(c, now);
  }
  c.state = State.established;
  c.unacknowledged = c.initial + 1;
  if (c.backoff == 0) measured(c, max(now - c.lastSentAt, 1));
  c.backoff = 0;
  if (!open(c, segment)) return;
  c.owesNow = true;
  markDirty(c);
}
