/** How connections end: RFC 9293 3.6, 3.10.7.4. */

import { Datagram } from "../datagrams";
import { Ended } from "../tcp";
import { Control, NEVER, State } from "./block";
import { count, Tcp } from "./counters";
import { emitAlone } from "./emit";
import { endsOf, endsOfAnswer } from "./ends";
import { clear as clearFlight } from "./flight";
import { clear as clearQueue } from "./queue";
import { clear as clearReassembly } from "./reassembly";
import { sendReset } from "./resets";
import { ACK, RST, Segment } from "./segment";
import { leaveStarving } from "./starving";
import { beginWait, release } from "./table";
import { schedule } from "./timers";

/**
 * RFC 9293 3.4.2 has twice an MSL of two minutes. What is on its way does not live so long today, and each one takes memory: this is
 * what Linux has. Who is new may come sooner (RFC 6191), and pushes out the oldest when memory is short.
 */
const WAIT: u64 = 60_000_000_000;

function clear(c: Control): void {
  clearFlight(c);
  clearQueue(c);
  clearReassembly(c);
  leaveStarving(c);
  c.retransmitAt = NEVER;
  c.acknowledgeAt = NEVER;
}

/** It is over, and the application is told. */
export function end(c: Control, reason: i32): void {
  const session = c.session;
  discard(c);
  if (session != null) session.ended(reason);
}

/** It is over, and nobody is told. */
export function discard(c: Control): void {
  clear(c);
  release(c);
}

/** Both sides have closed it. The application is told that it is over; it goes on for those segments that come late. */
export function wait(c: Control, now: u64): void {
  clear(c);
  const session = c.session;
  c.session = null;
  beginWait(c);
  waitAnew(c, now);
  if (session != null) session.ended(Ended.closed);
}

/** The last FIN came once more: RFC 9293 3.10.7.4. */
export function waitAnew(c: Control, now: u64): void {
  c.lifeAt = now + WAIT;
  schedule(c);
}

/** Resets a connection of ours: RFC 9293 3.10.5. */
export function reset(c: Control): void {
  if (c.state == State.synSent) return;
  sendReset(endsOf(c), (c.localPort << 16) | c.port, c.nextToSend, c.nextToReceive);
}

/** Resets what is no connection of ours: RFC 9293 3.10.7.1. */
export function refuse(datagram: Datagram, segment: Segment): void {
  if (segment.has(RST)) return;
  const nic = datagram.nic;
  const packet = nic.link.allocate();
  if (packet == null) return count(Tcp.noBuffer);
  count(Tcp.resetsOut);
  const ports = (segment.to << 16) | segment.from;
  const ends = endsOfAnswer(datagram);
  if (segment.has(ACK)) {
    emitAlone(ends, packet, ports, segment.acknowledgement, 0, RST, 0, 0);
  } else {
    const next = segment.sequence + segment.span;
    emitAlone(ends, packet, ports, 0, next, RST | ACK, 0, 0);
  }
}
