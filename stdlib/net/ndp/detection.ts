/** Duplicate address detection, RFC 4862 5.4: before an address is used its link is asked once, and a second long listened to. */
import { Level } from "../../core/level";
import { Counter, count } from "../counters";
import { isLinkLocal } from "../header6";
import { Nic } from "../nic";
import { Address, NEVER, Own } from "../own";
import { add as addOwn, each, places } from "./addresses";
import { joined } from "./groups";
import { identify } from "./identifier";
import { listener } from "./listener";
import { advertiseToAll, detect } from "./messages";
import * as log from "./needs/log";
import { random } from "./needs/random";

/** RFC 4861 10, RETRANS_TIMER. */
const PATIENCE: u64 = 1_000_000_000;
/** An address that somebody has is tried again: nobody is there who could do it by hand. */
const AGAIN: u64 = 60_000_000_000;
const DEFEND_INTERVAL: u64 = 10_000_000_000;

/** RFC 7217 5, IDGEN_RETRIES: who takes all of them means it. Later the last one is tried again. */
const RETRIES: u32 = 3;

let next: u64 = NEVER;
let lastDefence: u64 = 0;

/** An address that will be ours if nobody else has it; null when there is no place. */
export function claim(nic: Nic, high: u64, low: u64, now: u64): Own | null {
  const own = addOwn(nic, high, low);
  if (own != null && nic.link.present) ask(own, now);
  return own;
}

/** One of a prefix of 64 bits, its lower half made here. */
export function make(nic: Nic, high: u64, now: u64): Own | null {
  const own = claim(nic, high, identify(nic, high, 0), now);
  if (own != null) own.isMade = true;
  return own;
}

/** Of those that the description has written at every start, of others when they are claimed. */
export function ask(own: Own, now: u64): void {
  own.state = Address.tentative;
  own.nonce = random() >> 16;
  own.at = now + PATIENCE;
  next = min(next, own.at);
  joined(own.nic!, now);
  detect(own);
}

/** Somebody else has this tentative address, or wants it. */
export function duplicate(own: Own, hardware: u64, now: u64): void {
  count(Counter.ip6Conflict);
  const isFirst = own.conflicts == 0;
  own.conflicts += 1;
  own.state = Address.duplicate;
  own.at = now + AGAIN;
  next = min(next, own.at);
  if (isFirst) tell(own, hardware);
  if (!own.isMade || own.conflicts > RETRIES) return;
  own.low = identify(own.nic!, own.high, own.conflicts);
  ask(own, now);
}

/** Somebody says that a ready address of ours is its own: it is told that it is not, now and then. RFC 4862 5.4 leaves this open. */
export function conflict(own: Own, hardware: u64, now: u64): void {
  count(Counter.ip6Conflict);
  if (lastDefence != 0 && now - lastDefence < DEFEND_INTERVAL) return;
  lastDefence = now;
  tell(own, hardware);
  advertiseToAll(own);
}

function tell(own: Own, hardware: u64): void {
  if (!log.at(Level.warning)) return;
  log.text("net: address conflict: ");
  log.hardware(hardware);
  log.text(" also uses ");
  log.address6(own.high, own.low);
  log.end();
}

export function poll(now: u64): void {
  if (now < next) return;
  next = NEVER;
  for (let n = 0; n < places(); n++) {
    const own = each(n);
    if (own.state == Address.free) continue;
    if (own.validUntil <= now) {
      own.state = Address.free;
      continue;
    }
    next = min(next, own.validUntil);
    if (own.state == Address.ready) continue;
    if (own.at <= now) {
      if (own.state == Address.tentative) ready(own, now);
      else ask(own, now);
    }
    if (own.state != Address.ready) next = min(next, own.at);
  }
}

/** Its end of life has changed. */
export function renewed(own: Own): void {
  next = min(next, own.validUntil);
}

function ready(own: Own, now: u64): void {
  own.state = Address.ready;
  if (log.at(Level.info)) {
    log.text(own.nic!.name);
    log.text(": ");
    log.address6(own.high, own.low);
    log.text(" ");
    log.hardware(own.nic!.mac);
    log.end();
  }
  const to = listener();
  if (to != null && isLinkLocal(own.high)) to.ready(own.nic!, now);
}

export function deadline(): u64 {
  return next;
}
