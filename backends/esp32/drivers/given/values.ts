/** Values for slots in flash memory, as `../../image/values.ts` writes them: a word that says so, the bytes of the text, the text, and a sum of all words before it. */
import { load32 } from "../hw";

const MAGIC: u32 = 0x76707061;
const ERASED: u32 = 0xffffffff;
const HEADER: u32 = 8;
/** Of the partition, less what is around the text. */
const MOST: u32 = 0x2000 - HEADER - 4;
const SUM_SEED: u32 = 5381;
const SUM_SHIFT: u32 = 5;

/** Where the text begins behind the start of the partition. */
export const TEXT: u32 = HEADER;

export namespace Found {
  export const none: i32 = 0;
  export const text: i32 = 1;
  /** Damaged, or somebody else's. */
  export const other: i32 = 2;
}

export function look(at: u64): i32 {
  const first = load32(at);
  if (first == ERASED) return Found.none;
  const size = sizeAt(at);
  if (first != MAGIC || size > MOST) return Found.other;
  const end = HEADER + ((size + 3) & ~3);
  let sum = SUM_SEED;
  for (let n: u32 = 0; n < end; n += 4) sum += (sum << SUM_SHIFT) + load32(at + n);
  return sum == load32(at + end) ? Found.text : Found.other;
}

/** Bytes of the text. */
export function sizeAt(at: u64): u32 {
  return load32(at + 4);
}
