/**
 * Memory for heads that come in pieces. Most come in one piece and are read where they lie, so a few are enough for many connections;
 * and who sends slowly on purpose takes places from others who do the same, never from those whose requests come whole.
 */
import { Bytes } from "../../core/bytes";

@final
export class Head {
  /** Counts up with each taking: the smallest is the oldest. */
  turn: u64 = 0;
  isTaken: bool = false;

  constructor(public bytes: Bytes) {}
}

let heads: StaticArray<Head> = [];
let turns: u64 = 0;

/** Room for the empty lines before a head, and so much that a place is never full: `Scan` refuses before. */
const MORE: u32 = 8;

/** In `prepare`: so many places for heads of so many bytes. */
export function make(count: u32, most: u32): void {
  const size = most + MORE;
  const made: Head[] = [];
  for (let n: u32 = 0; n < count; n++)
    made.push(new Head(new Bytes(new StaticArray<u8>(<i32>size), 0, size)));
  heads = StaticArray.fromArray(made);
}

/** A free place, or the one that was taken longest ago: its owner sees by `turn` that it is no longer his. */
export function take(): Head {
  let best = heads[0];
  for (let n = 0; n < heads.length; n++) {
    const head = heads[n];
    if (!head.isTaken) {
      best = head;
      break;
    }
    if (head.turn < best.turn) best = head;
  }
  turns += 1;
  best.turn = turns;
  best.isTaken = true;
  return best;
}

/** Is it still his who took it at that turn? */
export function isOf(head: Head, turn: u64): bool {
  return head.isTaken && head.turn == turn;
}

export function give(head: Head, turn: u64): void {
  if (isOf(head, turn)) head.isTaken = false;
}

/** After a restart nobody has one. */
export function reset(): void {
  for (let n = 0; n < heads.length; n++) heads[n].isTaken = false;
}
