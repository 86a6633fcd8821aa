/** What connections take when they need it and give back: made in `prepare`, shared by all. */
import { Bytes } from "../../core/bytes";

/** Bytes of a block of what was received and not yet taken. */
export const BLOCK: u32 = 2048;

/** A part of what was received, at a multiple of BLOCK from where the connection began. */
@final
export class Block {
  /** The sequence number of its first byte. */
  from: u32 = 0;
  next: Block | null = null;
  bytes: Bytes = new Bytes(new StaticArray<u8>(<i32>BLOCK), 0, BLOCK);
}

/** Sequence numbers that have come out of order. */
@final
export class Range {
  from: u32 = 0;
  to: u32 = 0;
  next: Range | null = null;
}

/** A segment on its way: RFC 8985 5.2. */
@final
export class Sent {
  from: u32 = 0;
  to: u32 = 0;
  at: u64 = 0;
  isAgain: bool = false;
  isSacked: bool = false;
  isLost: bool = false;
  next: Sent | null = null;
  before: Sent | null = null;
}

let blocks: Block | null = null;
let ranges: Range | null = null;
let sents: Sent | null = null;
let blocksFree: u32 = 0;
let sentsFree: u32 = 0;
/** So many are kept for connections that have nothing on its way. */
let reserve: u32 = 0;

/** In `prepare`: so many more. */
export function make(connections: u32, blockCount: u32): void {
  reserve += connections;
  for (let n: u32 = 0; n < blockCount; n++) giveBlock(new Block());
  for (let n: u32 = 0; n < blockCount * 2; n++) giveRange(new Range());
  // Who has asked for little memory has little on its way.
  const more = min(1024, blockCount * 4);
  for (let n: u32 = 0; n < connections * 2 + more; n++) giveSent(new Sent());
}

export function takeBlock(): Block | null {
  const block = blocks;
  if (block == null) return null;
  blocks = block.next;
  blocksFree -= 1;
  return block;
}

/** Bytes that one connection may hope for: when many want some, less for each. */
export function share(): u32 {
  return (blocksFree / 4) * BLOCK;
}

export function giveBlock(block: Block): void {
  block.next = blocks;
  blocks = block;
  blocksFree += 1;
}

export function takeRange(): Range | null {
  const range = ranges;
  if (range != null) ranges = range.next;
  return range;
}

export function giveRange(range: Range): void {
  range.next = ranges;
  ranges = range;
}

/** `isFirst`: the connection has no other. */
export function takeSent(isFirst: bool): Sent | null {
  const sent = sents;
  if (sent == null || (!isFirst && sentsFree <= reserve)) return null;
  sents = sent.next;
  sentsFree -= 1;
  return sent;
}

export function giveSent(sent: Sent): void {
  sent.next = sents;
  sents = sent;
  sentsFree += 1;
}

/** For tests: what is not in use. */
export function free(): u32 {
  return blocksFree + sentsFree;
}
