/** UDP, RFC 768, 1122 4.1 and 8200 8.1. Who is bound to a port answers at once, into the packet that will be sent. */

import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Measures } from "../../core/measures";
import { BUFFER, Packet } from "../../core/packet";
import { Counter, count, show, showDrops } from "../counters";
import { Datagram, DatagramHandler, Failure, IP, IP6_HEADER } from "../datagrams";
import { LEAST_MTU } from "../header6";
import { Nic } from "../nic";
import { learn } from "../paths";
import { complete as completeSegment } from "../transport";
import { Peer, Responder } from "../udp";
import * as ip from "./needs/ip";
import { V4, V6 } from "./needs/ip";

const UDP: u32 = 17;
const HEADER: u32 = 8;
/** The longest answer that is written straight into a packet, even if that must then be sent in fragments. */
const ROOM: u32 = BUFFER - IP - IP6_HEADER - HEADER;
/** The longest datagram; longer answers than ROOM are written aside. */
const LARGEST: u32 = 8192;

/** Offset in the header. */
const CHECKSUM: u32 = 6;

let bindings: Binding | null = null;

const peer = new Peer();
const nothing = new StaticArray<u8>(0);
const request = new Bytes(nothing, 0, 0);
const reply = new Bytes(nothing, 0, 0);
let large: Bytes | null = null;
let attached = false;

/** Who answers on a port of an address; 0 and 0 stand for any. */
@final
class Binding {
  constructor(
    public high: u64,
    public low: u64,
    public port: u32,
    public responder: Responder,
    public next: Binding | null,
  ) {}
}

@final
class Receiver extends DatagramHandler {
  receive(datagram: Datagram): void {
    input(datagram);
  }

  /**
   * RFC 1191, 8201. All that a datagram proves is that its port is one of ours: so nobody brings us below what every answer of 1232 bytes fits
   * into, and fragments can be forged no more easily than before.
   */
  failed(failure: Failure): void {
    const port = failure.bytes.be16(failure.payload);
    let each: Binding | null = bindings;
    while (each != null && each.port != port) each = each.next;
    if (each == null || failure.mtu < LEAST_MTU) return;
    learn(failure.destinationHigh, failure.destination, failure.mtu, failure.now);
  }
}

/**
 * In `prepare`: datagrams to this port of this address (0 and 0: any) are answered by `responder`. False when the port is taken,
 * or the answers may be too long.
 */
export function bind(high: u64, low: u64, port: u32, responder: Responder): bool {
  if (!attached) {
    attached = true;
    ip.register(UDP, new Receiver(), new Receiver());
  }
  let other: Binding | null = bindings;
  while (other != null) {
    const same = other.low == low && other.high == high;
    const overlaps = same || (high | low) == 0 || (other.high | other.low) == 0;
    if (other.port == port && overlaps) return false;
    other = other.next;
  }
  if (responder.most > LARGEST - HEADER) return false;
  if (responder.most > ROOM && large == null)
    large = new Bytes(new StaticArray<u8>(<i32>LARGEST), 0, LARGEST);
  bindings = new Binding(high, low, port, responder, bindings);
  return true;
}

function input(datagram: Datagram): void {
  const bytes = datagram.packet.bytes;
  const from = datagram.payload;
  if (datagram.length < HEADER) return count(Counter.udpBadLength);
  const head = bytes.be64(from);
  const source = <u32>(head >> 48);
  const port = <u32>(head >> 32) & 0xffff;
  const length = <u32>head >> 16;
  if (length < HEADER || length > datagram.length) return count(Counter.udpBadLength);
  if (!isSound(datagram, length, <u32>head & 0xffff)) return count(Counter.udpBadChecksum);
  const responder = listener(datagram, port);
  if (responder == null) {
    count(Counter.udpNoPort);
    return ip.portUnreachable(datagram);
  }
  // An answer to port 0 cannot arrive; one to a broadcast would come from everybody.
  if (source == 0 || datagram.toAll) return count(Counter.udpNoAnswer);
  count(Counter.udpIn);
  request.window(bytes, from + HEADER, length - HEADER);
  if (V6) {
    peer.family = V4 && datagram.sourceHigh == 0 ? 4 : 6;
    peer.high = datagram.sourceHigh;
  }
  peer.low = datagram.source;
  peer.port = <u16>source;
  respond(datagram, responder, port, source);
}

/** Is its checksum right? IPv4 may do without one; for IPv6 nobody else looks at the addresses: RFC 8200 8.1. */
function isSound(datagram: Datagram, length: u32, checksum: u32): bool {
  if (checksum == 0) return V4 && (!V6 || datagram.sourceHigh == 0);
  if (datagram.packet.verified) return true;
  const sum = datagram.packet.bytes.sum(datagram.payload, length, received(datagram, length));
  return folded(sum) == 0xffff;
}

function listener(datagram: Datagram, port: u32): Responder | null {
  const low = datagram.destination;
  let each: Binding | null = bindings;
  while (each != null) {
    if (each.port == port) {
      const isAny = each.low == 0 && (!V6 || each.high == 0);
      const same = each.low == low && (!V6 || each.high == datagram.destinationHigh);
      if (isAny || same) return each.responder;
    }
    each = each.next;
  }
  return null;
}

/** The pseudo-header's share of the checksum, of what came and of what answers it alike. */
function received(datagram: Datagram, length: u32): u64 {
  return ip.pseudo(
    datagram.sourceHigh,
    datagram.source,
    datagram.destinationHigh,
    datagram.destination,
    UDP,
    length,
  );
}

function respond(datagram: Datagram, responder: Responder, port: u32, to: u32): void {
  const nic = datagram.nic;
  const most = responder.most;
  const out = ip.startTo(datagram.sourceHigh);
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  if (most > ROOM) reply.window(large!, HEADER, most);
  else reply.window(packet.bytes, out + HEADER, most);
  const size = responder.respond(request, reply, peer);
  assert(size <= most);
  if (size == 0) return nic.link.discard(packet);
  count(Counter.udpOut);
  const length = HEADER + size;
  const room = ip.mtuTo(nic, datagram.sourceHigh, datagram.source) - ip.headerTo(datagram.sourceHigh);
  if (most <= ROOM && length <= room) {
    writeHeader(packet.bytes, out, port, to, length);
    complete(nic, packet, out, length, received(datagram, length));
    return ip.answer(datagram, packet, UDP, length);
  }
  // Written aside, or longer than the link takes.
  const at = most > ROOM ? 0 : out;
  const bytes = most > ROOM ? large! : packet.bytes;
  writeHeader(bytes, at, port, to, length);
  bytes.setBe16(at + CHECKSUM, folded(bytes.sum(at, length, received(datagram, length))) ^ 0xffff);
  neverZero(bytes, at);
  ip.answerLong(datagram, bytes, at, UDP, length);
  nic.link.discard(packet);
}

function writeHeader(bytes: Bytes, at: u32, port: u32, to: u32, length: u32): void {
  bytes.setBe64(at, ((<u64>((port << 16) | to)) << 32) | <u64>(length << 16));
}

/** Gives a datagram at `at` its checksum; `sum` is that of the pseudo-header. */
function complete(nic: Nic, packet: Packet, at: u32, length: u32, sum: u64): void {
  completeSegment(nic, packet, at, CHECKSUM, length, sum);
  if (packet.checksumStart == 0) neverZero(packet.bytes, at);
}

/** A checksum of zero is sent as all ones: zero means that there is none. */
function neverZero(bytes: Bytes, at: u32): void {
  if (bytes.be16(at + CHECKSUM) == 0) bytes.setBe16(at + CHECKSUM, 0xffff);
}

const payload = new Bytes(nothing, 0, 0);
/** A datagram of our own that is being written: where it goes, and from where. */
let started: Packet | null = null;
let startedBy: Nic | null = null;
let startedHigh: u64 = 0;
let startedTo: u64 = 0;

/** Begins a datagram of our own to an address: the view takes its payload, then `send`. Null when there is no way there, or no buffer. */
export function outgoing(high: u64, low: u64): Bytes | null {
  cancel();
  const nic = ip.route(high, low);
  if (nic == null) {
    count(Counter.noRoute);
    return null;
  }
  const packet = nic.link.allocate();
  if (packet == null) {
    count(Counter.noBuffer);
    return null;
  }
  started = packet;
  startedBy = nic;
  startedHigh = high;
  startedTo = low;
  const room = ip.mtuTo(nic, high, low) - ip.headerTo(high) - HEADER;
  payload.window(packet.bytes, ip.startTo(high) + HEADER, room);
  return payload;
}

/** Sends what `outgoing` began, with the first `size` bytes of its payload. */
export function send(port: u32, toPort: u32, size: u32): void {
  const packet = started!;
  const nic = startedBy!;
  assert(size <= payload.length);
  started = null;
  const length = HEADER + size;
  const out = ip.startTo(startedHigh);
  const fromHigh = ip.ownHigh(nic, startedHigh, startedTo);
  const from = ip.ownLow(nic, startedHigh, startedTo);
  writeHeader(packet.bytes, out, port, toPort, length);
  complete(nic, packet, out, length, ip.pseudo(fromHigh, from, startedHigh, startedTo, UDP, length));
  count(Counter.udpOut);
  ip.send(nic, packet, fromHigh, from, startedHigh, startedTo, 0, UDP, length);
}

/**
 * Does a datagram to this address wait until it is known where that is? Another one would take its place: who has several to send waits.
 */
export function isHeld(high: u64, low: u64): bool {
  const nic = ip.route(high, low);
  return nic != null && ip.isHeld(nic, high, low);
}

/** What `outgoing` began is not sent after all. */
export function cancel(): void {
  const packet = started;
  if (packet != null) startedBy!.link.discard(packet);
  started = null;
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  to.counter("udp_datagrams_received", "UDP datagrams for a port that somebody listens on.");
  show(to, "", Counter.udpIn);
  to.counter("udp_datagrams_sent", "UDP datagrams that were sent.");
  show(to, "", Counter.udpOut);
  showDrops(to);
  show(to, 'layer="udp",reason="bad_length"', Counter.udpBadLength);
  show(to, 'layer="udp",reason="bad_checksum"', Counter.udpBadChecksum);
  show(to, 'layer="udp",reason="no_port"', Counter.udpNoPort);
  show(to, 'layer="udp",reason="no_answer"', Counter.udpNoAnswer);
}
