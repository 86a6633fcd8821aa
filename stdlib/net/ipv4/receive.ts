/** What arrives: checked as RFC 791 and 1122 3.2 say, put together, handed on by protocol. */
import { folded } from "../../core/checksum";
import { HEADROOM, Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import {
  Datagram,
  DatagramHandler,
  DESTINATION_ADDRESS,
  ErrorReporter,
  Failure,
  FRAGMENT,
  FRAGMENT_OFFSET,
  IDENTIFICATION,
  IP,
  IP_HEADER,
  MORE_FRAGMENTS,
  PROTOCOL,
  SOURCE_ADDRESS,
  TOTAL_LENGTH,
} from "../datagrams";
import { accept, begin as beginReassembly, nextTimeout, sweep } from "../fragments";
import { FRAME_HEADER, FrameHandler, SOURCE } from "../frames";
import { hasGroups, isJoined4 } from "../groups";
import { Nic } from "../nic";
import { now as clock } from "./needs/clock";
import { checkOptions, Options } from "./options";

const IGMP: u32 = 2;
/** 224.0.0.1 */
const ALL_HOSTS: u32 = 0xe000_0001;

/** The one that was registered last: services come after ICMP. */
let handlers: DatagramHandler | null = null;
let current: Datagram | null = null;
let reporter: ErrorReporter | null = null;

/** Takes the frames of IPv4. */
@final
export class Receiver extends FrameHandler {
  receive(nic: Nic, packet: Packet): void {
    input(nic, packet);
  }
}

export function addProtocol(protocol: u32, handler: DatagramHandler): void {
  handler.protocol = protocol;
  handler.next = handlers;
  handlers = handler;
}

export function addReporter(errors: ErrorReporter): void {
  reporter = errors;
}

/** `nic` and `spare` stand for what has not arrived yet. */
export function begin(nic: Nic, spare: Packet): void {
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
  const sum = headerLength == IP_HEADER ? bytes.sum20(IP) : bytes.sum(IP, headerLength, 0);
  if (folded(sum) != 0xffff) return count(Counter.ipBadChecksum);
  const destination = bytes.be32(IP + DESTINATION_ADDRESS);
  const toAll = !nic.isOwn(destination);
  // Who has no address yet takes what was sent to his hardware address as if it were to all: the answer of a DHCP server (RFC 2131 4.1).
  // Who asks for groups asks all hosts, and a switch may do so without an address: RFC 3376 4.1.12, RFC 4541 2.1.1.
  const isQuery =
    hasGroups() && bytes.u8(IP + PROTOCOL) == IGMP && (destination == ALL_HOSTS || isJoined4(destination));
  if (toAll && !isQuery && nic.address != 0 && !nic.isBroadcast(destination) && !isJoined4(destination))
    return count(Counter.notForUs);
  // RFC 1122 3.3.6: a frame for all with a datagram for one is somebody's mistake, or worse.
  if (!toAll && (bytes.u8(HEADROOM) & 1) != 0) return count(Counter.notForUs);
  const source = bytes.be32(IP + SOURCE_ADDRESS);
  if (!(isHost(nic, source) || (isQuery && source == 0)) || (bytes.u8(HEADROOM + SOURCE) & 1) != 0)
    return count(Counter.ipBadSource);
  const datagram = current!;
  datagram.nic = nic;
  datagram.packet = packet;
  datagram.source = <u64>source;
  datagram.destination = <u64>destination;
  datagram.hardware = bytes.be48(HEADROOM + SOURCE);
  datagram.headerLength = headerLength;
  datagram.payload = IP + headerLength;
  datagram.length = total - headerLength;
  datagram.toAll = toAll;
  if (headerLength > IP_HEADER && !optionsAreFine(datagram)) return;
  const fragment = bytes.be16(IP + FRAGMENT);
  if ((fragment & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0) {
    const identification = bytes.be16(IP + IDENTIFICATION);
    const offset = (fragment & FRAGMENT_OFFSET) * 8;
    const more = (fragment & MORE_FRAGMENTS) != 0;
    const protocol = bytes.u8(IP + PROTOCOL);
    if (!accept(datagram, IP_HEADER, identification, protocol, offset, more, clock())) return;
  }
  deliver(datagram, bytes.u8(IP + PROTOCOL));
}

/** May it be a host's address? RFC 1122 3.2.1.3: no broadcast, no group, not this network, not loopback, not ours. */
function isHost(nic: Nic, address: u32): bool {
  const top = address >> 24;
  return top != 0 && top != 127 && top < 224 && !nic.isOwn(address) && !nic.isBroadcast(address);
}

function optionsAreFine(datagram: Datagram): bool {
  const found = checkOptions(datagram.packet.bytes, datagram.headerLength);
  if (found == Options.fine) return true;
  if (found == Options.sourceRoute) {
    count(Counter.ipSourceRoute);
    return false;
  }
  count(Counter.ipBadHeader);
  const errors = reporter;
  const isFirst = (datagram.packet.bytes.be16(IP + FRAGMENT) & FRAGMENT_OFFSET) == 0;
  if (errors != null && isFirst) errors.parameterProblem(datagram, 0, found);
  return false;
}

function deliver(datagram: Datagram, protocol: u32): void {
  passOn(handlers, datagram, protocol);
}

/** To the first from here on who takes the protocol. */
export function passOn(first: DatagramHandler | null, datagram: Datagram, protocol: u32): void {
  let handler = first;
  while (handler != null) {
    if (handler.protocol == protocol) return handler.receive(datagram);
    handler = handler.next;
  }
  count(Counter.ipUnknownProtocol);
  const errors = reporter;
  if (errors != null) errors.protocolUnreachable(datagram);
}

/** An error about a datagram of ours: its protocol decides what it is worth. */
export function failed(protocol: u32, failure: Failure): void {
  let handler: DatagramHandler | null = handlers;
  while (handler != null) {
    if (handler.protocol == protocol) return handler.failed(failure);
    handler = handler.next;
  }
}

/** Fragments that have waited too long. */
export function expire(now: u64): void {
  if (now < nextTimeout()) return;
  const errors = reporter;
  const datagram = current!;
  while (sweep(now, datagram, IP_HEADER)) if (errors != null) errors.reassemblyTimeExceeded(datagram);
}
