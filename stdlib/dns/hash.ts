/**
 * The hash of a name in wire form: 8 bytes a step, lower-case, the last step filled with zeros. The server computes it with
 * `step` over the words of a question, `prepare` with `hashName` over the same bytes.
 */
export const SEED: u64 = ((<u64>0x9ae16a3b) << 32) | 0x2f90404f;
export const FACTOR: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15;
const ONES: u64 = ((<u64>0x01010101) << 32) | 0x01010101;

export function step(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * FACTOR;
  return mixed ^ (mixed >> 32);
}

/** ASCII letters of 8 bytes to lower-case. Length bytes of labels are below `A`, so a whole name may be given. */
export function lower8(word: u64): u64 {
  const low = word & (0x7f * ONES);
  const fromA = low + 0x3f * ONES; // bit 7 of a byte: at least `A`
  const pastZ = low + 0x25 * ONES; // bit 7 of a byte: above `Z`
  const letters = (fromA ^ pastZ) & ~word & (0x80 * ONES);
  return word | (letters >> 2);
}

/** For lower-case names at set-up. */
export function hashName(bytes: StaticArray<u8>, offset: i32, count: i32): u64 {
  let hash = SEED;
  for (let i = 0; i < count; i += 8) {
    let word: u64 = 0;
    for (let k = min(8, count - i) - 1; k >= 0; k--) word = (word << 8) | <u64>bytes[offset + i + k];
    hash = step(hash, word);
  }
  return hash;
}
