/** IPv6, RFC 8200: hands on what arrives, sends what others have made. No forwarding. */

import { Bytes } from "../../core/bytes";
import { Measures } from "../../core/measures";
import { Packet } from "../../core/packet";
import { Counter, count, show, showDrops } from "../counters";
import { Datagram, DatagramHandler, ErrorReporter, Failure, IP, IP6_HEADER } from "../datagrams";
import { nextTimeout } from "../fragments";
import { ETHERTYPE6, isGroup, LEAST_MTU, writeHeader6 } from "../header6";
import { Nic } from "../nic";
import { areKnown, mtuTo as pathTo } from "../paths";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";
import * as ndp from "./needs/ndp";
import { random } from "./needs/random";
import { addProtocol, addReporter, begin, expire, passOn, Receiver, failed as tellFailed } from "./receive";

const FRAGMENT: u32 = 44;
const FRAGMENT_HEADER: u32 = 8;
/** Hops of what we send: RFC 1700's number for IPv4, and what routers may tell for a link. */
let hops: u32 = 64;

/** In `prepare`: datagrams of `protocol` go to `handler`. In `start`: before they go to anybody else, who may get them by `others`. */
export function register(protocol: u32, handler: DatagramHandler): void {
  addProtocol(protocol, handler);
}

/** To who comes after `handler`, which does not want it. */
export function others(handler: DatagramHandler, datagram: Datagram): void {
  passOn(handler.next, datagram, handler.protocol);
}

/** In `prepare`: who tells senders of errors. */
export function reportTo(errors: ErrorReporter): void {
  addReporter(errors);
}

/** Called by the stack's `prepare`, when there is at least one interface. */
export function attach(nic: Nic, spare: Packet): void {
  ethernet.register(ETHERTYPE6, new Receiver());
  begin(nic, spare);
}

export function poll(now: u64): void {
  expire(now);
}

export function deadline(): u64 {
  return nextTimeout();
}

/** A router says how many hops packets should have: RFC 4861 6.3.4. */
export function setHops(count: u32): void {
  hops = count;
}

/** An error about a datagram of ours that has come. */
export function failed(protocol: u32, failure: Failure): void {
  tellFailed(protocol, failure);
}

/** The longest packet that arrives there unfragmented: RFC 8201. */
export function mtuTo(nic: Nic, high: u64, low: u64): u32 {
  return areKnown() ? pathTo(high, low, nic.mtu6, clock()) : nic.mtu6;
}

/** The interface for packets to this address; null: there is none, it is a group, or no address of ours is ready to send from. */
export function route(high: u64, low: u64): Nic | null {
  if (isGroup(high) || high == 0) return null;
  const nic = ndp.route(high, low);
  return nic == null || ndp.from(nic, high, low) == null ? null : nic;
}

/** The address of ours that packets to this one come from: what `route` has found. */
export function ownHigh(nic: Nic, high: u64, low: u64): u64 {
  return ndp.from(nic, high, low)!.high;
}
export function ownLow(nic: Nic, high: u64, low: u64): u64 {
  return ndp.from(nic, high, low)!.low;
}

/** Sends a payload that answers `datagram` back to the hardware address from which it came. Takes the packet over. */
export function answer(datagram: Datagram, packet: Packet, protocol: u32, length: u32): void {
  header(datagram, packet, protocol, length);
  ethernet.send(datagram.nic, packet, datagram.hardware, ETHERTYPE6);
}

function header(datagram: Datagram, packet: Packet, protocol: u32, length: u32): void {
  writeHeader6(
    packet,
    datagram.destinationHigh,
    datagram.destination,
    datagram.sourceHigh,
    datagram.source,
    protocol,
    hops,
    length,
  );
}

/**
 * As `answer`, for a payload in `from` that may be longer than the way takes: then in fragments of what every way takes (RFC 8200 5), their number
 * not to be guessed (RFC 7739).
 */
export function answerLong(datagram: Datagram, from: Bytes, at: u32, protocol: u32, length: u32): void {
  const nic = datagram.nic;
  if (IP6_HEADER + length <= mtuTo(nic, datagram.sourceHigh, datagram.source)) {
    const packet = nic.link.allocate();
    if (packet == null) return count(Counter.noBuffer);
    packet.bytes.copy(IP + IP6_HEADER, from, at, length);
    packet.checksumStart = 0;
    return answer(datagram, packet, protocol, length);
  }
  const step = (LEAST_MTU - IP6_HEADER - FRAGMENT_HEADER) & ~7;
  const identification = <u32>random();
  for (let offset: u32 = 0; offset < length; offset += step) {
    const packet = nic.link.allocate();
    if (packet == null) return count(Counter.noBuffer);
    const part = min(step, length - offset);
    const more: u32 = offset + part < length ? 1 : 0;
    const to = IP + IP6_HEADER;
    packet.bytes.setBe32(to, (protocol << 24) | offset | more);
    packet.bytes.setBe32(to + 4, identification);
    packet.bytes.copy(to + FRAGMENT_HEADER, from, at + offset, part);
    packet.checksumStart = 0;
    answer(datagram, packet, FRAGMENT, FRAGMENT_HEADER + part);
  }
}

/**
 * Sends a payload of our own making by the interface that `route` gave, to the hardware address from which the destination was last heard; 0:
 * that is asked for. Takes the packet over.
 */
export function send(
  nic: Nic,
  packet: Packet,
  sourceHigh: u64,
  source: u64,
  high: u64,
  low: u64,
  hardware: u64,
  protocol: u32,
  length: u32,
): void {
  writeHeader6(packet, sourceHigh, source, high, low, protocol, hops, length);
  if (hardware != 0) return ethernet.send(nic, packet, hardware, ETHERTYPE6);
  ndp.forward(nic, packet, high, low);
}

/** Does a packet to this address wait for a neighbour's answer? Another one would take its place. */
export function isHeld(nic: Nic, high: u64, low: u64): bool {
  return ndp.isHeld(nic, high, low);
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  showDrops(to);
  show(to, 'layer="ipv6",reason="bad_header"', Counter.ip6BadHeader);
  show(to, 'layer="ipv6",reason="unusable"', Counter.ip6Unusable);
  show(to, 'layer="ipv6",reason="unknown_protocol"', Counter.ipUnknownProtocol);
  show(to, 'layer="ip",reason="fragment"', Counter.fragmentDropped);
  show(to, 'layer="ip",reason="fragment_timeout"', Counter.fragmentTimeout);
  show(to, 'layer="ip",reason="no_route"', Counter.noRoute);
}
