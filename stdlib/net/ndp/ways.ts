/** Where packets go: networks on a link, routers, and routes over them, in one table. RFC 4861 5.1 and 5.2, RFC 4191 for preferences. */
import { isLinkLocal, within } from "../header6";
import { Nic } from "../nic";
import { NEVER } from "../own";

/** Of all interfaces together. Half of them are for what the description says: no advertisement takes their place. */
const MOST = 64;
/** What a router told that did not answer is passed over for so long. */
const FAILED: u64 = 30_000_000_000;

@final
export class Way {
  /** Null: the place is free. */
  nic: Nic | null = null;
  /** Packets for this prefix … */
  high: u64 = 0;
  low: u64 = 0;
  length: u32 = 0;
  /** … go to this router; 0: they are on the link. */
  byHigh: u64 = 0;
  byLow: u64 = 0;
  /** RFC 4191 2.1: 1, 0 or -1. */
  preference: i32 = 0;
  /** NEVER: the description says so. */
  until: u64 = NEVER;
  failedUntil: u64 = 0;
}

const table = new StaticArray<Way>(MOST);
for (let n = 0; n < MOST; n++) table[n] = new Way();

function find(nic: Nic, high: u64, low: u64, length: u32, byHigh: u64, byLow: u64): Way | null {
  for (let n = 0; n < MOST; n++) {
    const way = table[n];
    const same = way.nic == nic && way.length == length && way.high == high && way.low == low;
    if (same && way.byHigh == byHigh && way.byLow == byLow) return way;
  }
  return null;
}

/**
 * A way, until then; it is renewed if it is known, and `until` 0 removes it. What the description says stays. False when there is no place. Bits
 * behind the prefix are 0.
 */
export function put(
  nic: Nic,
  high: u64,
  low: u64,
  length: u32,
  byHigh: u64,
  byLow: u64,
  preference: i32,
  until: u64,
): bool {
  let way = find(nic, high, low, length, byHigh, byLow);
  if (way != null && way.until == NEVER) return true;
  if (until == 0) {
    if (way != null) way.nic = null;
    return true;
  }
  const end = until == NEVER ? MOST : MOST / 2;
  for (let n = until == NEVER ? MOST / 2 : 0; way == null && n < end; n++)
    if (table[n].nic == null) way = table[n];
  if (way == null) return false;
  way.nic = nic;
  way.high = high;
  way.low = low;
  way.length = length;
  way.byHigh = byHigh;
  way.byLow = byLow;
  way.preference = preference;
  way.until = until;
  way.failedUntil = 0;
  return true;
}

/** The best one: the longest prefix, then one that works, then the preferred one. Null: none. */
export function choose(high: u64, low: u64, now: u64): Way | null {
  let best: Way | null = null;
  for (let n = 0; n < MOST; n++) {
    const way = table[n];
    const nic = way.nic;
    if (nic == null || way.until <= now || !nic.link.present) continue;
    if (!within(high, low, way.high, way.low, way.length)) continue;
    if (best == null || isBetter(way, best, now)) best = way;
  }
  return best;
}

function isBetter(way: Way, than: Way, now: u64): bool {
  if (way.length != than.length) return way.length > than.length;
  const works = way.failedUntil <= now;
  if (works != than.failedUntil <= now) return works;
  return way.preference > than.preference;
}

/** The way by this interface; for addresses of its own link that is the link. */
export function chooseOn(nic: Nic, high: u64, low: u64, now: u64): Way | null {
  let best: Way | null = null;
  for (let n = 0; n < MOST; n++) {
    const way = table[n];
    if (way.nic != nic || way.until <= now || !within(high, low, way.high, way.low, way.length)) continue;
    if (best == null || isBetter(way, best, now)) best = way;
  }
  return best;
}

/** A neighbour has not answered: others are tried. */
export function failed(nic: Nic, high: u64, low: u64, now: u64): void {
  for (let n = 0; n < MOST; n++) {
    const way = table[n];
    if (way.nic == nic && way.byHigh == high && way.byLow == low) way.failedUntil = now + FAILED;
  }
}

/** It is a router no longer: RFC 4861 7.2.5. What the description says of it stays. */
export function forget(nic: Nic, high: u64, low: u64): void {
  for (let n = 0; n < MOST; n++) {
    const way = table[n];
    const isIts = way.nic == nic && way.byHigh == high && way.byLow == low && high != 0;
    if (isIts && way.until != NEVER) way.nic = null;
  }
}

/** What is over makes place. */
export function sweep(now: u64): void {
  for (let n = 0; n < MOST; n++) if (table[n].until <= now) table[n].nic = null;
}

/** Is it on this link, as far as is known? */
export function isNear(nic: Nic, high: u64, low: u64, now: u64): bool {
  if (isLinkLocal(high)) return true;
  const way = chooseOn(nic, high, low, now);
  return way != null && way.byHigh == 0;
}
