/** How many connections one source may have: counted by a hash under a key, twice, so that few share both counts with another. */
import { isSmall } from "../../core/machine";
import { hashed } from "./secret";

const PLACES: u32 = isSmall ? 256 : 2048;
const PURPOSE: u64 = 4;
const counts = new StaticArray<u16>(<i32>(2 * PLACES));
let most: u32 = 0;

/** In `prepare`. */
export function setMost(perSource: u32): void {
  most = min(perSource, 0xffff);
}

/** At every start. */
export function begin(): void {
  for (let n = 0; n < counts.length; n++) counts[n] = 0;
}

/** IPv6: the network of /64 is one source (RFC 4291 2.5.4); IPv4: the address. */
function sourceOf(high: u64, low: u64): u64 {
  return hashed(PURPOSE, high, high == 0 ? low : 0, 0);
}

function first(hash: u64): i32 {
  return <i32>(<u32>hash % PLACES);
}
function second(hash: u64): i32 {
  return <i32>(PLACES + (<u32>(hash >> 32) % PLACES));
}

/** May this source have one more? */
export function allows(high: u64, low: u64): bool {
  const hash = sourceOf(high, low);
  return <u32>min(counts[first(hash)], counts[second(hash)]) < most;
}

export function add(high: u64, low: u64): void {
  const hash = sourceOf(high, low);
  counts[first(hash)] = <u16>(<u32>counts[first(hash)] + 1);
  counts[second(hash)] = <u16>(<u32>counts[second(hash)] + 1);
}

export function remove(high: u64, low: u64): void {
  const hash = sourceOf(high, low);
  counts[first(hash)] = <u16>(<u32>counts[first(hash)] - 1);
  counts[second(hash)] = <u16>(<u32>counts[second(hash)] - 1);
}
