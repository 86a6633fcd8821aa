import { Bytes } from "../../core/bytes";
import { equalsFolded, hashFolded } from "../../core/fold";
import { NODE_NAME } from "../layout";
import { secondary } from "../parts";
import { copyOf } from "../secondary/copies";
import { deepest, records, slots, useImage, useTable } from "../tables";
import { apexOf, lengthOf, zoneOf } from "./node";

/** The node that the last look-up found, or 0; and whether it is the name itself or the closest above it. */
export let node: u32 = 0;
export let exact: bool = false;

/** Goes on from a node that `prepare` has looked up already. */
export function found(newNode: u32, isExact: bool): void {
  node = newNode;
  exact = isExact;
}

/** Finds the node of a valid name of `length` bytes and `labels` labels (without the root), or the closest above it, in any zone. */
export function lookUp(bytes: Bytes, offset: u32, length: u32, labels: u32): void {
  if (secondary) choose(bytes, offset, length, labels);
  else lookUpHere(bytes, offset, length, labels);
}

/** The zone that the name is in cannot be answered for. */
export let isUnavailable: bool = false;

/** Copies of zones have tables of their own: the deepest zone that the name is in is the one that counts. */
function choose(bytes: Bytes, offset: u32, length: u32, labels: u32): void {
  isUnavailable = false;
  useImage();
  lookUpHere(bytes, offset, length, labels);
  const copy = copyOf(bytes, offset, length);
  if (copy == null || (node != 0 && lengthOf(apexOf(zoneOf(node))) > copy.name.length)) return;
  const table = copy.current;
  if (table == null || copy.isExpired) {
    isUnavailable = true;
    found(0, false);
    return;
  }
  useTable(table);
  lookUpHere(bytes, offset, length, labels);
}

/** In the table that is in use. */
export function lookUpHere(bytes: Bytes, offset: u32, length: u32, labels: u32): void {
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
  const hash = hashFolded(bytes, offset, length);
  const mask = <u64>(slots.length - 1);
  let i = hash & mask;
  while (true) {
    const slot = slots[<i32>i];
    if (slot == 0) return 0;
    if ((slot ^ hash) >> 32 == 0 && isNamed(<u32>slot, bytes, offset, length)) return <u32>slot;
    i = (i + 1) & mask;
  }
}

function isNamed(candidate: u32, bytes: Bytes, offset: u32, length: u32): bool {
  return (
    records.le16(candidate) == length && equalsFolded(bytes, offset, records, candidate + NODE_NAME, length)
  );
}
