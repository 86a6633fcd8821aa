/** Options of a segment: RFC 9293 3.2, RFC 7323, RFC 2018. What does not parse ends the reading; what came before counts. */
import { Bytes } from "../../core/bytes";

const END: u32 = 0;
const NO_OPERATION: u32 = 1;
export const MSS: u32 = 2;
export const WINDOW_SCALE: u32 = 3;
export const SACK_PERMITTED: u32 = 4;
export const SACK: u32 = 5;
export const TIMESTAMPS: u32 = 8;

/** RFC 7323 2.3: larger shifts are taken as this. */
const MOST_SHIFT: u32 = 14;
/** RFC 2018 3: no more blocks fit into 40 bytes. */
const MOST_BLOCKS: u32 = 4;

/** The options of the segment that is being looked at. One object for all. */
@final
export class Options {
  /** 0: not there. */
  mss: u32 = 0;
  hasShift: bool = false;
  shift: u32 = 0;
  canSack: bool = false;
  hasTime: bool = false;
  time: u32 = 0;
  echo: u32 = 0;
  blocks: u32 = 0;
  private from: StaticArray<u32> = new StaticArray<u32>(<i32>MOST_BLOCKS);
  private to: StaticArray<u32> = new StaticArray<u32>(<i32>MOST_BLOCKS);

  /** Where block `n` begins, and the number behind its end. */
  blockFrom(n: u32): u32 {
    return this.from[n];
  }
  blockTo(n: u32): u32 {
    return this.to[n];
  }

  private clear(): void {
    this.mss = 0;
    this.hasShift = false;
    this.shift = 0;
    this.canSack = false;
    this.hasTime = false;
    this.blocks = 0;
  }

  /** Reads `length` bytes from `offset`. */
  read(bytes: Bytes, offset: u32, length: u32): void {
    this.clear();
    // RFC 7323 appendix A: this is how nearly every segment looks.
    if (length == 12 && bytes.be32(offset) == 0x0101080a) {
      this.readTime(bytes, offset + 4);
      return;
    }
    const end = offset + length;
    let at = offset;
    while (at < end) {
      const kind = bytes.u8(at);
      if (kind == END) return;
      if (kind == NO_OPERATION) {
        at += 1;
        continue;
      }
      if (at + 2 > end) return;
      const size = bytes.u8(at + 1);
      if (size < 2 || at + size > end) return;
      this.option(bytes, kind, at + 2, size);
      at += size;
    }
  }

  private option(bytes: Bytes, kind: u32, at: u32, size: u32): void {
    if (kind == TIMESTAMPS && size == 10) this.readTime(bytes, at);
    else if (kind == MSS && size == 4) this.mss = bytes.be16(at);
    else if (kind == WINDOW_SCALE && size == 3) {
      this.hasShift = true;
      this.shift = min(bytes.u8(at), MOST_SHIFT);
    } else if (kind == SACK_PERMITTED && size == 2) this.canSack = true;
    else if (kind == SACK && size >= 10 && (size - 2) % 8 == 0) this.readBlocks(bytes, at, (size - 2) / 8);
  }

  private readTime(bytes: Bytes, at: u32): void {
    this.hasTime = true;
    this.time = bytes.be32(at);
    this.echo = bytes.be32(at + 4);
  }

  private readBlocks(bytes: Bytes, at: u32, count: u32): void {
    this.blocks = min(count, MOST_BLOCKS);
    for (let n: u32 = 0; n < this.blocks; n++) {
      this.from[n] = bytes.be32(at + n * 8);
      this.to[n] = bytes.be32(at + n * 8 + 4);
    }
  }
}
