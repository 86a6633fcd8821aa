/** Paths that take less than their first link: RFC 1191 6.3, RFC 8201 5.2. Few, bounded, and forgotten after a while, as routes change. */
import { isSmall } from "../core/machine";

const PLACES: i32 = isSmall ? 16 : 64;
/** RFC 8201 5.3 wants at least five minutes before more is tried, and recommends ten. */
const LIFETIME: u64 = 600_000_000_000;

const highs = new StaticArray<u64>(PLACES);
const lows = new StaticArray<u64>(PLACES);
const mtus = new StaticArray<u32>(PLACES);
const untils = new StaticArray<u64>(PLACES);
let latest: u64 = 0;
let oldest: i32 = 0;

/** What `mtuTo` gives from now on; `now` in nanoseconds. The oldest one gives way. */
export function learn(high: u64, low: u64, mtu: u32, now: u64): void {
  let at = oldest;
  for (let n = 0; n < PLACES; n++) if (lows[n] == low && highs[n] == high) at = n;
  if (at == oldest) oldest = (oldest + 1) % PLACES;
  highs[at] = high;
  lows[at] = low;
  mtus[at] = mtu;
  untils[at] = now + LIFETIME;
  latest = untils[at];
}

/** The longest packet that arrives there, at most `most`. Quick while nothing has been learnt. */
export function mtuTo(high: u64, low: u64, most: u32, now: u64): u32 {
  if (latest <= now) return most;
  for (let n = 0; n < PLACES; n++)
    if (lows[n] == low && highs[n] == high && untils[n] > now) return min(most, mtus[n]);
  return most;
}

/** Has any been learnt that is still good? */
export function areKnown(): bool {
  return latest != 0;
}
