/** Bytes taken without regard to the case of ASCII letters: hashed and compared 8 at a time, for tables that are looked up by names. */
import { Bytes } from "./bytes";

const SEED: u64 = ((<u64>0x9ae16a3b) << 32) | 0x2f90404f;
const FACTOR: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15;
const ONES: u64 = ((<u64>0x01010101) << 32) | 0x01010101;
/** Without the bit that tells small from capital letters. Other bytes fall together, too: that costs a hash nothing. */
const CASELESS: u64 = 0xdf * ONES;

/** A hash of `count` bytes; the same for `WWW` and `www`. Its upper and its lower half are both good. */
export function hashFolded(bytes: Bytes, offset: u32, count: u32): u64 {
  return hashAt(bytes.pointer(offset, count), count);
}

/** The same of bytes in an array. */
export function hashFoldedIn(bytes: StaticArray<u8>, offset: i32, count: i32): u64 {
  assert(offset >= 0 && count >= 0 && <i64>offset + <i64>count <= <i64>bytes.length);
  return hashAt(changetype<usize>(bytes) + offset, count);
}

function hashAt(from: usize, count: u32): u64 {
  let at = from;
  if (count < 8) return mixed(SEED, few(at, count) & CASELESS);
  // The last 8 bytes are taken as such, some of them for the second time.
  const last = at + count - 8;
  let hash = SEED;
  while (at < last) {
    hash = mixed(hash, load<u64>(at) & CASELESS);
    at += 8;
  }
  return mixed(hash, load<u64>(last) & CASELESS);
}

/** Are `count` bytes of `bytes`, with capital letters made small, those of `small`? */
export function equalsFolded(bytes: Bytes, offset: u32, small: Bytes, smallOffset: u32, count: u32): bool {
  let a = bytes.pointer(offset, count);
  let b = small.pointer(smallOffset, count);
  if (count < 8) return lower(few(a, count)) == few(b, count);
  const last = a + count - 8;
  const lastOfSmall = b + count - 8;
  while (a < last) {
    if (!isSame(load<u64>(a), load<u64>(b))) return false;
    a += 8;
    b += 8;
  }
  return isSame(load<u64>(last), load<u64>(lastOfSmall));
}

/** Most names are asked for in small letters. */
function isSame(word: u64, small: u64): bool {
  return word == small || lower(word) == small;
}

function mixed(hash: u64, word: u64): u64 {
  const product = (hash ^ word) * FACTOR;
  return product ^ (product >> 32);
}

/** Fewer than 8 bytes as a number. */
function few(at: usize, count: u32): u64 {
  let word: u64 = 0;
  for (let i = count; i > 0; i--) word = (word << 8) | <u64>load<u8>(at + i - 1);
  return word;
}

/** The capital ASCII letters of 8 bytes made small. */
function lower(word: u64): u64 {
  const low = word & (0x7f * ONES);
  const fromA = low + 0x3f * ONES; // bit 7 of a byte: at least `A`
  const pastZ = low + 0x25 * ONES; // bit 7 of a byte: above `Z`
  const letters = (fromA ^ pastZ) & ~word & (0x80 * ONES);
  return word | (letters >> 2);
}
