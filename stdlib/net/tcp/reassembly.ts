/**
 * What was received and cannot be handed on yet: out of order, or the application does not take it. It lies in blocks of memory at its
 * place in the stream, so that it takes no more than the window however it is cut; and is known by ranges, of which there are few.
 */
import { Bytes } from "../../core/bytes";
import { Control } from "./block";
import { BLOCK, Block, giveBlock, giveRange, Range, takeBlock, takeRange } from "./pools";
import { atMost, before, earlier, later } from "./sequence";

/** Gaps of one connection at most: honest loss makes few, and each costs time. */
const MOST_RANGES: u32 = 32;

/** Keeps bytes that begin at `from`, which lie in the window. False: there is no memory for them. */
export function keep(c: Control, from: u32, bytes: Bytes, offset: u32, length: u32): bool {
  const to = from + length;
  if (!blocksFor(c, from, to)) return false;
  if (from != c.nextToReceive && !note(c, from, to)) return false;
  let each = c.firstBlock;
  while (each != null && before(each.from, to)) {
    const start = later(from, each.from);
    const end = earlier(to, each.from + BLOCK);
    if (before(start, end)) each.bytes.copy(start - each.from, bytes, offset + (start - from), end - start);
    each = each.next;
  }
  return true;
}

function blockOf(c: Control, sequence: u32): u32 {
  return sequence - ((sequence - c.initialReceived) & (BLOCK - 1));
}

/** Takes the blocks that `from` to `to` lies in, as far as they are not there; in order of their places. */
function blocksFor(c: Control, from: u32, to: u32): bool {
  let before_: Block | null = null;
  let each = c.firstBlock;
  for (let place = blockOf(c, from); before(place, to); place += BLOCK) {
    while (each != null && before(each.from, place)) {
      before_ = each;
      each = each.next;
    }
    if (each != null && each.from == place) continue;
    const block = takeBlock();
    if (block == null) return false;
    block.from = place;
    block.next = each;
    if (before_ == null) c.firstBlock = block;
    else before_.next = block;
    each = block;
  }
  return true;
}

/** Adds to the ranges, which are in order and apart. */
function note(c: Control, from: u32, to: u32): bool {
  let last: Range | null = null;
  let each = c.ranges;
  while (each != null && before(each.to, from)) {
    last = each;
    each = each.next;
  }
  if (each == null || before(to, each.from)) {
    const range = c.rangeCount < MOST_RANGES ? takeRange() : null;
    if (range == null) return false;
    range.from = from;
    range.to = to;
    range.next = each;
    if (last == null) c.ranges = range;
    else last.next = range;
    c.rangeCount += 1;
    return true;
  }
  each.from = earlier(each.from, from);
  each.to = later(each.to, to);
  let next = each.next;
  while (next != null && atMost(next.from, each.to)) {
    each.to = later(each.to, next.to);
    each.next = next.next;
    giveRange(next);
    c.rangeCount -= 1;
    next = each.next;
  }
  return true;
}

/** Up to where it is whole, when everything before `next` is there. */
export function joined(c: Control, next: u32): u32 {
  let end = next;
  let first = c.ranges;
  while (first != null && atMost(first.from, end)) {
    end = later(end, first.to);
    c.ranges = first.next;
    c.rangeCount -= 1;
    giveRange(first);
    first = c.ranges;
  }
  return end;
}

/** Looks at what was kept from `from` on, as far as it is in one block and before `to`. Gives how much that is. */
export function look(c: Control, view: Bytes, from: u32, to: u32): u32 {
  const block = c.firstBlock!;
  const offset = from - block.from;
  const length = min(BLOCK - offset, to - from);
  view.window(block.bytes, offset, length);
  return length;
}

/** Behind the last byte that came in order: a FIN that came is none. */
export function receivedEnd(c: Control): u32 {
  return c.hasFin && c.nextToReceive == c.finAt + 1 ? c.finAt : c.nextToReceive;
}

/** Gives blocks back that lie before `to`; all of them if nothing is kept behind it. */
export function release(c: Control, to: u32): void {
  let first = c.firstBlock;
  while (first != null) {
    const isNeeded = c.ranges != null || c.taken != receivedEnd(c);
    if (isNeeded && before(to, first.from + BLOCK)) return;
    c.firstBlock = first.next;
    giveBlock(first);
    first = c.firstBlock;
  }
}

export function clear(c: Control): void {
  let block = c.firstBlock;
  while (block != null) {
    const next = block.next;
    giveBlock(block);
    block = next;
  }
  c.firstBlock = null;
  let range = c.ranges;
  while (range != null) {
    const next = range.next;
    giveRange(range);
    range = next;
  }
  c.ranges = null;
  c.rangeCount = 0;
}
