import { Bytes } from "../../core/bytes";
import { lower8, SEED, step } from "../hash";
import { NODE_NAME } from "../layout";
import { deepest, records, slots } from "../tables";

/** The lower-case name of the last look-up, 8 bytes a word, filled with zeros. */
const key: StaticArray<u64> = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/** The node that the last look-up found, or 0; and whether it is the name itself or the closest above it. */
export let node: u32 = 0;
export let exact: bool = false;

/** Goes on from a node that `prepare` has looked up already. */
export function found(newNode: u32, isExact: bool): void {
  node = newNode;
  exact = isExact;
}

/**
 * Finds the node of a valid name of `length` bytes and `labels` labels (without the root), or the closest above it. At least
 * 8 bytes of `bytes` come before the name's end.
 */
export function lookUp(bytes: Bytes, offset: u32, length: u32, labels: u32): void {
  exact = true;
  node = probe(bytes, offset, length);
  if (node == 0) lookAbove(bytes, offset, length, labels);
}

function lookAbove(bytes: Bytes, offset: u32, length: u32, labels: u32): void {
  exact = false;
  let at = offset;
  const end = offset + length;
  for (let count = labels; count > 0; ) {
    at += bytes.u8(at) + 1;
    count--;
    if (count > <u32>deepest) continue;
    node = probe(bytes, at, end - at);
    if (node != 0) return;
  }
}

/** The node of exactly this name, or 0. */
function probe(bytes: Bytes, offset: u32, length: u32): u32 {
  let hash = SEED;
  let count = 0;
  const end = offset + length;
  for (let at = offset + 8; at <= end; at += 8) {
    const word = lower8(bytes.le64(at - 8));
    key[count++] = word;
    hash = step(hash, word);
  }
  const rest = length & 7;
  if (rest != 0) {
    // The last 8 bytes of the name, without those that the words before have: nothing after the name is read.
    const word = lower8(bytes.le64(end - 8) >> (64 - 8 * <u64>rest));
    key[count++] = word;
    hash = step(hash, word);
  }
  const mask = <u64>(slots.length - 1);
  let i = hash & mask;
  while (true) {
    const slot = slots[<i32>i];
    if (slot == 0) return 0;
    if ((slot ^ hash) >> 32 == 0 && isNamed(<u32>slot, length, count)) return <u32>slot;
    i = (i + 1) & mask;
  }
}

function isNamed(candidate: u32, length: u32, words: i32): bool {
  if (records.le16(candidate) != length) return false;
  let at = candidate + NODE_NAME;
  for (let i = 0; i < words; i++) {
    if (records.le64(at) != key[i]) return false;
    at += 8;
  }
  return true;
}
