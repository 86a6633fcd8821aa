/** The same numbers in every run. Implements core.Random. SplitMix64. */

// biome-ignore-start lint/correctness/noPrecisionLoss: u64 in AssemblyScript
let state: u64 = 0;

export function seed(value: u64): void {
  state = value;
}

export function random(): u64 {
  state += 0x9e3779b97f4a7c15;
  let mixed = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}
// biome-ignore-end lint/correctness/noPrecisionLoss: u64 in AssemblyScript
