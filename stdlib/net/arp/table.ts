/**
 * Who has which hardware address: RFC 826 with the times of RFC 1122 2.3.2.1. Four places for each hash of an address; the oldest
 * gives way, so a flood can push out at most what hashes alike.
 *
 *   Free ──wanted──> Asking ──answer──> Known
 *    ^                 │ no answer        │ wanted after LIFETIME
 *    └─────────────────┴──────────────────┘
 */
import { isSmall } from "../../core/machine";
import { Packet } from "../../core/packet";
import { Nic } from "../nic";

export const SECOND: u64 = 1_000_000_000;
const LIFETIME: u64 = 60 * SECOND;
export const RETRY: u64 = SECOND;
export const TRIES: u32 = 3;
const SETS = isSmall ? 8 : 64;
const WAYS = 4;

export namespace State {
  export const free = 0;
  export const asking = 1;
  export const known = 2;
}

@final
export class Entry {
  state: i32 = State.free;
  address: u32 = 0;
  mac: u64 = 0;
  /** Known: when it must be asked for anew. Asking: when to ask again. */
  until: u64 = 0;
  tries: u32 = 0;
  nic: Nic | null = null;
  /** Asking: the one packet that waits. */
  waiting: Packet | null = null;
}

export const entries = new StaticArray<Entry>(SETS * WAYS);
for (let n = 0; n < SETS * WAYS; n++) entries[n] = new Entry();

function first(address: u32): i32 {
  return <i32>(((address * 2654435761) >> 26) & (SETS - 1)) * WAYS;
}

/** The entry of `address`; null when there is none. */
export function find(nic: Nic, address: u32): Entry | null {
  const from = first(address);
  for (let n = from; n < from + WAYS; n++) {
    const entry = entries[n];
    if (entry.state != State.free && entry.address == address && entry.nic == nic) return entry;
  }
  return null;
}

/** A place for `address`: a free one, else the one that ends first. What waited there is dropped. */
export function place(nic: Nic, address: u32): Entry {
  const from = first(address);
  let chosen = entries[from];
  for (let n = from; n < from + WAYS; n++) {
    const entry = entries[n];
    if (entry.state == State.free) {
      chosen = entry;
      break;
    }
    if (entry.until < chosen.until) chosen = entry;
  }
  clear(chosen);
  chosen.address = address;
  chosen.nic = nic;
  return chosen;
}

export function clear(entry: Entry): void {
  const waiting = entry.waiting;
  if (waiting != null) entry.nic!.link.discard(waiting);
  entry.waiting = null;
  entry.state = State.free;
}

export function learn(entry: Entry, mac: u64, now: u64): void {
  entry.state = State.known;
  entry.mac = mac;
  entry.until = now + LIFETIME;
}
