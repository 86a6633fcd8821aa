/** What arrives: checked as RFC 8200 says, put together, handed on by protocol. */
import { HEADROOM, Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, ErrorReporter, Failure, IP, IP6_HEADER } from "../datagrams";
import { accept, begin as beginReassembly, nextTimeout, sweep } from "../fragments";
import { FRAME_HEADER, FrameHandler, SOURCE } from "../frames";
import { DESTINATION6, ICMP6, isGroup, LENGTH6, NEXT_HEADER, SOURCE6 } from "../header6";
import { Nic } from "../nic";
import { FRAGMENT, Headers, NONE, walk } from "./extensions";
import { now as clock } from "./needs/clock";
import * as ndp from "./needs/ndp";

/** Of a fragment: RFC 8200 4.5. */
const FRAGMENT_HEADER: u32 = 8;
const OFFSET: u32 = 0xfff8;
/** RFC 4443 3.4, RFC 7112 5: what is wrong. */
const FIELD: u32 = 0;
const UNKNOWN_HEADER: u32 = 1;
const INCOMPLETE_CHAIN: u32 = 3;

let handlers: DatagramHandler | null = null;
let current: Datagram | null = null;
let reporter: ErrorReporter | null = null;
const headers = new Headers();

/** Takes the frames of IPv6. */
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
  if (available < IP6_HEADER) return count(Counter.tooShort);
  const length = bytes.be16(IP + LENGTH6);
  if (bytes.u8(IP) >> 4 != 6 || IP6_HEADER + length > available) return count(Counter.ip6BadHeader);
  const high = bytes.be64(IP + DESTINATION6);
  const low = bytes.be64(IP + DESTINATION6 + 8);
  const toAll = isGroup(high);
  const isOurs = toAll ? ndp.isListening(nic, high, low) : ndp.isReady(nic, high, low);
  if (!isOurs) return count(Counter.notForUs);
  // A frame for all with a datagram for one is somebody's mistake, or worse.
  if (!toAll && (bytes.u8(HEADROOM) & 1) != 0) return count(Counter.notForUs);
  const sourceHigh = bytes.be64(IP + SOURCE6);
  const source = bytes.be64(IP + SOURCE6 + 8);
  const isNeighbours = bytes.u8(IP + NEXT_HEADER) == ICMP6;
  if (!isHost(nic, sourceHigh, source, isNeighbours) || (bytes.u8(HEADROOM + SOURCE) & 1) != 0)
    return count(Counter.ipBadSource);
  const datagram = current!;
  datagram.nic = nic;
  datagram.packet = packet;
  datagram.sourceHigh = sourceHigh;
  datagram.source = source;
  datagram.destinationHigh = high;
  datagram.destination = low;
  datagram.hardware = bytes.be48(HEADROOM + SOURCE);
  datagram.headerLength = IP6_HEADER;
  datagram.payload = IP + IP6_HEADER;
  datagram.length = length;
  datagram.toAll = toAll;
  datagram.isWhole = true;
  take(datagram, bytes.u8(IP + NEXT_HEADER));
}

/**
 * May it be whose a packet is? No group's. Nobody's who has no address yet, and ours, only for neighbour discovery, which looks for those who have
 * one of ours; and of ::/64 no other at all.
 */
function isHost(nic: Nic, high: u64, low: u64, isNeighbours: bool): bool {
  if (isGroup(high)) return false;
  if (high == 0) return low == 0 && isNeighbours;
  return isNeighbours || !ndp.isOwn(nic, high, low);
}

/** Passes the extension headers, from the one of type `kind` at the payload on. */
function take(datagram: Datagram, kind: u32): void {
  if (!walk(datagram, kind, headers)) return refuse(datagram);
  if (headers.kind == FRAGMENT) return takeFragment(datagram);
  if (headers.kind == NONE) return;
  deliver(datagram, headers.kind);
}

/** What `walk` could not pass. */
function refuse(datagram: Datagram): void {
  count(Counter.ip6Unusable);
  const errors = reporter;
  if (errors == null || headers.isSilent || datagram.sourceHigh == 0) return;
  if (datagram.toAll && !headers.isForAll) return;
  errors.parameterProblem(datagram, headers.code, headers.pointer);
}

/** A fragment: RFC 8200 4.5. */
function takeFragment(datagram: Datagram): void {
  const bytes = datagram.packet.bytes;
  const at = datagram.payload;
  if (datagram.sourceHigh == 0 || !datagram.isWhole || datagram.length < FRAGMENT_HEADER)
    return count(Counter.fragmentDropped);
  const kind = bytes.u8(at);
  const word = bytes.be16(at + 2);
  const identification = bytes.be32(at + 4);
  const offset = word & OFFSET;
  const more = (word & 1) != 0;
  datagram.headerLength += FRAGMENT_HEADER;
  datagram.payload = at + FRAGMENT_HEADER;
  datagram.length -= FRAGMENT_HEADER;
  datagram.isWhole = false;
  // RFC 6946: one that is all of it stands for itself, whatever others have this identification.
  if (offset == 0 && !more) return take(datagram, kind);
  if (more && datagram.length % 8 != 0) return complain(datagram, FIELD, LENGTH6);
  if (offset + datagram.length > 0xffff) return complain(datagram, FIELD, at - IP + 2);
  // RFC 7112: all headers are in the first one.
  if (offset == 0 && !headers.isComplete(bytes, kind, datagram.payload, datagram.length))
    return complain(datagram, INCOMPLETE_CHAIN, 0);
  if (!accept(datagram, IP6_HEADER, identification, kind, offset, more, clock())) return;
  take(datagram, datagram.packet.bytes.u8(IP + NEXT_HEADER));
}

function complain(datagram: Datagram, code: u32, pointer: u32): void {
  count(Counter.fragmentDropped);
  const errors = reporter;
  if (errors != null && !datagram.toAll) errors.parameterProblem(datagram, code, pointer);
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
  if (errors != null && !datagram.toAll) errors.parameterProblem(datagram, UNKNOWN_HEADER, headers.from);
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
  while (sweep(now, datagram, IP6_HEADER)) if (errors != null) errors.reassemblyTimeExceeded(datagram);
}
