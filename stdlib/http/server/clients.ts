/** How often one client may ask: a bucket of tokens for each address, IPv6 by /64. Addresses that share a place share it. */
import { isSmall } from "../../core/machine";
import { Stream } from "../../net/tcp";

/** A power of two. */
const PLACE_BITS: u64 = isSmall ? 6 : 10;
const PLACES: u32 = 1 << (<u32>PLACE_BITS);
/** Time that a request costs, and time that can be saved up; in nanoseconds. 0: no limit. */
let cost: u64 = 0;
let saved: u64 = 0;
/** When the bucket would be full again, by address. */
let full: StaticArray<u64> = [];
let owner: StaticArray<u64> = [];

/** In `prepare`: `count` requests in `per` nanoseconds. */
export function set(count: u64, per: u64): void {
  cost = per / count;
  saved = per;
  full = new StaticArray<u64>(<i32>PLACES);
  owner = new StaticArray<u64>(<i32>PLACES);
}

export function mayAsk(stream: Stream, now: u64): bool {
  if (cost == 0) return true;
  const key = stream.family == 4 ? stream.low : stream.high;
  const place = <i32>((key * (((<u64>0x9e3779b9) << 32) | 0x7f4a7c15)) >> (64 - PLACE_BITS));
  // Who comes to a place whose owner has been quiet has it for himself.
  if (owner[place] != key && full[place] <= now) owner[place] = key;
  const at = max(full[place], now) + cost;
  if (at > now + saved) return false;
  full[place] = at;
  return true;
}
