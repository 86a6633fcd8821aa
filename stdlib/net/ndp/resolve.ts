/** Finds neighbours, and finds out whether they are still there: RFC 4861 7.2.2, 7.3. */
import { Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { ETHERTYPE6, groupHardware, isGroup } from "../header6";
import { Nic } from "../nic";
import { NEVER } from "../own";
import { select } from "./addresses";
import { clear, each, find, Neighbour, place, places, Reach } from "./cache";
import { solicit } from "./messages";
import * as ethernet from "./needs/ethernet";
import { failed, forget } from "./ways";

/** RFC 4861 10. */
const RETRANS: u64 = 1_000_000_000;
const REACHABLE: u64 = 30_000_000_000;
const DELAY: u64 = 5_000_000_000;
const TRIES: u32 = 3;

let next: u64 = NEVER;

/** Sends a packet to a neighbour: at once if it is known, else after it has answered. Takes the packet over. */
export function resolve(nic: Nic, packet: Packet, high: u64, low: u64, now: u64): void {
  if (isGroup(high)) return ethernet.send(nic, packet, groupHardware(low), ETHERTYPE6);
  let entry = find(nic, high, low);
  if (entry != null && entry.state != Reach.incomplete) {
    entry.usedAt = now;
    if (entry.state == Reach.reachable && entry.until <= now) entry.state = Reach.stale;
    if (entry.state == Reach.stale) enter(entry, Reach.delay, now + DELAY);
    return ethernet.send(nic, packet, entry.mac, ETHERTYPE6);
  }
  if (entry == null) {
    entry = place(nic, high, low);
    entry.tries = 1;
    entry.usedAt = now;
    enter(entry, Reach.incomplete, now + RETRANS);
    ask(entry, now);
  }
  const before = entry.waiting;
  if (before != null) {
    count(Counter.unresolved);
    nic.link.discard(before);
  }
  entry.waiting = packet;
}

/** Does a packet wait for this neighbour's answer? Another one would take its place. */
export function isHeld(nic: Nic, high: u64, low: u64): bool {
  const entry = find(nic, high, low);
  return entry != null && entry.waiting != null;
}

function enter(entry: Neighbour, state: i32, until: u64): void {
  entry.state = state;
  entry.until = until;
  if (state >= Reach.delay || state == Reach.incomplete) next = min(next, until);
}

/** To all while nobody is known, to the one that is known else. */
function ask(entry: Neighbour, now: u64): void {
  const nic = entry.nic!;
  const from = select(nic, entry.high, entry.low, now);
  if (from == null) return count(Counter.noRoute);
  solicit(nic, from, entry.high, entry.low, entry.state == Reach.incomplete ? 0 : entry.mac);
}

/**
 * A neighbour says where it is: RFC 4861 7.2.5. Only an answer to a question of ours is believed; anything else that disagrees makes us ask the
 * one that is known. `mayReplace`: it may take another's place. `mac` 0: not told.
 */
export function advertised(
  nic: Nic,
  high: u64,
  low: u64,
  mac: u64,
  isAnswer: bool,
  mayReplace: bool,
  isRouter: bool,
  now: u64,
): void {
  const entry = find(nic, high, low);
  if (entry == null) return;
  if (entry.state == Reach.incomplete) {
    if (!isAnswer || mac == 0) return count(Counter.ndpIgnored);
    entry.mac = mac;
    enter(entry, Reach.reachable, now + REACHABLE);
    const waiting = entry.waiting;
    entry.waiting = null;
    if (waiting != null) ethernet.send(nic, waiting, mac, ETHERTYPE6);
  } else if (mac == 0 || mac == entry.mac) {
    if (isAnswer) enter(entry, Reach.reachable, now + REACHABLE);
  } else if (isAnswer && mayReplace && entry.state == Reach.probe) {
    entry.mac = mac;
    enter(entry, Reach.reachable, now + REACHABLE);
  } else {
    count(Counter.ndpIgnored);
    doubt(entry, now);
  }
  if (isAnswer && !isRouter) forget(nic, high, low);
}

/** Somebody who asks us says where it is: that must be asked for. */
export function heard(nic: Nic, high: u64, low: u64, mac: u64, now: u64): void {
  const entry = find(nic, high, low);
  if (entry != null && entry.state != Reach.incomplete && entry.mac != mac) doubt(entry, now);
}

/** It is asked where it is known to be; if nothing comes, all are. */
function doubt(entry: Neighbour, now: u64): void {
  if (entry.state == Reach.probe) return;
  entry.tries = 1;
  enter(entry, Reach.probe, now + RETRANS);
  ask(entry, now);
}

export function poll(now: u64): void {
  if (now < next) return;
  next = NEVER;
  for (let n = 0; n < places(); n++) {
    const entry = each(n);
    const state = entry.state;
    if (state != Reach.incomplete && state < Reach.delay) continue;
    if (entry.until <= now) expire(entry, now);
    if (entry.state == Reach.incomplete || entry.state >= Reach.delay) next = min(next, entry.until);
  }
}

function expire(entry: Neighbour, now: u64): void {
  if (entry.state == Reach.delay) {
    entry.tries = 0;
    entry.state = Reach.probe;
  }
  if (entry.tries >= TRIES) {
    if (entry.waiting != null) count(Counter.unresolved);
    failed(entry.nic!, entry.high, entry.low, now);
    return clear(entry);
  }
  entry.tries += 1;
  entry.until = now + RETRANS;
  ask(entry, now);
}

export function deadline(): u64 {
  return next;
}
