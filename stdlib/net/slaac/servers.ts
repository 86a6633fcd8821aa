/** Name servers that routers tell of, for who asks: RFC 8106 5.1, 6.1. A few, and new ones only in free places. */
const PLACES: i32 = 4;

const highs = new StaticArray<u64>(PLACES);
const lows = new StaticArray<u64>(PLACES);
const untils = new StaticArray<u64>(PLACES);

/** At every start. */
export function begin(): void {
  for (let n = 0; n < PLACES; n++) untils[n] = 0;
}

export function heard(high: u64, low: u64, until: u64, now: u64): void {
  if (high == 0 || high >> 56 == 0xff) return;
  let at = -1;
  for (let n = PLACES - 1; n >= 0; n--) if (untils[n] <= now) at = n;
  for (let n = 0; n < PLACES; n++) if (untils[n] > now && lows[n] == low && highs[n] == high) at = n;
  if (at < 0) return;
  highs[at] = high;
  lows[at] = low;
  untils[at] = until;
}

/** How many places there are; the upper half of those that are empty is 0. */
export function places(): i32 {
  return PLACES;
}
export function high(index: i32, now: u64): u64 {
  return untils[index] > now ? highs[index] : 0;
}
export function low(index: i32): u64 {
  return lows[index];
}
