/** IPv4, RFC 791 and 1122 3.2: hands on what arrives, sends what others have made. No forwarding. */

import { Bytes } from "../../core/bytes";
import { foldedNumber, halves } from "../../core/checksum";
import { Measures } from "../../core/measures";
import { Packet } from "../../core/packet";
import { AddressWatcher } from "../addresses";
import { Counter, count, show, showDrops } from "../counters";
import {
  Datagram,
  DatagramHandler,
  DESTINATION_ADDRESS,
  DO_NOT_FRAGMENT,
  ErrorReporter,
  Failure,
  IP,
  IP_HEADER,
  MORE_FRAGMENTS,
  TIME_TO_LIVE,
} from "../datagrams";
import { nextTimeout } from "../fragments";
import { FRAME_HEADER } from "../frames";
import { areMany, Nic } from "../nic";
import { areKnown, mtuTo as pathTo } from "../paths";
import * as arp from "./needs/arp";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";
import { random } from "./needs/random";
import { addProtocol, addReporter, begin, expire, passOn, Receiver, failed as tellFailed } from "./receive";

const ETHERTYPE: u32 = 0x0800;
/** RFC 1122 3.2.1.7; the value of RFC 1700. */
const HOPS: u32 = 64;

let watchers: AddressWatcher | null = null;

/** In `prepare`: datagrams of `protocol` go to `handler`. In `start`: before they go to anybody else, who may get them by `others`. */
export function register(protocol: u32, handler: DatagramHandler): void {
  addProtocol(protocol, handler);
}

/** To who comes after `handler`, which does not want it. */
export function others(handler: DatagramHandler, datagram: Datagram): void {
  passOn(handler.next, datagram, handler.protocol);
}

/** In `prepare`: who is told when an address is gone. */
export function watch(watcher: AddressWatcher): void {
  watcher.next = watchers;
  watchers = watcher;
}

/** The interface has this address, and no other, from now on; 0: none. Its neighbours are told, and what has stood on the one before learns that it is gone. */
export function assign(nic: Nic, address: u32, mask: u32, gateway: u32): void {
  const before = nic.address;
  nic.address = address;
  // An interface without an address has nobody near.
  nic.mask = address == 0 ? 0xffffffff : mask;
  nic.gateway = gateway;
  arp.readdressed(nic);
  if (before == 0 || before == address) return;
  let each = watchers;
  while (each != null) {
    each.gone(nic, 0, <u64>before);
    each = each.next;
  }
}

/** In `prepare`: who tells senders of errors. */
export function reportTo(errors: ErrorReporter): void {
  addReporter(errors);
}

/** Called by the stack's `prepare`, when there is at least one interface. */
export function attach(nic: Nic, spare: Packet): void {
  ethernet.register(ETHERTYPE, new Receiver());
  begin(nic, spare);
}

export function poll(now: u64): void {
  expire(now);
}

export function deadline(): u64 {
  return nextTimeout();
}

/** Writes the IP header before a payload of `length` bytes that stands at IP + IP_HEADER. */
function writeHeader(
  source: u64,
  packet: Packet,
  destination: u64,
  protocol: u32,
  length: u32,
  identification: u32,
  fragment: u32,
): void {
  const bytes = packet.bytes;
  // Three numbers that are the header: version to fragment offset, hops to source, destination. The checksum is that of the numbers.
  const first: u64 =
    ((<u64>(0x45000000 | (IP_HEADER + length))) << 32) | <u64>((identification << 16) | fragment);
  const second: u64 = ((<u64>((HOPS << 24) | (protocol << 16))) << 32) | source;
  const checksum = foldedNumber(halves(first) + halves(second) + destination) ^ 0xffff;
  bytes.setBe64(IP, first);
  bytes.setBe64(IP + TIME_TO_LIVE, second | ((<u64>checksum) << 32));
  bytes.setBe32(IP + DESTINATION_ADDRESS, <u32>destination);
  packet.length = FRAME_HEADER + IP_HEADER + length;
}

/**
 * Sends a payload that answers `datagram` back to the hardware address from which it came. That is its sender or the router that
 * has just proved to know the way, so nothing needs to be resolved. Takes the packet over.
 */
export function answer(datagram: Datagram, packet: Packet, protocol: u32, length: u32): void {
  const nic = datagram.nic;
  // What is never fragmented needs no identification: RFC 6864 4.1.
  writeHeader(datagram.destination, packet, datagram.source, protocol, length, 0, DO_NOT_FRAGMENT);
  ethernet.send(nic, packet, datagram.hardware, ETHERTYPE);
}

/** As `answer`, for a payload in `from` that may be longer than the link takes: then in fragments, their number not to be guessed. */
export function answerLong(datagram: Datagram, from: Bytes, at: u32, protocol: u32, length: u32): void {
  const nic = datagram.nic;
  const room = nic.mtu - IP_HEADER;
  const step = length <= room ? length : room & ~7;
  const identification = length <= room ? 0 : <u32>random() & 0xffff;
  for (let offset: u32 = 0; offset < length; offset += step) {
    const packet = nic.link.allocate();
    if (packet == null) return count(Counter.noBuffer);
    const part = min(step, length - offset);
    const more = offset + part < length ? MORE_FRAGMENTS : 0;
    const flags = length <= room ? DO_NOT_FRAGMENT : more | (offset >> 3);
    packet.bytes.copy(IP + IP_HEADER, from, at + offset, part);
    packet.checksumStart = 0;
    writeHeader(datagram.destination, packet, datagram.source, protocol, part, identification, flags);
    ethernet.send(nic, packet, datagram.hardware, ETHERTYPE);
  }
}

/** The longest packet that arrives there unfragmented: RFC 1191. */
export function mtuTo(nic: Nic, destination: u64): u32 {
  return areKnown() ? pathTo(0, destination, nic.mtu, clock()) : nic.mtu;
}

/** An error about a datagram of ours that has come. */
export function failed(protocol: u32, failure: Failure): void {
  tellFailed(protocol, failure);
}

/**
 * The interface for `to`: the one whose prefix holds it and is the longest, else the first that has a way there. Null: there is none, or `to` is all
 * hosts of a network.
 */
export function route(to: u64): Nic | null {
  const destination = <u32>to;
  if (areMany()) return bestFor(destination);
  let best: Nic | null = null;
  let gateway: Nic | null = null;
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (!nic.link.present) continue;
    if (nic.isNear(destination) && (best == null || nic.mask > best.mask)) best = nic;
    if (gateway == null && nic.hop(destination) != 0) gateway = nic;
  }
  const chosen = best == null ? gateway : best;
  return chosen == null || chosen.isBroadcast(destination) ? null : chosen;
}

/** As `route`, where interfaces have several addresses and ways: the longest prefix of all. */
function bestFor(destination: u32): Nic | null {
  let best: Nic | null = null;
  let most = -1;
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    const rank = nic.link.present ? nic.rank(destination) : -1;
    if (rank <= most) continue;
    best = nic;
    most = rank;
  }
  return best == null || best.isBroadcast(destination) ? null : best;
}

/**
 * Sends a payload of our own making by the interface that `route` gave, to the hardware address from which the destination was last heard; 0:
 * that is asked for. Takes the packet over.
 */
export function send(
  nic: Nic,
  packet: Packet,
  source: u64,
  destination: u64,
  hardware: u64,
  protocol: u32,
  length: u32,
): void {
  writeHeader(source, packet, destination, protocol, length, 0, DO_NOT_FRAGMENT);
  if (hardware != 0) return ethernet.send(nic, packet, hardware, ETHERTYPE);
  arp.resolve(nic, packet, nic.hop(<u32>destination));
}

/** Does a packet to this destination wait for a neighbour's answer? Another one would take its place. */
export function isHeld(nic: Nic, destination: u64): bool {
  return arp.isHeld(nic, nic.hop(<u32>destination));
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  showDrops(to);
  show(to, 'layer="ipv4",reason="bad_header"', Counter.ipBadHeader);
  show(to, 'layer="ipv4",reason="bad_checksum"', Counter.ipBadChecksum);
  show(to, 'layer="ipv4",reason="bad_source"', Counter.ipBadSource);
  show(to, 'layer="ipv4",reason="source_route"', Counter.ipSourceRoute);
  show(to, 'layer="ipv4",reason="unknown_protocol"', Counter.ipUnknownProtocol);
  show(to, 'layer="ip",reason="fragment"', Counter.fragmentDropped);
  show(to, 'layer="ip",reason="fragment_timeout"', Counter.fragmentTimeout);
  show(to, 'layer="ip",reason="no_route"', Counter.noRoute);
}
