/**
 * ARP for IPv4 over Ethernet, RFC 826, with address conflict detection, RFC 5227. The configured address is used at once, because an
 * appliance is to answer at once: a probe goes out, and an announcement behind it. A conflict is reported, and the address
 * defended at most every ten seconds and never given up (RFC 5227 2.4 c). An interface whose address comes from elsewhere has somebody who watches: he
 * is told who else uses it, before it is used (2.1) and when it had to be defended a moment ago (2.4 b).
 */

import { Bytes } from "../../core/bytes";
import { Level } from "../../core/level";
import { Measures } from "../../core/measures";
import { HEADROOM, Packet } from "../../core/packet";
import { ConflictWatcher } from "../addresses";
import { Counter, count, show, showDrops } from "../counters";
import { IP } from "../datagrams";
import { BROADCAST, FRAME_HEADER, FrameHandler } from "../frames";
import { mayDefendOther, Nic, otherAt, otherCount } from "../nic";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";
import * as log from "./needs/log";
import { clear, Entry, entries, find, learn, place, RETRY, SECOND, State, TRIES } from "./table";

const ETHERTYPE: u32 = 0x0806;
const IPV4: u32 = 0x0800;
const PACKET: u32 = 28;
const REQUEST: u32 = 1;
const REPLY: u32 = 2;

/** Offsets from the start of the ARP packet. */
const HARDWARE_AND_PROTOCOL: u32 = 0;
const LENGTHS: u32 = 4;
const OPERATION: u32 = 6;
const SENDER_MAC: u32 = 8;
const SENDER: u32 = 14;
const TARGET_MAC: u32 = 18;
const TARGET: u32 = 24;

const DEFEND_INTERVAL: u64 = 10 * SECOND;
const ANNOUNCE_INTERVAL: u64 = 2 * SECOND;

/** When `poll` has something to do: questions to repeat, the second announcement. */
let nextTick: u64 = u64.MAX_VALUE;
/** 0: both announcements are made. */
let announceAgain: u64 = 0;
let watcher: ConflictWatcher | null = null;

@final
class Receiver extends FrameHandler {
  receive(nic: Nic, packet: Packet): void {
    input(nic, packet);
  }
}

/** Called by the stack's `prepare`. */
export function attach(): void {
  ethernet.register(ETHERTYPE, new Receiver());
}

/** In `prepare`: who is told of conflicts. There is one. */
export function watchConflicts(conflicts: ConflictWatcher): void {
  watcher = conflicts;
}

export function start(): void {
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (!nic.link.present || nic.address == 0) continue;
    probe(nic, nic.address);
    for (let each = 0; each < otherCount(); each++) {
      const further = otherAt(nic, each);
      if (further != 0) probe(nic, further);
    }
    announce(nic);
  }
  announceLater(clock());
}

/** Asks whether anybody has this address, without saying that we would: RFC 5227 2.1.1. */
export function probe(nic: Nic, address: u32): void {
  send(nic, REQUEST, BROADCAST, 0, 0, address);
}

/** The interface has another address: who was asked for or known is its neighbour no more, and everybody is told twice (RFC 5227 2.3). */
export function readdressed(nic: Nic): void {
  for (let n = 0; n < entries.length; n++)
    if (entries[n].state != State.free && entries[n].nic == nic) clear(entries[n]);
  nic.defendedAt = 0;
  if (nic.address == 0) return;
  announce(nic);
  announceLater(clock());
}

function announceLater(now: u64): void {
  announceAgain = now + ANNOUNCE_INTERVAL;
  nextTick = min(nextTick, announceAgain);
}

/** Tells everybody that the interface has its addresses: who has one too says so. */
export function announce(nic: Nic): void {
  tellOf(nic, nic.address);
  for (let each = 0; each < otherCount(); each++) {
    const further = otherAt(nic, each);
    if (further != 0) tellOf(nic, further);
  }
}

function tellOf(nic: Nic, address: u32): void {
  send(nic, REQUEST, BROADCAST, address, 0, address);
}

function input(nic: Nic, packet: Packet): void {
  const bytes = packet.bytes;
  if (packet.length < FRAME_HEADER + PACKET) return count(Counter.tooShort);
  if (bytes.be32(IP + HARDWARE_AND_PROTOCOL) != 0x00010800 || bytes.be16(IP + LENGTHS) != 0x0604)
    return count(Counter.arpIgnored);
  const operation = bytes.be16(IP + OPERATION);
  const mac = bytes.be48(IP + SENDER_MAC);
  const sender = bytes.be32(IP + SENDER);
  const target = bytes.be32(IP + TARGET);
  if (mac == nic.mac || (mac & 0x010000000000) != 0) return count(Counter.arpIgnored);
  if (nic.address == 0) return tried(nic, operation, mac, sender, target);
  if (nic.isOwn(sender)) return conflict(nic, sender, mac);
  const now = clock();
  const isHost = sender != 0 && nic.isNear(sender) && !nic.isBroadcast(sender);
  // A router may be in no network of ours: who was asked for may answer.
  const known = sender != 0 ? find(nic, sender) : null;
  if (known != null) answered(known, mac, now);
  if (!nic.isOwn(target) || operation != REQUEST) return;
  // Someone who asks will be talked to: RFC 826 has the address kept. A probe (sender 0) is only answered.
  if (isHost && known == null) learn(place(nic, sender), mac, now);
  send(nic, REPLY, mac, target, mac, sender);
}

/** Without an address of our own, only who has the one that we would like matters, or would like it too: RFC 5227 2.1.1. */
function tried(nic: Nic, operation: u32, mac: u64, sender: u32, target: u32): void {
  const wanted = nic.tentative;
  const conflicts = watcher;
  if (wanted == 0 || conflicts == null) return;
  if (sender != wanted && (sender != 0 || target != wanted || operation != REQUEST)) return;
  count(Counter.arpConflict);
  conflicts.conflict(nic, mac);
}

function conflict(nic: Nic, address: u32, mac: u64): void {
  count(Counter.arpConflict);
  const now = clock();
  if (address != nic.address) {
    if (mayDefendOther(nic, address, now)) defend(nic, address, mac);
    return;
  }
  if (nic.defendedAt != 0 && now - nic.defendedAt < DEFEND_INTERVAL) {
    const conflicts = watcher;
    if (conflicts != null) conflicts.conflict(nic, mac);
    return;
  }
  nic.defendedAt = now;
  defend(nic, address, mac);
}

function defend(nic: Nic, address: u32, mac: u64): void {
  if (log.at(Level.warning)) {
    log.text("net: address conflict: ");
    log.hardware(mac);
    log.text(" also uses ");
    log.address(address);
    log.end();
  }
  tellOf(nic, address);
}

function answered(entry: Entry, mac: u64, now: u64): void {
  const waiting = entry.waiting;
  entry.waiting = null;
  learn(entry, mac, now);
  if (waiting != null) ethernet.send(entry.nic!, waiting, mac, IPV4);
}

/** Sends an IPv4 packet to a neighbour: at once if it is known, else after it has answered. Takes the packet over. */
export function resolve(nic: Nic, packet: Packet, neighbour: u32): void {
  const now = clock();
  let entry = find(nic, neighbour);
  if (entry != null && entry.state == State.known) {
    if (now < entry.until) return ethernet.send(nic, packet, entry.mac, IPV4);
    clear(entry);
    entry = null;
  }
  if (entry == null) {
    entry = place(nic, neighbour);
    entry.state = State.asking;
    entry.tries = 1;
    entry.until = now + RETRY;
    nextTick = min(nextTick, entry.until);
    ask(nic, neighbour);
  }
  const before = entry.waiting;
  if (before != null) {
    count(Counter.unresolved);
    nic.link.discard(before);
  }
  entry.waiting = packet;
}

/** Does a packet wait for this neighbour's answer? Another one would take its place. */
export function isHeld(nic: Nic, neighbour: u32): bool {
  const entry = find(nic, neighbour);
  return entry != null && entry.waiting != null;
}

export function poll(now: u64): void {
  if (now < nextTick) return;
  nextTick = u64.MAX_VALUE;
  if (announceAgain != 0) {
    if (now < announceAgain) nextTick = announceAgain;
    else announceAll();
  }
  for (let n = 0; n < entries.length; n++) {
    const entry = entries[n];
    if (entry.state != State.asking) continue;
    if (now >= entry.until) askAgain(entry, now);
    if (entry.state == State.asking) nextTick = min(nextTick, entry.until);
  }
}

function announceAll(): void {
  announceAgain = 0;
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (nic.link.present && nic.address != 0) announce(nic);
  }
}

function askAgain(entry: Entry, now: u64): void {
  if (entry.tries >= TRIES) {
    if (entry.waiting != null) count(Counter.unresolved);
    entry.nic!.failed(entry.address);
    return clear(entry);
  }
  entry.tries += 1;
  entry.until = now + RETRY;
  ask(entry.nic!, entry.address);
}

function ask(nic: Nic, neighbour: u32): void {
  send(nic, REQUEST, BROADCAST, nic.from(neighbour), 0, neighbour);
}

export function deadline(): u64 {
  return nextTick;
}

function send(nic: Nic, operation: u32, to: u64, sender: u32, targetMac: u64, target: u32): void {
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  const bytes: Bytes = packet.bytes;
  bytes.setBe32(IP + HARDWARE_AND_PROTOCOL, 0x00010800);
  bytes.setBe16(IP + LENGTHS, 0x0604);
  bytes.setBe16(IP + OPERATION, operation);
  bytes.setBe48(IP + SENDER_MAC, nic.mac);
  bytes.setBe32(IP + SENDER, sender);
  bytes.setBe48(IP + TARGET_MAC, targetMac);
  bytes.setBe32(IP + TARGET, target);
  packet.length = FRAME_HEADER + PACKET;
  packet.checksumStart = 0;
  ethernet.send(nic, packet, to, ETHERTYPE);
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  to.counter("net_address_conflicts", "How often another host has claimed an address of this appliance.");
  show(to, 'family="ipv4"', Counter.arpConflict);
  showDrops(to);
  show(to, 'layer="arp",reason="ignored"', Counter.arpIgnored);
  show(to, 'layer="arp",reason="unresolved"', Counter.unresolved);
}
