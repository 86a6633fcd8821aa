/**
 * IPv6 without a word in the description: RFC 4862. Routers are asked, and what they tell is kept: ways, prefixes with an address of ours in
 * each, the MTU, name servers. All of it in few places, so that a flood of advertisements has no effect but a counter.
 */
import { Level } from "../../core/level";
import { Measures } from "../../core/measures";
import { Reasons } from "../../core/reasons";
import { Counter, count, show, showDrops } from "../counters";
import { Datagram } from "../datagrams";
import { isGroup, isLinkLocal, LEAST_MTU } from "../header6";
import { Nic } from "../nic";
import { NEVER, Own } from "../own";
import { Told } from "../resolvers";
import { ManagedListener, RouterListener } from "../routers";
import * as ethernet from "./needs/ethernet";
import * as ipv6 from "./needs/ipv6";
import * as log from "./needs/log";
import * as ndp from "./needs/ndp";
import { random } from "./needs/random";
import * as resolvers from "./needs/resolvers";

const SECOND: u64 = 1_000_000_000;
/** RFC 4861 10, RFC 7559: the first questions, and how far apart the later ones are at most. */
const FIRST: u64 = 4 * SECOND;
const FARTHEST: u64 = 3600 * SECOND;
const MOST_NICS = 8;
/** Addresses that are made on one interface. */
const MOST_ADDRESSES: u32 = 4;
/** RFC 4862 5.5.3 (e). */
const TWO_HOURS: u64 = 7200 * SECOND;
/** A router that would have packets die on their way is not believed. */
const LEAST_HOPS: u32 = 32;

/** Of an advertisement: addresses are for a server of DHCPv6 to give, and what is no address. */
const MANAGED: u32 = 0x80;
const OTHER: u32 = 0x40;
const PREFIX: u32 = 3;
const MTU: u32 = 5;
const NAME_SERVERS: u32 = 25;
/** Of a prefix: it is on the link; addresses may be made of it. */
const ON_LINK: u32 = 0x80;
const AUTONOMOUS: u32 = 0x40;

const enabled = new StaticArray<u8>(MOST_NICS);
const askAt = new StaticArray<u64>(MOST_NICS);
const intervals = new StaticArray<u64>(MOST_NICS);
const made = new StaticArray<u32>(MOST_NICS);
/** To whom routers leave addresses: to nobody, to servers that are asked, to servers that are not; of that people were told. */
const ASKED: u8 = 1;
const LACKING: u8 = 2;
const left = new StaticArray<u8>(MOST_NICS);
let managed: ManagedListener | null = null;
let next: u64 = NEVER;
let attached = false;

@final
class Listener extends RouterListener {
  ready(nic: Nic, now: u64): void {
    if (enabled[nic.index] != 0 && askAt[nic.index] == NEVER) ask(nic.index, now);
  }
  advertised(datagram: Datagram, now: u64): void {
    input(datagram, now);
  }
}

/** In `prepare`: this interface takes what routers tell. */
export function enable(name: string): void {
  enabled[ethernet.named(name)!.index] = 1;
  if (attached) return;
  attached = true;
  ndp.setListener(new Listener());
}

/** In `prepare`: who asks servers. */
export function setManaged(listener: ManagedListener): void {
  managed = listener;
}

export function start(): void {
  next = NEVER;
  for (let n = 0; n < MOST_NICS; n++) {
    askAt[n] = NEVER;
    intervals[n] = FIRST;
    made[n] = 0;
    left[n] = 0;
  }
}

/** The link was away: its routers may be others, RFC 4861 6.3.7. */
export function askAgain(nic: Nic, now: u64): void {
  intervals[nic.index] = FIRST;
  ask(nic.index, now);
}

/** RFC 7559 2: again and again, ever more seldom, until one answers. */
function ask(index: i32, now: u64): void {
  ndp.askRouters(ethernet.nic(index));
  const interval = intervals[index];
  askAt[index] = now + interval + (random() % (interval / 5));
  intervals[index] = min(2 * interval, FARTHEST);
  next = min(next, askAt[index]);
}

export function poll(now: u64): void {
  if (now < next) return;
  next = NEVER;
  for (let n = 0; n < ethernet.nics(); n++) {
    if (askAt[n] <= now) ask(n, now);
    next = min(next, askAt[n]);
  }
}

export function deadline(): u64 {
  return next;
}

/** RFC 4861 6.1.2, 6.3.4. */
function input(datagram: Datagram, now: u64): void {
  const nic = datagram.nic;
  if (enabled[nic.index] == 0 || !isLinkLocal(datagram.sourceHigh)) return count(Counter.routerIgnored);
  askAt[nic.index] = NEVER;
  const bytes = datagram.packet.bytes;
  const at = datagram.payload;
  const hops = bytes.u8(at + 4);
  if (hops >= LEAST_HOPS) ipv6.setHops(hops);
  const lifetime = <u64>bytes.be16(at + 6) * SECOND;
  const until = lifetime == 0 ? 0 : now + lifetime;
  // RFC 4191 2.2: 1 is high, 3 low; 2 is to be taken as 0.
  const bits = (bytes.u8(at + 5) >> 3) & 3;
  const preference = bits == 1 ? 1 : bits == 3 ? -1 : 0;
  if (!ndp.addWay(nic, 0, 0, 0, datagram.sourceHigh, datagram.source, preference, until))
    count(Counter.routerIgnored);
  const end = at + datagram.length;
  for (let option = at + 16; option < end; option += bytes.u8(option + 1) * 8) {
    const kind = bytes.u8(option);
    const length = bytes.u8(option + 1);
    if (kind == PREFIX && length == 4) prefix(datagram, option, now);
    else if (kind == MTU && length == 1) setMtu(nic, bytes.be32(option + 4));
    else if (kind == NAME_SERVERS && length >= 3)
      for (let n = option + 8; n < option + length * 8; n += 16)
        nameServer(nic, bytes.be64(n), bytes.be64(n + 8), until6(bytes.be32(option + 4), now), now);
  }
  leave(datagram, end, now);
}

/** RFC 8106 5.1. */
function nameServer(nic: Nic, high: u64, low: u64, until: u64, now: u64): void {
  if (high != 0 && !isGroup(high)) resolvers.hear(Told.byRouter, nic.index, high, low, until, now);
}

/** What the router leaves to servers. Who does not ask them, and cannot make an address either, is told what to write. */
function leave(datagram: Datagram, end: u32, now: u64): void {
  const nic = datagram.nic;
  const bytes = datagram.packet.bytes;
  const flags = bytes.u8(datagram.payload + 5);
  const isManaged = (flags & MANAGED) != 0;
  const to = managed;
  let isAsked = false;
  if (to != null) isAsked = to.told(nic, isManaged, (flags & OTHER) != 0, now);
  if (isAsked && isManaged) left[nic.index] = ASKED;
  if (isAsked || !isManaged || left[nic.index] != 0 || ndp.isReachable(nic)) return;
  for (let option = datagram.payload + 16; option < end; option += bytes.u8(option + 1) * 8)
    if (bytes.u8(option) == PREFIX && (bytes.u8(option + 3) & AUTONOMOUS) != 0) return;
  left[nic.index] = LACKING;
  if (!log.at(Level.warning)) return;
  log.text(nic.name);
  log.text(": the router leaves addresses of IPv6 to DHCPv6: say `dhcp6 = true` in its `net` block");
  log.end();
}

/** RFC 4861 6.3.4: not more than the link takes, nor less than every link must. */
function setMtu(nic: Nic, mtu: u32): void {
  if (mtu >= LEAST_MTU && mtu <= nic.mtu) nic.mtu6 = mtu;
}

/** All ones is for ever; but only what the description says is that here. */
function until6(seconds: u32, now: u64): u64 {
  return seconds == 0xffffffff ? NEVER - 1 : now + <u64>seconds * SECOND;
}

/** RFC 4861 6.3.4, RFC 4862 5.5.3. */
function prefix(datagram: Datagram, option: u32, now: u64): void {
  const nic = datagram.nic;
  const bytes = datagram.packet.bytes;
  const length = bytes.u8(option + 2);
  const flags = bytes.u8(option + 3);
  const valid = until6(bytes.be32(option + 4), now);
  const preferred = until6(bytes.be32(option + 8), now);
  const high = bytes.be64(option + 16);
  const low = bytes.be64(option + 24);
  // A group's, the link's own, or of ::/64, or all there is: nobody means that.
  const isUsable = high >> 56 != 0xff && !isLinkLocal(high) && high != 0 && length >= 16 && length <= 128;
  if (!isUsable) return count(Counter.routerIgnored);
  if ((flags & ON_LINK) != 0) {
    const isPut = ndp.addWay(
      nic,
      high & ndp.upperBits(length),
      low & ndp.lowerBits(length),
      length,
      0,
      0,
      0,
      valid <= now ? 0 : valid,
    );
    if (!isPut) count(Counter.routerIgnored);
  }
  // RFC 4862 5.5.3 (d): with an identifier of 64 bits the prefix has as many.
  if ((flags & AUTONOMOUS) == 0 || length != 64 || preferred > valid) return;
  const known = ndp.findMade(nic, high);
  if (known != null) return renew(known, preferred, valid, now);
  if (valid <= now) return;
  if (made[nic.index] >= MOST_ADDRESSES) return count(Counter.routerIgnored);
  const own = ndp.make(nic, high, now);
  if (own == null) return count(Counter.routerIgnored);
  made[nic.index] += 1;
  own.preferredUntil = preferred;
  own.validUntil = valid;
  ndp.renewed(own);
}

/** RFC 4862 5.5.3 (e): an advertisement that may be forged makes no life shorter than two hours. */
function renew(own: Own, preferred: u64, valid: u64, now: u64): void {
  own.preferredUntil = preferred;
  if (valid > now + TWO_HOURS || valid > own.validUntil) own.validUntil = valid;
  else if (own.validUntil > now + TWO_HOURS) own.validUntil = now + TWO_HOURS;
  ndp.renewed(own);
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  showDrops(to);
  show(to, 'layer="slaac",reason="ignored"', Counter.routerIgnored);
}

/** Interfaces that routers have given no address, and nobody else either: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (enabled[n] == 0 || left[n] == ASKED || nic.address != 0 || ndp.isReachable(nic)) continue;
    to.text(nic.name);
    to.text(left[n] == 0 ? ": no router has advertised a prefix" : ": the router leaves addresses to DHCPv6");
    to.end();
  }
}
