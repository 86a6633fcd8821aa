/**
 * Who has which hardware address, and whether it is still there: RFC 4861 5.1, 7.3. Four places for each hash of an address under a key of this
 * start; the one that was used longest ago gives way. Only our own packets make entries: a flood from all addresses of a /64 makes none.
 *
 *   free ──wanted──> incomplete ──answer──> reachable ──30 s──> stale ──used──> delay ──5 s──> probe
 *    ^                  │ three times            ^                                              │ │
 *    └──────────────────┴────────────────────────┼──────────────── three times ─────────────────┘ │
 *                                                └─────────────────── answer ─────────────────────┘
 */
import { isSmall } from "../../core/machine";
import { Packet } from "../../core/packet";
import { Nic } from "../nic";

export namespace Reach {
  export const free: i32 = 0;
  export const incomplete: i32 = 1;
  export const reachable: i32 = 2;
  export const stale: i32 = 3;
  export const delay: i32 = 4;
  export const probe: i32 = 5;
}

const SETS = isSmall ? 8 : 64;
const WAYS = 4;

@final
export class Neighbour {
  state: i32 = Reach.free;
  nic: Nic | null = null;
  high: u64 = 0;
  low: u64 = 0;
  mac: u64 = 0;
  /** When its state ends. */
  until: u64 = 0;
  usedAt: u64 = 0;
  tries: u32 = 0;
  /** Incomplete: the one packet that waits. */
  waiting: Packet | null = null;
}

const entries = new StaticArray<Neighbour>(SETS * WAYS);
for (let n = 0; n < SETS * WAYS; n++) entries[n] = new Neighbour();
let factor: u64 = 1;

export function places(): i32 {
  return SETS * WAYS;
}

export function each(index: i32): Neighbour {
  return entries[index];
}

/** At every start: nobody knows who shares a place with whom. */
export function begin(secret: u64): void {
  factor = secret | 1;
}

function first(high: u64, low: u64): i32 {
  const mixed = (low ^ rotl<u64>(high, 29)) * factor;
  return <i32>(<u32>(mixed >> 58) & (SETS - 1)) * WAYS;
}

export function find(nic: Nic, high: u64, low: u64): Neighbour | null {
  const from = first(high, low);
  for (let n = from; n < from + WAYS; n++) {
    const entry = entries[n];
    if (entry.state == Reach.free || entry.nic != nic) continue;
    if (entry.low == low && entry.high == high) return entry;
  }
  return null;
}

/** A place: a free one, else the one that was used longest ago. What waited there is dropped. */
export function place(nic: Nic, high: u64, low: u64): Neighbour {
  const from = first(high, low);
  let chosen = entries[from];
  for (let n = from; n < from + WAYS; n++) {
    const entry = entries[n];
    if (entry.state == Reach.free) {
      chosen = entry;
      break;
    }
    if (entry.usedAt < chosen.usedAt) chosen = entry;
  }
  clear(chosen);
  chosen.nic = nic;
  chosen.high = high;
  chosen.low = low;
  return chosen;
}

export function clear(entry: Neighbour): void {
  const waiting = entry.waiting;
  if (waiting != null) entry.nic!.link.discard(waiting);
  entry.waiting = null;
  entry.state = Reach.free;
}
