/** Zones that are copied from other servers: RFC 5936, 1995. They are in memory alone: a machine that starts has none of them. */
import { Bytes } from "../../core/bytes";
import { equalsFolded, hashFolded } from "../../core/fold";
import { Table } from "../tables";
import { Servers } from "../transfer/access";

export const NEVER: u64 = u64.MAX_VALUE;

@final
export class Copy {
  /** What is answered from; null: nothing has come yet. */
  current: Table | null = null;
  /** Nobody has told for too long whether it is still right: RFC 1035 3.3.13. */
  isExpired: bool = false;
  serial: u32 = 0;
  /** From the zone's SOA, in nanoseconds. */
  refresh: u64 = 0;
  retry: u64 = 0;
  expire: u64 = 0;
  /** When it is looked after next, and when it expires. */
  due: u64 = 0;
  expiresAt: u64 = NEVER;
  /** Which of its servers is asked, and how many turns all of them have failed in a row. */
  server: i32 = 0;
  failures: u32 = 0;
  /** It was told of a change while it was looked after. */
  isTold: bool = false;
  /** The last thing that went wrong: said once. */
  fault: i32 = 0;

  constructor(
    /** In wire form and small letters. */
    public name: Bytes,
    /** Its place in the description. */
    public number: u32,
    /** Where it comes from, in the order in which they are asked. */
    public servers: Servers,
    /** Instead of what its SOA says; 0: that. */
    public ownExpire: u64,
    private first: Table,
    private second: Table,
  ) {}

  /** The one that nobody answers from. */
  get spare(): Table {
    return this.current == this.first ? this.second : this.first;
  }

  reset(now: u64): void {
    this.current = null;
    this.isExpired = false;
    this.due = now;
    this.expiresAt = NEVER;
    this.server = 0;
    this.failures = 0;
    this.isTold = false;
    this.fault = 0;
  }
}

export let all: StaticArray<Copy> = [];
/** By the names: one more than their place in `all`; a power of two, at most half full. */
let slots: StaticArray<i32> = [0];

/** In `prepare`. */
export function set(copies: Array<Copy>): void {
  all = StaticArray.fromArray(copies);
  let size = 2;
  while (size < copies.length * 2) size *= 2;
  slots = new StaticArray<i32>(size);
  for (let n = 0; n < copies.length; n++) {
    let at = first(copies[n].name, 0, copies[n].name.length);
    while (slots[at] != 0) at = (at + 1) & (size - 1);
    slots[at] = n + 1;
  }
}

function first(bytes: Bytes, offset: u32, length: u32): i32 {
  return <i32>hashFolded(bytes, offset, length) & (slots.length - 1);
}

/** The copy with exactly this name, or null. */
export function named(bytes: Bytes, offset: u32, length: u32): Copy | null {
  let at = first(bytes, offset, length);
  while (slots[at] != 0) {
    const copy = all[slots[at] - 1];
    if (copy.name.length == length && equalsFolded(bytes, offset, copy.name, 0, length)) return copy;
    at = (at + 1) & (slots.length - 1);
  }
  return null;
}

/** The deepest copy that a valid name lies in, or null. */
export function copyOf(bytes: Bytes, offset: u32, length: u32): Copy | null {
  const end = offset + length;
  let at = offset;
  while (true) {
    const copy = named(bytes, at, end - at);
    if (copy != null || bytes.u8(at) == 0) return copy;
    at += bytes.u8(at) + 1;
  }
}

/** The copy of the zone with this place in the description; null: that is none. */
export function numbered(number: u32): Copy | null {
  for (let n = 0; n < all.length; n++) if (all[n].number == number) return all[n];
  return null;
}
