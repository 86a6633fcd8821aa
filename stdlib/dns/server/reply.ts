import { Bytes } from "../../core/bytes";
import * as layout from "../layout";
import { records } from "../tables";
import { copyLabels, isFirstName, nameLength, placeOf } from "./place";

/** The reply that is being written, how far it is, and how far it may go. */
export let reply: Bytes = records;
export let at: u32 = 0;
let limit: u32 = 0;
/** Compression pointers lead no farther: RFC 1035 4.1.4. */
const FARTHEST: u32 = 0x3fff;
/** Something that the answer needs did not fit: RFC 2181 9. */
export let truncated: bool = false;

export function startReply(buffer: Bytes, written: u32, end: u32): void {
  reply = buffer;
  at = written;
  limit = end;
  truncated = false;
}

/**
 * Writes the records of a block, whose node's name has `length` bytes. `owner` is the byte of the current name where theirs begins.
 * Gives the head of the block: how many records and extras there are; 0, and the reply is truncated, if they do not fit.
 */
export function putBlock(block: u32, length: u32, owner: u32): u64 {
  const head = records.le64(block);
  const size = <u32>head & 0xffff;
  const base = at;
  if (base + size > limit) {
    truncated = true;
    return 0;
  }
  reply.copy(base, records, block + layout.BLOCK_WIRE, size);
  at = base + size;
  const isUnmoved =
    length == nameLength && base == layout.HEADER + layout.AFTER_NAME + length && isFirstName();
  if (!isUnmoved) move(block, size, base, length, owner);
  return head;
}

/** How many records a block with this head has, and whether addresses of hosts in them may follow. */
export function recordsOf(head: u64): u64 {
  return head >> 48;
}
export function hasExtras(head: u64): bool {
  return (<u32>(head >> 32) & 0xffff) != 0;
}

/** Sets the owners and the pointers of records for the place where they are now. */
function move(block: u32, size: u32, base: u32, length: u32, owner: u32): void {
  setOwners(base, size, placeOf(owner));
  const count = records.le16(block + layout.BLOCK_RELOCATIONS);
  const list = block + align4(layout.BLOCK_WIRE + size);
  for (let i: u32 = 0; i < count; i++) {
    const place = base + records.le16(list + 2 * i);
    reply.setBe16(place, 0xc000 | moved(reply.be16(place) & 0x3fff, base, length));
  }
}

/** Where a place in the message, as a block has it, is in this reply. */
function moved(place: u32, base: u32, length: u32): u32 {
  const name = layout.HEADER + length;
  return place < name
    ? placeOf(place - layout.HEADER + nameLength - length)
    : place - (name + layout.AFTER_NAME) + base;
}

/**
 * Writes the records of a block with the name of their node (which is in the zone of the apex whose name the question has), as they stand in a
 * transfer. `owner`: where the name is in the message already; 0: nowhere. Gives where it is then.
 */
export function putOwned(block: u32, node: u32, apexLength: u32, owner: u32): u32 {
  const length: u32 = records.le16(node);
  const size: u32 = records.le16(block);
  const labels = length - apexLength;
  const base = owner == 0 ? at + labels : at;
  if (base + size > limit) {
    truncated = true;
    return owner;
  }
  const name = owner == 0 ? at : owner;
  if (owner == 0) {
    reply.copy(at, records, node + layout.NODE_NAME, labels);
    reply.setBe16(base, layout.OWNER);
  } else reply.setBe16(base, 0xc000 | owner);
  reply.copy(base + 2, records, block + layout.BLOCK_WIRE + 2, size - 2);
  at = base + size;
  const second = base + 12 + reply.be16(base + 10);
  setOwners(second, at - second, name);
  const count = records.le16(block + layout.BLOCK_RELOCATIONS);
  const list = block + align4(layout.BLOCK_WIRE + size);
  const recordsBegin = layout.HEADER + length + layout.AFTER_NAME;
  for (let i: u32 = 0; i < count; i++) {
    const place = base + records.le16(list + 2 * i);
    const to = reply.be16(place) & 0x3fff;
    let there = base + to - recordsBegin;
    // A part of the node's own name: of the labels that stand here, or of the apex.
    if (to < layout.HEADER + length) {
      const part = to - layout.HEADER;
      there = part < labels ? name + part : layout.HEADER + part - labels;
    }
    reply.setBe16(place, 0xc000 | there);
  }
  return name;
}

function setOwners(base: u32, size: u32, owner: u32): void {
  for (let record = base; record < base + size; record += 12 + reply.be16(record + 10)) {
    reply.setBe16(record, 0xc000 | owner);
  }
}

/**
 * Writes the addresses of the hosts that a block's records, which are at `base`, name; gives how many records. What does not fit
 * is left out, unless it is glue that a delegation cannot do without (RFC 9471 3.1).
 */
export function putExtras(block: u32, length: u32, base: u32): u32 {
  const count = records.le16(block + layout.BLOCK_EXTRAS);
  if (count == 0) return 0;
  let written: u32 = 0;
  let isFull = false;
  const list = extrasOf(block);
  for (let i: u32 = 0; i < count; i++) {
    const extra = list + i * layout.EXTRA_SIZE;
    const flags = records.le16(extra + 6);
    const addresses = records.le32(extra);
    const size = records.le16(addresses);
    if ((isFull && (flags & layout.EXTRA_AAAA) != 0) || at + size > limit) {
      isFull = true;
      if ((flags & layout.EXTRA_GLUE) != 0) truncated = true;
      continue;
    }
    const owner = moved(records.le16(extra + 4), base, length);
    if (owner > FARTHEST) continue;
    reply.copy(at, records, addresses + layout.BLOCK_WIRE, size);
    setOwners(at, size, owner);
    at += size;
    written += records.le16(addresses + layout.BLOCK_RECORDS);
  }
  return written;
}

export function extrasOf(block: u32): u32 {
  const relocations = block + align4(layout.BLOCK_WIRE + records.le16(block));
  return relocations + align4(2 * records.le16(block + layout.BLOCK_RELOCATIONS));
}

/**
 * Writes the CNAME that a DNAME stands for: from the current name to its first `labels` bytes followed by the name at `target`.
 * Gives where its value begins, or 0 if it does not fit.
 */
export function putAlias(ttl: u32, labels: u32, target: u32): u32 {
  const isRoot = reply.u8(target) == 0;
  const size = labels + (isRoot ? 1 : 2);
  if (at + 12 + size > limit) {
    truncated = true;
    return 0;
  }
  const value = at + 12;
  reply.setBe16(at, 0xc000 | placeOf(0));
  reply.setBe32(at + 2, 0x00050001);
  reply.setBe32(at + 6, ttl);
  reply.setBe16(at + 10, size);
  copyLabels(reply, placeOf(0), reply, value, labels);
  if (isRoot) reply.setU8(value + labels, 0);
  else reply.setBe16(value + labels, 0xc000 | target);
  at = value + size;
  return value;
}

/** A text record of class CH about the server itself, with TTL 0; false if it does not fit. */
export function putText(text: Bytes): bool {
  const size = text.length;
  if (at + 12 + size > limit) {
    truncated = true;
    return false;
  }
  reply.setBe16(at, layout.OWNER);
  reply.setBe32(at + 2, 0x00100003);
  reply.setBe32(at + 6, 0);
  reply.setBe16(at + 10, size);
  reply.copy(at + 12, text, 0, size);
  at += 12 + size;
  return true;
}

function align4(size: u32): u32 {
  return (size + 3) & ~3;
}
