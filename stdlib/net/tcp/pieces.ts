/** What is to be sent: pieces that stay where they are, and copies. Made in `prepare`. */
import { Bytes } from "../../core/bytes";
import { Sums } from "../../core/sums";

/** Bytes of a copy. */
export const COPY: u32 = 1024;

@final
export class Piece {
  /** What is sent. */
  view: Bytes;
  length: u32 = 0;
  next: Piece | null = null;
  /** Of the bytes of which `view` shows those from `from` on. */
  sums: Sums | null = null;
  from: u32 = 0;

  constructor(
    /** Of a copy: its memory, else null. */
    public store: Bytes | null,
    nothing: StaticArray<u8>,
  ) {
    this.view = new Bytes(nothing, 0, 0);
  }
}

let pieces: Piece | null = null;
let copies: Piece | null = null;
let count: u32 = 0;

/** In `prepare`: so many more. */
export function make(pieceCount: u32, copyCount: u32): void {
  const nothing = new StaticArray<u8>(0);
  for (let n: u32 = 0; n < pieceCount; n++) give(new Piece(null, nothing));
  for (let n: u32 = 0; n < copyCount; n++)
    give(new Piece(new Bytes(new StaticArray<u8>(<i32>COPY), 0, COPY), nothing));
}

export function take(): Piece | null {
  const piece = pieces;
  if (piece == null) return null;
  pieces = piece.next;
  piece.next = null;
  count -= 1;
  return piece;
}

/** One with memory of its own. */
export function takeCopy(): Piece | null {
  const piece = copies;
  if (piece == null) return null;
  copies = piece.next;
  piece.next = null;
  piece.length = 0;
  count -= 1;
  return piece;
}

export function give(piece: Piece): void {
  count += 1;
  if (piece.store == null) {
    piece.next = pieces;
    pieces = piece;
  } else {
    piece.next = copies;
    copies = piece;
  }
}

/** For tests: what is not in use. */
export function free(): u32 {
  return count;
}
