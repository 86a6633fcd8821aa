/** What an application has given to be sent, until it is acknowledged. */
import { Bytes } from "../../core/bytes";
import { foldedNumber } from "../../core/checksum";
import { Packet } from "../../core/packet";
import { Sums } from "../../core/sums";
import { Control } from "./block";
import { COPY, give, Piece, take, takeCopy } from "./pieces";
import { starve } from "./starving";

/** Pieces of one connection at most: a head, a body, and the same of requests that came together. */
const MOST: u32 = 16;

export function hasRoom(c: Control): bool {
  return c.pieces < MOST;
}

/** Queues bytes where they are. */
export function add(c: Control, bytes: Bytes, offset: u32, length: u32, sums: Sums | null): bool {
  if (length == 0) return true;
  // Half of the sequence numbers can be told from the other half.
  if (!hasRoom(c) || length > 0x3fffffff - (c.queueEnd - c.unacknowledged)) return false;
  const piece = take();
  if (piece == null) return refused(c);
  piece.view.window(bytes, offset, length);
  piece.length = length;
  piece.sums = sums;
  piece.from = offset;
  append(c, piece);
  c.queueEnd += length;
  return true;
}

/** There is no memory. Who has something on its way learns by its acknowledgement when to try again. */
function refused(c: Control): bool {
  if (c.firstPiece == null) starve(c);
  return false;
}

/** Queues a copy: all of it, or nothing. */
export function addCopy(c: Control, bytes: Bytes, offset: u32, length: u32): bool {
  if (!fits(c, length)) return length <= MOST * COPY && refused(c);
  let at = offset;
  let left = length;
  while (left > 0) {
    let piece = c.lastPiece;
    if (piece == null || piece.store == null || piece.length == COPY) {
      piece = takeCopy()!;
      append(c, piece);
    }
    const part = min(left, COPY - piece.length);
    piece.store!.copy(piece.length, bytes, at, part);
    piece.length += part;
    piece.view.window(piece.store!, 0, piece.length);
    at += part;
    left -= part;
  }
  c.queueEnd += length;
  return true;
}

/** Are there pieces for a copy of so many bytes? */
function fits(c: Control, length: u32): bool {
  const last = c.lastPiece;
  let room: u32 = 0;
  if (last != null && last.store != null) room = COPY - last.length;
  if (length <= room) return true;
  const wanted = (length - room + COPY - 1) / COPY;
  if (c.pieces + wanted > MOST) return false;
  let got: Piece | null = null;
  let count: u32 = 0;
  while (count < wanted) {
    const piece = takeCopy();
    if (piece == null) break;
    piece.next = got;
    got = piece;
    count += 1;
  }
  while (got != null) {
    const next = got.next;
    give(got);
    got = next;
  }
  return count == wanted;
}

function append(c: Control, piece: Piece): void {
  const last = c.lastPiece;
  if (last == null) c.firstPiece = piece;
  else last.next = piece;
  c.lastPiece = piece;
  c.pieces += 1;
}

/** Drops the first `count` bytes, now that they are acknowledged. */
export function drop(c: Control, count: u32): void {
  let left = count;
  while (left > 0) {
    const piece = c.firstPiece!;
    if (left < piece.length) {
      piece.length -= left;
      if (piece.store == null) {
        piece.view.window(piece.view, left, piece.length);
        piece.from += left;
      } else shift(piece, left);
      return;
    }
    left -= piece.length;
    pop(c, piece);
  }
}

/** A copy may still grow: what is left of it moves to the front. */
function shift(piece: Piece, by: u32): void {
  const store = piece.store!;
  for (let n: u32 = 0; n < piece.length; n++) store.setU8(n, store.u8(n + by));
  piece.view.window(store, 0, piece.length);
}

function pop(c: Control, piece: Piece): void {
  c.firstPiece = piece.next;
  if (piece.next == null) c.lastPiece = null;
  c.pieces -= 1;
  give(piece);
}

export function clear(c: Control): void {
  while (c.firstPiece != null) pop(c, c.firstPiece!);
}

/** What `find` has found: the piece that has a sequence number, and where. */
let found: Piece | null = null;
let foundAt: u32 = 0;

function find(c: Control, from: u32): void {
  let offset = from - c.unacknowledged;
  let piece = c.firstPiece;
  while (piece != null && offset >= piece.length) {
    offset -= piece.length;
    piece = piece.next;
  }
  found = piece;
  foundAt = offset;
}

/** What is shorter is copied: to describe it to a device costs more. */
const WORTH: u32 = 256;
/** Bytes that may stand before those that are not copied. */
const BEFORE: u32 = 1024;

/** How many of `length` bytes from sequence number `from` on one packet can have that a link gathers: some that are copied, and a piece that is not. */
export function gathered(c: Control, from: u32, length: u32): u32 {
  find(c, from);
  let each = found;
  let offset = foundAt;
  let done: u32 = 0;
  while (each != null && done < length) {
    const part = min(length - done, each.length - offset);
    if (each.store == null && part >= WORTH) return done + part;
    if (done + part > BEFORE) return done;
    done += part;
    offset = 0;
    each = each.next;
  }
  return done;
}

/** Puts `length` bytes from sequence number `from` on at `at`; what is last and lies in the image becomes the packet's tail where the link gathers. */
export function fill(c: Control, from: u32, packet: Packet, at: u32, length: u32): void {
  find(c, from);
  let each = found!;
  let offset = foundAt;
  let done: u32 = 0;
  while (true) {
    const part = min(length - done, each.length - offset);
    const isLast = done + part == length;
    if (isLast && part >= WORTH && each.store == null) return last(c, each, offset, part, packet, at + done);
    packet.bytes.copy(at + done, each.view, offset, part);
    if (isLast) return;
    done += part;
    offset = 0;
    each = each.next!;
  }
}

function last(c: Control, piece: Piece, offset: u32, part: u32, packet: Packet, at: u32): void {
  const link = c.nic!.link;
  if (link.gathers) {
    packet.tail.window(piece.view, offset, part);
    packet.tailLength = part;
  } else packet.bytes.copy(at, piece.view, offset, part);
  if (link.completesChecksums) return;
  const sums = piece.sums;
  packet.know(
    part,
    sums == null ? <u64>foldedNumber(piece.view.sum(offset, part, 0)) : sums.of(piece.from + offset, part),
  );
}
