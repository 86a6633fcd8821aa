/** A table of name servers: see `../resolvers.ts`. */
import { Resolver, Told } from "../resolvers";

const MOST = 16;

const known = new StaticArray<Resolver>(MOST);
for (let n = 0; n < MOST; n++) known[n] = new Resolver();
let length = 0;
/** The description says which: nobody else is believed. */
let areWritten = false;

/** All that this source has told on this interface holds no more. */
export function forget(source: i32, nic: i32): void {
  let kept = 0;
  for (let n = 0; n < length; n++) {
    const each = known[n];
    if (each.source == source && each.nic == nic) continue;
    known[n] = known[kept];
    known[kept] = each;
    kept += 1;
  }
  length = kept;
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
  length += 1;
  return true;
}

export function count(): i32 {
  return length;
}

/** In the order in which they were told: the first is to be asked first. */
export function resolver(index: i32): Resolver {
  assert(index < length);
  return known[index];
}
