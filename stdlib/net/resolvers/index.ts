/** A table of name servers: see `../resolvers.ts`. */
import { NEVER } from "../own";
import { Resolver, Told } from "../resolvers";

const MOST = 16;
/** Of those that each kind of source on a network tells, on all interfaces together. */
const MOST_HEARD = 4;

const known = new StaticArray<Resolver>(MOST);
for (let n = 0; n < MOST; n++) known[n] = new Resolver();
let length = 0;
/** The description says which: nobody else is believed. */
let areWritten = false;

/** All that this source has told on this interface holds no more. */
export function forget(source: i32, nic: i32): void {
  for (let n = length - 1; n >= 0; n--) if (known[n].source == source && known[n].nic == nic) remove(n);
}

/** The order of the others stays. */
function remove(index: i32): void {
  const gone = known[index];
  length -= 1;
  for (let n = index; n < length; n++) known[n] = known[n + 1];
  known[length] = gone;
}

/** False when the table is full, or only the description counts. */
export function add(source: i32, nic: i32, family: u8, high: u64, low: u64): bool {
  if (source == Told.byDescription) areWritten = true;
  else if (areWritten) return false;
  if (length == MOST) return false;
  const each = known[length];
  each.source = source;
  each.nic = nic;
  each.family = family;
  each.high = high;
  each.low = low;
  each.until = NEVER;
  length += 1;
  return true;
}

/** One of IPv6 that is told again and again, until then; what is over makes place, and nothing else does: RFC 8106 5.3.1, 6.2. */
export function hear(source: i32, nic: i32, high: u64, low: u64, until: u64, now: u64): bool {
  sweep(now);
  let heard = 0;
  for (let n = 0; n < length; n++) {
    const each = known[n];
    if (each.source != source) continue;
    heard += 1;
    if (each.nic != nic || each.low != low || each.high != high) continue;
    each.until = until;
    if (until <= now) remove(n);
    return true;
  }
  if (until <= now || heard >= MOST_HEARD || !add(source, nic, 6, high, low)) return false;
  known[length - 1].until = until;
  return true;
}

function sweep(now: u64): void {
  for (let n = length - 1; n >= 0; n--) if (known[n].until <= now) remove(n);
}

/** How many hold now. */
export function count(now: u64): i32 {
  sweep(now);
  return length;
}

/** In the order in which they were told: the first is to be asked first. */
export function resolver(index: i32): Resolver {
  assert(index < length);
  return known[index];
}
