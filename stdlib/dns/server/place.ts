import { Bytes } from "../../core/bytes";
import { HEADER } from "../layout";

/**
 * Where in the reply the name is that is being answered. At first it is the name of the question, at 12: no pieces. After a CNAME
 * it is the value of that record: some labels, then a pointer to a part of the name before, and so on. So it is a list of pieces:
 * from byte `from` of the name on it is at `at` of the reply, up to the next piece.
 */
const MOST_PIECES = 40;
let pieceFrom: StaticArray<u32> = new StaticArray<u32>(MOST_PIECES);
let pieceAt: StaticArray<u32> = new StaticArray<u32>(MOST_PIECES);
let otherFrom: StaticArray<u32> = new StaticArray<u32>(MOST_PIECES);
let otherAt: StaticArray<u32> = new StaticArray<u32>(MOST_PIECES);
let pieces: i32 = 0;
/** Length of the name in wire form. */
export let nameLength: u32 = 0;

export function startName(length: u32): void {
  pieces = 0;
  nameLength = length;
}

/** Whether the name is still that of the question. */
export function isFirstName(): bool {
  return pieces == 0;
}

/** Where the part of the name from byte `offset` (the beginning of a label) on is in the reply. */
export function placeOf(offset: u32): u32 {
  if (pieces == 0) return HEADER + offset;
  let i = pieces - 1;
  while (pieceFrom[i] > offset) i--;
  return pieceAt[i] + (offset - pieceFrom[i]);
}

/** The name is now `labels` bytes at `at`, followed by what the name had from byte `rest` on; `length` in all. */
export function continueName(at: u32, labels: u32, rest: u32, length: u32): void {
  let count = 0;
  if (labels > 0) {
    otherFrom[0] = 0;
    otherAt[0] = at;
    count = 1;
  }
  otherFrom[count] = labels;
  otherAt[count] = placeOf(rest);
  count++;
  for (let i = 0; i < pieces; i++) {
    if (pieceFrom[i] <= rest) continue;
    otherFrom[count] = pieceFrom[i] - rest + labels;
    otherAt[count] = pieceAt[i];
    count++;
  }
  const from = pieceFrom;
  const places = pieceAt;
  pieceFrom = otherFrom;
  pieceAt = otherAt;
  otherFrom = from;
  otherAt = places;
  pieces = count;
  nameLength = length;
}

/** The name is now `labels` bytes at `at` and then what is, uncompressed, at `target`; `length` in all. */
export function redirectName(at: u32, labels: u32, target: u32, length: u32): void {
  pieceFrom[0] = 0;
  pieceAt[0] = at;
  pieceFrom[1] = labels;
  pieceAt[1] = target;
  pieces = 2;
  nameLength = length;
}

/** Writes `count` bytes of labels, read at `from` through pointers, to `to` of another buffer; lower-case or not as they are. */
export function copyLabels(reply: Bytes, from: u32, into: Bytes, to: u32, count: u32): void {
  let read = from;
  let write = to;
  const end = to + count;
  while (write < end) {
    const size = reply.u8(read);
    if (size >= 0xc0) {
      read = reply.be16(read) & 0x3fff;
      continue;
    }
    into.copy(write, reply, read, size + 1);
    read += size + 1;
    write += size + 1;
  }
}

/** Whether the names at two places of the reply are the same but for case. */
export function isSameName(reply: Bytes, first: u32, second: u32): bool {
  let a = first;
  let b = second;
  while (true) {
    while (reply.u8(a) >= 0xc0) a = reply.be16(a) & 0x3fff;
    while (reply.u8(b) >= 0xc0) b = reply.be16(b) & 0x3fff;
    if (a == b) return true;
    const size = reply.u8(a);
    if (size != reply.u8(b)) return false;
    if (size == 0) return true;
    for (let i: u32 = 1; i <= size; i++) if (lower(reply.u8(a + i)) != lower(reply.u8(b + i))) return false;
    a += size + 1;
    b += size + 1;
  }
}

function lower(c: u32): u32 {
  return c >= 65 && c <= 90 ? c + 32 : c;
}
