/**
 * Neighbour discovery for IPv6: RFC 4861, with duplicate address detection (RFC 4862 5.4, RFC 7527) and the reports of groups that it needs (RFC
 * 3810). Routers and prefixes that are advertised are std/net/slaac's.
 */
import { Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { Datagram } from "../datagrams";
import { isLinkLocal, LINK_LOCAL } from "../header6";
import { Nic } from "../nic";
import { Address, each, linkLocal, NEVER, Own, places, select } from "./addresses";
import { begin as beginCache } from "./cache";
import * as detection from "./detection";
import * as groups from "./groups";
import { solicitRouters } from "./messages";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";
import { random } from "./needs/random";
import { receive } from "./receive";
import * as resolving from "./resolve";
import { choose, chooseOn, put, sweep, Way } from "./ways";

export { find, findMade, isListening, isReady, Own } from "./addresses";
export { make, renewed } from "./detection";
export { RouterListener, setListener } from "./routers";
export { put } from "./ways";

/** What has run out is looked for so often. */
const SWEEP: u64 = 10_000_000_000;
let sweepAt: u64 = NEVER;

export function start(): void {
  const now = clock();
  beginCache(random());
  groups.begin();
  sweepAt = now + SWEEP;
  for (let n = 0; n < places(); n++) {
    const own = each(n);
    if (own.state != Address.free && own.nic!.link.present) detection.ask(own, now);
  }
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (nic.hasIpv6 && nic.link.present) detection.make(nic, LINK_LOCAL, now);
  }
}

export function poll(now: u64): void {
  detection.poll(now);
  groups.poll(now);
  resolving.poll(now);
  if (now < sweepAt) return;
  sweepAt = now + SWEEP;
  sweep(now);
}

export function deadline(): u64 {
  return min(min(detection.deadline(), groups.deadline()), resolving.deadline());
}

/** A message of neighbour discovery, or a question for groups, its checksum right. */
export function input(datagram: Datagram, type: u32): void {
  if (type == groups.QUERY) groups.queried(datagram, clock());
  else receive(datagram, type, clock());
}

/** In `prepare`: an address of the description, and its network. */
export function addWritten(nic: Nic, high: u64, low: u64, length: u32): bool {
  const upper = upperBits(length);
  const lower = lowerBits(length);
  return detection.claim(nic, high, low, 0) != null && put(nic, high & upper, low & lower, length, 0, 0, 0, NEVER);
}

/** The bits of a prefix in the two halves of an address. */
export function upperBits(length: u32): u64 {
  return length == 0 ? 0 : length >= 64 ? ~(<u64>0) : ~(<u64>0) << (64 - <u64>length);
}
export function lowerBits(length: u32): u64 {
  return length <= 64 ? 0 : length >= 128 ? ~(<u64>0) : ~(<u64>0) << (128 - <u64>length);
}

/** The interface for packets to this address; null: none. */
export function route(high: u64, low: u64): Nic | null {
  if (isLinkLocal(high)) {
    for (let n = 0; n < ethernet.nics(); n++) if (linkLocal(ethernet.nic(n)) != null) return ethernet.nic(n);
    return null;
  }
  const way = choose(high, low, clock());
  return way == null ? null : way.nic;
}

/** The address of ours that packets to this one come from; null: none is ready. */
export function from(nic: Nic, high: u64, low: u64): Own | null {
  return select(nic, high, low, clock());
}

/** Sends a packet that has its header to whoever is next on its way by this interface. Takes it over. */
export function forward(nic: Nic, packet: Packet, high: u64, low: u64): void {
  const now = clock();
  const way: Way | null = chooseOn(nic, high, low, now);
  if (isLinkLocal(high) || (way != null && way.byHigh == 0)) return resolving.resolve(nic, packet, high, low, now);
  if (way == null) {
    count(Counter.noRoute);
    return nic.link.discard(packet);
  }
  resolving.resolve(nic, packet, way.byHigh, way.byLow, now);
}

/** Asks routers of this link; false when there is no address yet to ask from. */
export function askRouters(nic: Nic): bool {
  const own = linkLocal(nic);
  if (own == null) return false;
  solicitRouters(nic, own);
  return true;
}
