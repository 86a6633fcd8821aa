/** IPv4, RFC 791 and 1122 3.2: checks and hands on what arrives, sends what others have made. No forwarding. */
import { folded } from "../../core/checksum";
import { HEADROOM, Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import {
  Datagram,
  DatagramHandler,
  DESTINATION_ADDRESS,
  DO_NOT_FRAGMENT,
  FRAGMENT,
  FRAGMENT_OFFSET,
  HEADER_CHECKSUM,
  IDENTIFICATION,
  IP,
  IP_HEADER,
  MORE_FRAGMENTS,
  PROTOCOL,
  SOURCE_ADDRESS,
  TIME_TO_LIVE,
  TOTAL_LENGTH,
} from "../datagrams";
import { FRAME_HEADER, FrameHandler, SOURCE } from "../frames";
import { Nic } from "../nic";
import * as arp from "./needs/arp";
import * as ethernet from "./needs/ethernet";
import { isSourceRouted } from "./options";
import { accept, begin as beginReassembly, sweep } from "./reassembly";

const ETHERTYPE: u32 = 0x0800;
const MOST_PROTOCOLS = 4;
/** RFC 1122 3.2.1.7; the value of RFC 1700. */
const HOPS: u32 = 64;

const protocols = new StaticArray<u32>(MOST_PROTOCOLS);
const handlers = new StaticArray<DatagramHandler | null>(MOST_PROTOCOLS);
let known = 0;
let current: Datagram | null = null;
let nextIdentification: u32 = 0;

@final
class Receiver extends FrameHandler {
  receive(nic: Nic, packet: Packet): void {
    input(nic, packet);
  }
}

/** In `prepare`: datagrams of `protocol` go to `handler`. */
export function register(protocol: u32, handler: DatagramHandler): void {
  assert(known < MOST_PROTOCOLS);
  protocols[known] = protocol;
  handlers[known] = handler;
  known += 1;
}

/** Called by the stack's `prepare`, when there is at least one interface. */
export function attach(nic: Nic, spare: Packet): void {
  ethernet.register(ETHERTYPE, new Receiver());
  current = new Datagram(nic, spare);
  beginReassembly(nic);
}

function input(nic: Nic, packet: Packet): void {
  const bytes = packet.bytes;
  const available = packet.length - FRAME_HEADER;
  if (available < IP_HEADER) return count(Counter.tooShort);
  const first = bytes.u8(IP);
  const headerLength = (first & 15) * 4;
  const total = bytes.be16(IP + TOTAL_LENGTH);
  if (first >> 4 != 4 || headerLength < IP_HEADER || total < headerLength || total > available)
    return count(Counter.ipBadHeader);
  if (folded(bytes.sum(IP, headerLength, 0)) != 0xffff) return count(Counter.ipBadChecksum);
  const destination = bytes.be32(IP + DESTINATION_ADDRESS);
  const toAll = destination != nic.address;
  if (toAll && !nic.isBroadcast(destination)) return count(Counter.notForUs);
  const source = bytes.be32(IP + SOURCE_ADDRESS);
  if (!isHost(nic, source)) return count(Counter.ipBadSource);
  if (headerLength > IP_HEADER && isSourceRouted(bytes, headerLength)) return count(Counter.ipSourceRoute);
  let datagram = current!;
  datagram.nic = nic;
  datagram.packet = packet;
  datagram.source = source;
  datagram.destination = destination;
  datagram.hardware = bytes.be48(HEADROOM + SOURCE);
  datagram.headerLength = headerLength;
  datagram.payload = IP + headerLength;
  datagram.length = total - headerLength;
  datagram.toAll = toAll;
  datagram.reassembled = false;
  if ((bytes.be16(IP + FRAGMENT) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0 && !accept(datagram)) return;
  deliver(datagram, bytes.u8(IP + PROTOCOL));
}

/** May it be a host's address? RFC 1122 3.2.1.3: no broadcast, no group, not this network, not loopback, not ours. */
function isHost(nic: Nic, address: u32): bool {
  const top = address >> 24;
  return top != 0 && top != 127 && top < 224 && address != nic.address && !nic.isBroadcast(address);
}

/** For ICMP: a protocol that nobody takes. */
export let unknownProtocol: DatagramHandler | null = null;

export function onUnknownProtocol(handler: DatagramHandler): void {
  unknownProtocol = handler;
}

function deliver(datagram: Datagram, protocol: u32): void {
  for (let n = 0; n < known; n++) {
    if (protocols[n] != protocol) continue;
    handlers[n]!.receive(datagram);
    return;
  }
  count(Counter.ipUnknownProtocol);
  const handler = unknownProtocol;
  if (handler != null) handler.receive(datagram);
}

/** Writes the IP header before a payload of `length` bytes that stands at IP + IP_HEADER. */
function writeHeader(
  nic: Nic,
  packet: Packet,
  destination: u32,
  protocol: u32,
  length: u32,
  identification: u32,
  fragment: u32,
): void {
  const bytes = packet.bytes;
  bytes.setBe32(IP, 0x45000000 | (IP_HEADER + length));
  bytes.setBe16(IP + IDENTIFICATION, identification);
  bytes.setBe16(IP + FRAGMENT, fragment);
  bytes.setBe32(IP + TIME_TO_LIVE, (HOPS << 24) | (protocol << 16));
  bytes.setBe32(IP + SOURCE_ADDRESS, nic.address);
  bytes.setBe32(IP + DESTINATION_ADDRESS, destination);
  bytes.setBe16(IP + HEADER_CHECKSUM, folded(bytes.sum(IP, IP_HEADER, 0)) ^ 0xffff);
  packet.length = FRAME_HEADER + IP_HEADER + length;
}

/** Sends a payload that answers `datagram` back to where it came from. Takes the packet over. */
export function answer(datagram: Datagram, packet: Packet, protocol: u32, length: u32): void {
  const nic = datagram.nic;
  // An answer that is no fragment needs no identification: RFC 6864 4.1.
  writeHeader(nic, packet, datagram.source, protocol, length, 0, DO_NOT_FRAGMENT);
  ethernet.send(nic, packet, datagram.hardware, ETHERTYPE);
}

/** A number for a datagram that will be sent in fragments. */
export function newIdentification(): u32 {
  nextIdentification = (nextIdentification + 1) & 0xffff;
  return nextIdentification;
}

/** One fragment of an answer: `offset` in bytes, a multiple of 8. Takes the packet over. */
export function answerFragment(
  datagram: Datagram,
  packet: Packet,
  protocol: u32,
  length: u32,
  identification: u32,
  offset: u32,
  more: bool,
): void {
  const nic = datagram.nic;
  writeHeader(
    nic,
    packet,
    datagram.source,
    protocol,
    length,
    identification,
    (more ? MORE_FRAGMENTS : 0) | (offset >> 3),
  );
  ethernet.send(nic, packet, datagram.hardware, ETHERTYPE);
}

/** The interface for `destination`: the one whose prefix holds it and is the longest, else the first with a gateway. */
export function route(destination: u32): Nic | null {
  let best: Nic | null = null;
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (nic.link.present && nic.isNear(destination) && (best == null || nic.mask > best.mask)) best = nic;
  }
  if (best != null) return best;
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (nic.link.present && nic.gateway != 0) return nic;
  }
  return null;
}

/** Sends a payload of our own making. Takes the packet over. */
export function send(nic: Nic, packet: Packet, destination: u32, protocol: u32, length: u32): void {
  writeHeader(nic, packet, destination, protocol, length, 0, DO_NOT_FRAGMENT);
  if (!nic.isNear(destination) && nic.gateway == 0) {
    count(Counter.noRoute);
    return nic.link.discard(packet);
  }
  arp.resolve(nic, packet, nic.isNear(destination) ? destination : nic.gateway);
}

export function poll(now: u64): void {
  sweep(now);
}
