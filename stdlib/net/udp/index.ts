/** UDP, RFC 768 and 1122 4.1, over IPv4. Who is bound to a port answers at once, into the packet that will be sent. */
import { Bytes } from "../../core/bytes";
import { double, folded, word } from "../../core/checksum";
import { BUFFER, Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, IP, IP_HEADER } from "../datagrams";
import { FRAME_HEADER } from "../frames";
import { Nic } from "../nic";
import { Peer, Responder } from "../udp";
import * as icmp from "./needs/icmp";
import * as ipv4 from "./needs/ipv4";

const UDP: u32 = 17;
const HEADER: u32 = 8;
/** Offset of a datagram of ours in a packet's buffer, and of its payload. */
const OUT: u32 = IP + IP_HEADER;
const PAYLOAD: u32 = OUT + HEADER;
/** The longest answer that is written straight into a packet, even if that must then be sent in fragments. */
const ROOM: u32 = BUFFER - PAYLOAD;
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

/** Who answers on a port of an address; 0 stands for any. */
@final
class Binding {
  constructor(
    public address: u32,
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
}

/**
 * In `prepare`: datagrams to this port of this address (0: any) are answered by `responder`. False when the port is taken,
 * or the answers may be too long.
 */
export function bind(address: u32, port: u32, responder: Responder): bool {
  if (!attached) {
    attached = true;
    ipv4.register(UDP, new Receiver());
  }
  let other: Binding | null = bindings;
  while (other != null) {
    const overlaps = other.address == address || other.address == 0 || address == 0;
    if (other.port == port && overlaps) return false;
    other = other.next;
  }
  if (responder.most > LARGEST - HEADER) return false;
  if (responder.most > ROOM && large == null)
    large = new Bytes(new StaticArray<u8>(<i32>LARGEST), 0, LARGEST);
  bindings = new Binding(address, port, responder, bindings);
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
  if (!datagram.packet.verified && (<u32>head & 0xffff) != 0) {
    const sum = bytes.sum(from, length, pseudo(datagram.source, datagram.destination, length));
    if (folded(sum) != 0xffff) return count(Counter.udpBadChecksum);
  }
  const responder = listener(datagram.destination, port);
  if (responder == null) {
    count(Counter.udpNoPort);
    return icmp.portUnreachable(datagram);
  }
  // An answer to port 0 cannot arrive; one to a broadcast would come from everybody.
  if (source == 0 || datagram.toAll) return count(Counter.udpNoAnswer);
  count(Counter.udpIn);
  request.window(bytes, from + HEADER, length - HEADER);
  peer.low = <u64>datagram.source;
  peer.port = <u16>source;
  respond(datagram, responder, port, source);
}

function listener(destination: u32, port: u32): Responder | null {
  let each: Binding | null = bindings;
  while (each != null) {
    if (each.port == port && (each.address == 0 || each.address == destination)) return each.responder;
    each = each.next;
  }
  return null;
}

/** The pseudo-header's share of the checksum. */
function pseudo(source: u32, destination: u32, length: u32): u64 {
  return double(source) + double(destination) + word(UDP) + word(length);
}

function respond(datagram: Datagram, responder: Responder, port: u32, to: u32): void {
  const nic = datagram.nic;
  const most = responder.most;
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  if (most > ROOM) reply.window(large!, HEADER, most);
  else reply.window(packet.bytes, PAYLOAD, most);
  const size = responder.respond(request, reply, peer);
  assert(size <= most);
  if (size == 0) return nic.link.discard(packet);
  count(Counter.udpOut);
  const length = HEADER + size;
  if (most <= ROOM && length <= nic.mtu - IP_HEADER) {
    writeHeader(packet.bytes, OUT, port, to, length);
    complete(nic, packet, datagram.source, length);
    return ipv4.answer(datagram, packet, UDP, length);
  }
  // Written aside, or longer than the link takes.
  const at = most > ROOM ? 0 : OUT;
  const bytes = most > ROOM ? large! : packet.bytes;
  writeHeader(bytes, at, port, to, length);
  setChecksum(bytes, at, length, pseudo(nic.address, datagram.source, length));
  ipv4.answerLong(datagram, bytes, at, UDP, length);
  nic.link.discard(packet);
}

function writeHeader(bytes: Bytes, at: u32, port: u32, to: u32, length: u32): void {
  bytes.setBe64(at, ((<u64>((port << 16) | to)) << 32) | <u64>(length << 16));
}

/** The checksum of a datagram at OUT: by the link if it does that, else here. */
function complete(nic: Nic, packet: Packet, to: u32, length: u32): void {
  const sum = pseudo(nic.address, to, length);
  if (nic.link.completesChecksums) {
    // The link adds the datagram to what stands in the field: the sum of the pseudo-header.
    packet.bytes.setBe16(OUT + CHECKSUM, folded(sum));
    packet.checksumStart = FRAME_HEADER + IP_HEADER;
    packet.checksumOffset = CHECKSUM;
  } else {
    packet.checksumStart = 0;
    setChecksum(packet.bytes, OUT, length, sum);
  }
}

/** The field is 0 until now. A sum of zero is sent as all ones: zero means that there is none. */
function setChecksum(bytes: Bytes, at: u32, length: u32, sum: u64): void {
  const checksum = folded(bytes.sum(at, length, sum)) ^ 0xffff;
  bytes.setBe16(at + CHECKSUM, checksum == 0 ? 0xffff : checksum);
}

const payload = new Bytes(nothing, 0, 0);
/** A datagram of our own that is being written. */
let started: Packet | null = null;
let startedBy: Nic | null = null;
let startedTo: u32 = 0;

/** Begins a datagram of our own to `address`: the view takes its payload, then `send`. Null when there is no way there, or no buffer. */
export function outgoing(address: u32): Bytes | null {
  cancel();
  const nic = ipv4.route(address);
  if (nic == null || nic.isBroadcast(address)) {
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
  startedTo = address;
  payload.window(packet.bytes, PAYLOAD, nic.mtu - IP_HEADER - HEADER);
  return payload;
}

/** Sends what `outgoing` began, with the first `size` bytes of its payload. */
export function send(port: u32, toPort: u32, size: u32): void {
  const packet = started!;
  const nic = startedBy!;
  assert(size <= payload.length);
  started = null;
  const length = HEADER + size;
  writeHeader(packet.bytes, OUT, port, toPort, length);
  complete(nic, packet, startedTo, length);
  count(Counter.udpOut);
  ipv4.send(nic, packet, startedTo, UDP, length);
}

/** What `outgoing` began is not sent after all. */
export function cancel(): void {
  const packet = started;
  if (packet != null) startedBy!.link.discard(packet);
  started = null;
}
