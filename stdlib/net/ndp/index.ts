/**
 * Neighbour discovery for IPv6: RFC 4861, with duplicate address detection (RFC 4862 5.4, RFC 7527) and the reports of groups that it needs (RFC
 * 3810). Routers and prefixes that are advertised are std/net/slaac's.
 */
import { Measures } from "../../core/measures";
import { Packet } from "../../core/packet";
import { Reasons } from "../../core/reasons";
import { Counter, count, show, showDrops } from "../counters";
import { Datagram } from "../datagrams";
import { isLinkLocal, LINK_LOCAL } from "../header6";
import { Nic } from "../nic";
import { Address, NEVER, Own } from "../own";
import { RouterListener } from "../routers";
import * as addresses from "./addresses";
import { each, linkLocal, places, select } from "./addresses";

import { begin as beginCache } from "./cache";
import * as detection from "./detection";
import * as groups from "./groups";
import { listenWith } from "./listener";
import { solicitRouters } from "./messages";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";
import { random } from "./needs/random";
import { receive } from "./receive";
import * as resolving from "./resolve";
import { choose, chooseOn, put, sweep, Way } from "./ways";

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
  return (
    detection.claim(nic, high, low, 0) != null && put(nic, high & upper, low & lower, length, 0, 0, 0, NEVER)
  );
}

/** The bits of a prefix in the two halves of an address. */
export function upperBits(length: u32): u64 {
  return length == 0 ? 0 : length >= 64 ? ~(<u64>0) : ~(<u64>0) << (64 - <u64>length);
}
export function lowerBits(length: u32): u64 {
  return length <= 64 ? 0 : length >= 128 ? ~(<u64>0) : ~(<u64>0) << (128 - <u64>length);
}

/** Is it an address of ours on this interface that may be used? */
export function isReady(nic: Nic, high: u64, low: u64): bool {
  return addresses.isReady(nic, high, low);
}

/** Is it ours on this interface, even if it may not be used? */
export function isOwn(nic: Nic, high: u64, low: u64): bool {
  return addresses.find(nic, high, low) != null;
}

/** Does this interface listen to this group? */
export function isListening(nic: Nic, high: u64, low: u64): bool {
  return addresses.isListening(nic, high, low);
}

/** Places for addresses, whoever has them; and each of them. */
export function addressPlaces(): i32 {
  return places();
}
export function addressAt(n: i32): Own {
  return each(n);
}

/** In `prepare`: routers are asked for what they tell, and `listener` takes it. */
export function setListener(listener: RouterListener): void {
  listenWith(listener);
}

/** The address that was made of this prefix of 64 bits, whatever its state. */
export function findMade(nic: Nic, high: u64): Own | null {
  return addresses.findMade(nic, high);
}

/** Makes an address of this prefix of 64 bits, which is ours if nobody else has it. Null: there is no place. */
export function make(nic: Nic, high: u64, now: u64): Own | null {
  return detection.make(nic, high, now);
}

/** An address that is ours if nobody else has it. Null: there is no place. */
export function claim(nic: Nic, high: u64, low: u64, now: u64): Own | null {
  return detection.claim(nic, high, low, now);
}

/** An address of ours, whatever its state. */
export function find(nic: Nic, high: u64, low: u64): Own | null {
  return addresses.find(nic, high, low);
}

/** How long it lives has changed. */
export function renewed(own: Own): void {
  detection.renewed(own);
}

/** A way to a prefix until then: see `put` in ways.ts. */
export function addWay(
  nic: Nic,
  high: u64,
  low: u64,
  length: u32,
  byHigh: u64,
  byLow: u64,
  preference: i32,
  until: u64,
): bool {
  return put(nic, high, low, length, byHigh, byLow, preference, until);
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
  if (isLinkLocal(high) || (way != null && way.byHigh == 0))
    return resolving.resolve(nic, packet, high, low, now);
  if (way == null) {
    count(Counter.noRoute);
    return nic.link.discard(packet);
  }
  resolving.resolve(nic, packet, way.byHigh, way.byLow, now);
}

/** Does a packet to this address wait for an answer of whoever is next on its way? Another one would take its place. */
export function isHeld(nic: Nic, high: u64, low: u64): bool {
  const way: Way | null = chooseOn(nic, high, low, clock());
  return way == null || way.byHigh == 0
    ? resolving.isHeld(nic, high, low)
    : resolving.isHeld(nic, way.byHigh, way.byLow);
}

/** Asks routers of this link; false when there is no address yet to ask from. */
export function askRouters(nic: Nic): bool {
  const own = linkLocal(nic);
  if (own == null) return false;
  solicitRouters(nic, own);
  return true;
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  to.counter("net_address_conflicts", "How often another host has claimed an address of this appliance.");
  show(to, 'family="ipv6"', Counter.ip6Conflict);
  showDrops(to);
  show(to, 'layer="ndp",reason="ignored"', Counter.ndpIgnored);
  show(to, 'layer="ndp",reason="unresolved"', Counter.unresolved);
}

/** Addresses that another host has: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  for (let n = 0; n < places(); n++) {
    const own = each(n);
    if (own.state != Address.duplicate) continue;
    to.text(own.nic!.name);
    to.text(": another host has an address of IPv6 of this one");
    to.end();
  }
}

/** Has it an address of IPv6 by which other networks reach it? */
export function isReachable(nic: Nic): bool {
  for (let n = 0; n < places(); n++) {
    const own = each(n);
    if (own.nic == nic && own.state == Address.ready && !isLinkLocal(own.high)) return true;
  }
  return false;
}
