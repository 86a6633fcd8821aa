/** What connections take when they need it and give back: room for it is made in `prepare`, and shared by all. */
import { Bytes } from "../../core/bytes";
import { Pool } from "../../core/pool";

/** Bytes of a block of what was received and not yet taken. */
export const BLOCK: u32 = 2048;

const nothing = new Bytes(new StaticArray<u8>(0), 0, 0);

/** A part of what was received, at a multiple of BLOCK from where the connection began. */
@final
export class Block {
  /** The sequence number of its first byte. */
  from: u32 = 0;
  next: Block | null = null;
  bytes: Bytes = nothing;
}

/** Sequence numbers that have come out of order. */
@final
export class Range {
  from: u32 = 0;
  to: u32 = 0;
  next: Range | null = null;
}

/** A segment on its way: RFC 8985 5.2. A link that cuts segments gets several as one. */
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
let rangesAtAll: u32 = 0;
/** So many are kept for connections that have nothing on its way. */
let reserve: u32 = 0;

let newBlocks = new Pool<Block>(new Block(), 0);
let newViews = new Pool<Bytes>(nothing, 0);
let newRanges = new Pool<Range>(new Range(), 0);
let newSents = new Pool<Sent>(new Sent(), 0);
/** The memory of all blocks, and how much of it has become theirs. */
let memory = nothing;
let given: u32 = 0;

/** In `prepare`: so many more. */
export function make(connections: u32, blockCount: u32): void {
  reserve += connections;
  blocksFree += blockCount;
  rangesAtAll += blockCount * 2;
  // Who has asked for little memory has little on its way.
  sentsFree += connections * 2 + min(1024, blockCount * 4);
  newBlocks = new Pool<Block>(newBlocks.model, blocksFree);
  newViews = new Pool<Bytes>(nothing, blocksFree);
  newRanges = new Pool<Range>(newRanges.model, rangesAtAll);
  newSents = new Pool<Sent>(newSents.model, sentsFree);
  const bytes = blocksFree * BLOCK;
  memory = new Bytes(new StaticArray<u8>(<i32>bytes), 0, bytes);
}

export function takeBlock(): Block | null {
  const block = blocks;
  if (block == null) return newBlock();
  blocks = block.next;
  blocksFree -= 1;
  return block;
}

function newBlock(): Block | null {
  const block = newBlocks.next();
  if (block == null) return null;
  block.bytes = newViews.next()!;
  block.bytes.window(memory, given, BLOCK);
  given += BLOCK;
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
  if (range == null) return newRanges.next();
  ranges = range.next;
  return range;
}

export function giveRange(range: Range): void {
  range.next = ranges;
  ranges = range;
}

/** `isFirst`: the connection has no other. */
export function takeSent(isFirst: bool): Sent | null {
  if (!isFirst && sentsFree <= reserve) return null;
  let sent = sents;
  if (sent == null) sent = newSents.next();
  else sents = sent.next;
  if (sent != null) sentsFree -= 1;
  return sent;
}

export function giveSent(sent: Sent): void {
  sent.next = sents;
  sents = sent;
  sentsFree += 1;
}

/** Blocks that nobody uses. */
export function blocksLeft(): u32 {
  return blocksFree;
}

/** For tests: what is not in use. */
export function free(): u32 {
  return blocksFree + sentsFree;
}
