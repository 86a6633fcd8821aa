/** Descriptors of a queue for what is sent from where it lies: the upper half of them, chained behind those of buffers (Virtual I/O Device 1.2, 2.7.5). */
import { Bytes } from "../../../../stdlib/core/bytes";
import { readable } from "../hw";
import { MOST, Queue } from "./queue";

const PAGE: u64 = 4096;
const NONE: u8 = 0xff;
/** So many runs of pages a tail of 64 KiB has at most, unless each of its pages lies alone. */
const SOME: u32 = 4;

@final
export class Pieces {
  /** The first piece of each slot, and the next one of each piece; NONE ends both, and so it does the list of free ones. */
  private first: StaticArray<u8> = new StaticArray<u8>(<i32>MOST);
  private next: StaticArray<u8> = new StaticArray<u8>(<i32>MOST);
  private free: u8 = NONE;
  private count: u32 = 0;

  /** Slots are below `slots`: what is above is free. */
  begin(queue: Queue, slots: u32): void {
    this.free = NONE;
    this.count = 0;
    for (let n: u32 = 0; n < MOST; n++) this.first[n] = NONE;
    for (let n = slots; n < queue.size; n++) this.put(<u8>n);
  }

  @inline
  get areFew(): bool {
    return this.count < SOME;
  }

  private put(piece: u8): void {
    this.next[piece] = this.free;
    this.free = piece;
    this.count += 1;
  }

  /** The pieces behind `slot` are free again. */
  give(slot: u32): void {
    let piece = this.first[slot];
    this.first[slot] = NONE;
    while (piece != NONE) {
      const next = this.next[piece];
      this.put(piece);
      piece = next;
    }
  }

  /** Describes `count` bytes behind the buffer of `slot`. False: there are not enough descriptors, and nothing is behind it. */
  append(queue: Queue, slot: u32, bytes: Bytes, count: u32): bool {
    let at: u32 = 0;
    let last = slot;
    while (at < count) {
      const piece = this.free;
      if (piece == NONE) {
        this.give(slot);
        queue.unchain(slot);
        return false;
      }
      const address = readable(bytes.pointer(at, 1));
      const length = run(bytes, at, address, count - at);
      this.free = this.next[piece];
      this.count -= 1;
      this.next[piece] = this.first[slot];
      this.first[slot] = piece;
      queue.describe(piece, address, length, 0);
      queue.chain(last, piece);
      last = piece;
      at += length;
    }
    return true;
  }
}

/** How many bytes from `at` on lie in one piece from `address` on. */
function run(bytes: Bytes, at: u32, address: u64, most: u32): u32 {
  let length = <u32>(PAGE - (address & (PAGE - 1)));
  while (length < most && readable(bytes.pointer(at + length, 1)) == address + length) length += <u32>PAGE;
  return min(length, most);
}
