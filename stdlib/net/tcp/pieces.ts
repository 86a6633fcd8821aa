/** What is to be sent: pieces that stay where they are, and copies. Room for them is made in `prepare`. */
import { Bytes } from "../../core/bytes";
import { Pool } from "../../core/pool";
import { Sums } from "../../core/sums";

/** Bytes of a copy. */
export const COPY: u32 = 1024;

const nothing = new Bytes(new StaticArray<u8>(0), 0, 0);

@final
export class Piece {
  /** What is sent. */
  view: Bytes = nothing;
  length: u32 = 0;
  next: Piece | null = null;
  /** Of the bytes of which `view` shows those from `from` on. */
  sums: Sums | null = null;
  from: u32 = 0;
  /** Of a copy: its memory, else null. */
  store: Bytes | null = null;
}

let pieces: Piece | null = null;
let copies: Piece | null = null;
let count: u32 = 0;

let newPieces = new Pool<Piece>(new Piece(), 0);
let newCopies = new Pool<Piece>(new Piece(), 0);
let newViews = new Pool<Bytes>(nothing, 0);
let piecesAtAll: u32 = 0;
let copiesAtAll: u32 = 0;
/** The memory of all copies, and how much of it has become theirs. */
let memory = nothing;
let given: u32 = 0;

/** In `prepare`: so many more. */
export function make(pieceCount: u32, copyCount: u32): void {
  piecesAtAll += pieceCount;
  copiesAtAll += copyCount;
  count = piecesAtAll + copiesAtAll;
  newPieces = new Pool<Piece>(newPieces.model, piecesAtAll);
  newCopies = new Pool<Piece>(newCopies.model, copiesAtAll);
  newViews = new Pool<Bytes>(nothing, piecesAtAll + 2 * copiesAtAll);
  const bytes = copiesAtAll * COPY;
  memory = new Bytes(new StaticArray<u8>(<i32>bytes), 0, bytes);
}

function newPiece(): Piece | null {
  const piece = newPieces.next();
  if (piece == null) return null;
  piece.view = newViews.next()!;
  count -= 1;
  return piece;
}

function newCopy(): Piece | null {
  const piece = newCopies.next();
  if (piece == null) return null;
  piece.view = newViews.next()!;
  const store = newViews.next()!;
  store.window(memory, given, COPY);
  given += COPY;
  piece.store = store;
  count -= 1;
  return piece;
}

export function take(): Piece | null {
  const piece = pieces;
  if (piece == null) return newPiece();
  pieces = piece.next;
  piece.next = null;
  count -= 1;
  return piece;
}

/** One with memory of its own. */
export function takeCopy(): Piece | null {
  const piece = copies;
  if (piece == null) return newCopy();
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
