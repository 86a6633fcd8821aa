/** Numbers where there is no source of unpredictable ones: the time, mixed. Good against accidents, not against an enemy: no secret may be made of them. */

let state: u64 = 0;

export function seed(counter: u64): void {
  state = counter;
}

/** SplitMix64 (Steele, Lea, Flood 2014) over a counter of time. */
export function mixed(counter: u64): u64 {
  state += wide(0x9e37_79b9, 0x7f4a_7c15) + counter;
  let z = state;
  z = (z ^ (z >> 30)) * wide(0xbf58_476d, 0x1ce4_e5b9);
  z = (z ^ (z >> 27)) * wide(0x94d0_49bb, 0x1331_11eb);
  return z ^ (z >> 31);
}

function wide(high: u64, low: u64): u64 {
  return (high << 32) | low;
}
