/** UDP, RFC 768 and 1122 4.1, over IPv4. Who is bound to a port answers at once, into the packet that will be sent. */
import { Bytes } from "../../core/bytes";
import { double, folded, word } from "../../core/checksum";
import { Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, IP, IP_HEADER } from "../datagrams";
import { FRAME_HEADER } from "../frames";
import { Peer, Responder } from "../udp";
import * as icmp from "./needs/icmp";
import * as ipv4 from "./needs/ipv4";

const PROTOCOL: u32 = 17;
const HEADER: u32 = 8;
/** Offset of a datagram of ours in a packet's buffer, and of its payload. */
const OUT: u32 = IP + IP_HEADER;
const PAYLOAD: u32 = OUT + HEADER;
const CHECKSUM: u32 = 6;
const MOST_PORTS = 16;
/** Answers that do not fit one packet are written here first. */
const LARGEST: u32 = 8192;

const ports = new StaticArray<u32>(MOST_PORTS);
const addresses = new StaticArray<u32>(MOST_PORTS);
const responders = new StaticArray<Responder | null>(MOST_PORTS);
let bound = 0;

const peer = new Peer();
const nothing = new StaticArray<u8>(0);
const request = new Bytes(nothing, 0, 0);
const reply = new Bytes(nothing, 0, 0);
let large: Bytes | null = null;

@final
class Receiver extends DatagramHandler {
  receive(datagram: Datagram): void {
    input(datagram);
  }
}

let attached = false;

/** In `prepare`: datagrams to this port of this address (0: any) are answered by `responder`. False when there is no room or the port is taken. */
export function bind(address: u32, port: u32, responder: Responder): bool {
  if (!attached) {
    attached = true;
    ipv4.register(PROTOCOL, new Receiver());
  }
  for (let n = 0; n < bound; n++)
    if (ports[n] == port && (addresses[n] == address || addresses[n] == 0 || address == 0)) return false;
  if (bound == MOST_PORTS) return false;
  if (responder.most > LARGEST - HEADER) return false;
  if (responder.most + HEADER + IP_HEADER > 1500 && large == null)
    large = new Bytes(new StaticArray<u8>(<i32>LARGEST), 0, LARGEST);
  ports[bound] = port;
  addresses[bound] = address;
  responders[bound] = responder;
  bound += 1;
  return true;
}

function input(datagram: Datagram): void {
  const bytes = datagram.packet.bytes;
  const from = datagram.payload;
  if (datagram.length < HEADER) return count(Counter.udpBadLength);
  const length = bytes.be16(from + 4);
  if (length < HEADER || length > datagram.length) return count(Counter.udpBadLength);
  if (!datagram.packet.verified && bytes.be16(from + CHECKSUM) != 0) {
    const pseudo = double(datagram.source) + double(datagram.destination) + word(PROTOCOL) + word(length);
    if (folded(bytes.sum(from, length, pseudo)) != 0xffff) return count(Counter.udpBadChecksum);
  }
  const port = bytes.be16(from + 2);
  const responder = listener(datagram.destination, port);
  if (responder == null) {
    count(Counter.udpNoPort);
    return icmp.portUnreachable(datagram);
  }
  // An answer to port 0 cannot arrive; one to a broadcast would come from everybody.
  const source = bytes.be16(from);
  if (source == 0 || datagram.toAll) return count(Counter.udpNoPort);
  count(Counter.udpIn);
  request.window(bytes, from + HEADER, length - HEADER);
  peer.low = <u64>datagram.source;
  peer.port = <u16>source;
  respond(datagram, responder, port, source);
}

function listener(destination: u32, port: u32): Responder | null {
  for (let n = 0; n < bound; n++)
    if (ports[n] == port && (addresses[n] == 0 || addresses[n] == destination)) return responders[n];
  return null;
}

function respond(datagram: Datagram, responder: Responder, port: u32, to: u32): void {
  const nic = datagram.nic;
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  const room = nic.mtu - IP_HEADER - HEADER;
  if (responder.most > room) return respondLarge(datagram, responder, packet, port, to);
  reply.window(packet.bytes, PAYLOAD, responder.most);
  const size = responder.respond(request, reply, peer);
  if (size == 0) return nic.link.discard(packet);
  finish(datagram, packet, port, to, size);
}

/** Header and checksum around `size` bytes of payload in the packet, and off it goes. */
function finish(datagram: Datagram, packet: Packet, port: u32, to: u32, size: u32): void {
  const nic = datagram.nic;
  const bytes = packet.bytes;
  const length = HEADER + size;
  bytes.setBe16(OUT, port);
  bytes.setBe16(OUT + 2, to);
  bytes.setBe16(OUT + 4, length);
  const pseudo = double(nic.address) + double(datagram.source) + word(PROTOCOL) + word(length);
  if (nic.link.completesChecksums) {
    // The link adds the datagram to what stands in the field: the sum of the pseudo-header.
    bytes.setBe16(OUT + CHECKSUM, folded(pseudo));
    packet.checksumStart = FRAME_HEADER + IP_HEADER;
    packet.checksumOffset = CHECKSUM;
  } else {
    packet.checksumStart = 0;
    bytes.setBe16(OUT + CHECKSUM, 0);
    setChecksum(bytes, OUT, bytes.sum(OUT, length, pseudo));
  }
  count(Counter.udpOut);
  ipv4.answer(datagram, packet, PROTOCOL, length);
}

/** A sum of zero is sent as all ones: zero means that there is none. */
function setChecksum(bytes: Bytes, at: u32, sum: u64): void {
  const checksum = folded(sum) ^ 0xffff;
  bytes.setBe16(at + CHECKSUM, checksum == 0 ? 0xffff : checksum);
}

/** An answer that may be longer than one packet: written aside, then sent whole or in fragments. */
function respondLarge(datagram: Datagram, responder: Responder, packet: Packet, port: u32, to: u32): void {
  const nic = datagram.nic;
  const buffer = large!;
  reply.window(buffer, HEADER, responder.most);
  const size = responder.respond(request, reply, peer);
  if (size == 0) return nic.link.discard(packet);
  if (size <= nic.mtu - IP_HEADER - HEADER) {
    packet.bytes.copy(PAYLOAD, buffer, HEADER, size);
    return finish(datagram, packet, port, to, size);
  }
  const length = HEADER + size;
  buffer.setBe16(0, port);
  buffer.setBe16(2, to);
  buffer.setBe16(4, length);
  buffer.setBe16(CHECKSUM, 0);
  setChecksum(
    buffer,
    0,
    buffer.sum(0, length, double(nic.address) + double(datagram.source) + word(PROTOCOL) + word(length)),
  );
  count(Counter.udpOut);
  sendFragments(datagram, packet, buffer, length);
}

function sendFragments(datagram: Datagram, first: Packet, buffer: Bytes, length: u32): void {
  const nic = datagram.nic;
  const step = (nic.mtu - IP_HEADER) & ~7;
  const identification = ipv4.newIdentification();
  let packet: Packet | null = first;
  for (let offset: u32 = 0; offset < length; offset += step) {
    if (packet == null) packet = nic.link.allocate();
    if (packet == null) return count(Counter.noBuffer);
    const part = min(step, length - offset);
    packet.bytes.copy(OUT, buffer, offset, part);
    packet.checksumStart = 0;
    ipv4.answerFragment(datagram, packet, PROTOCOL, part, identification, offset, offset + part < length);
    packet = null;
  }
}
