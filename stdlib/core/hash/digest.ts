/** A hash of bytes that come in parts (FIPS 180-4), and what is common to those that take blocks. No branch and no address depends on the bytes. */
import { Bytes } from "../bytes";

export abstract class Digest {
  /** Bytes that are hashed at once, and those of the result. */
  readonly block: u32;
  readonly size: u32;
  /** The block that is being filled. */
  protected readonly pending: Bytes;
  private filled: u32 = 0;
  private length: u64 = 0;

  constructor(block: u32, size: u32) {
    this.block = block;
    this.size = size;
    this.pending = new Bytes(new StaticArray<u8>(<i32>block), 0, block);
  }

  /** Takes the block that begins at `from`. */
  protected abstract compress(bytes: Bytes, from: u32): void;
  /** Forgets all that came. */
  protected abstract initialize(): void;
  /** Writes the result. */
  protected abstract write(out: Bytes, at: u32): void;

  begin(): void {
    this.filled = 0;
    this.length = 0;
    this.initialize();
  }

  update(bytes: Bytes, from: u32, count: u32): void {
    const end = from + count;
    this.length += count;
    let at = from;
    if (this.filled > 0) {
      const part = min(this.block - this.filled, count);
      this.pending.copy(this.filled, bytes, at, part);
      this.filled += part;
      at += part;
      if (this.filled < this.block) return;
      this.compress(this.pending, 0);
      this.filled = 0;
    }
    for (; end - at >= this.block; at += this.block) this.compress(bytes, at);
    this.filled = end - at;
    this.pending.copy(0, bytes, at, this.filled);
  }

  /** Writes the hash of all that came; `begin` is next. */
  finish(out: Bytes, at: u32): void {
    // FIPS 180-4 5.1: a bit, zeros, and the length in bits in the last eighth of a block.
    const field = this.block / 8;
    this.pending.setU8(this.filled, 0x80);
    this.filled += 1;
    if (this.filled > this.block - field) {
      this.pending.fill(this.filled, this.block - this.filled, 0);
      this.compress(this.pending, 0);
      this.filled = 0;
    }
    this.pending.fill(this.filled, this.block - this.filled, 0);
    this.pending.setBe64(this.block - 8, this.length * 8);
    this.compress(this.pending, 0);
    this.pending.fill(0, this.block, 0);
    this.write(out, at);
  }
}
