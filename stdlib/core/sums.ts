/**
 * Sums of bytes that never change, made in `prepare`: of any part of them only the edges are looked at when its checksum is wanted
 * (RFC 1071 2, properties A and B).
 */
import { Bytes } from "./bytes";
import { foldedNumber, turned } from "./checksum";

/** The image has 16 bits for so many bytes. */
const BLOCK: u32 = 256;
/** What is shorter is summed up as fast without. */
const LEAST: u32 = 4 * BLOCK;

@final
export class Sums {
  /** Of all bytes before block n. */
  private before: StaticArray<u16>;

  /** `bytes` are what they are made of; `left` is where those are later. */
  constructor(
    bytes: Bytes,
    private left: Bytes,
  ) {
    const blocks = bytes.length / BLOCK;
    this.before = new StaticArray<u16>(<i32>blocks + 1);
    let sum: u64 = 0;
    for (let n: u32 = 0; n < blocks; n++) {
      sum = <u64>foldedNumber(bytes.sum(n * BLOCK, BLOCK, sum));
      this.before[<i32>n + 1] = <u16>sum;
    }
  }

  /** The sum of `count` bytes from `at` on, as `Bytes.sum` gives it but folded. */
  of(at: u32, count: u32): u64 {
    const first = (at + BLOCK - 1) / BLOCK;
    const last = (at + count) / BLOCK;
    if (first >= last) return <u64>foldedNumber(this.left.sum(at, count, 0));
    const start = first * BLOCK;
    const end = last * BLOCK;
    // In one's complement a number is taken away by adding its complement.
    const whole = <u64>this.before[<i32>last] + <u64>(<u32>this.before[<i32>first] ^ 0xffff);
    const rest = foldedNumber(this.left.sum(end, at + count - end, whole));
    // Behind an odd number of bytes the words of the rest lie the other way round.
    const aligned = ((start - at) & 1) == 0 ? rest : turned(rest);
    return <u64>foldedNumber(this.left.sum(at, start - at, <u64>aligned));
  }
}

/** Null where it is not worth it. In `prepare`; `left` is `bytes.left()`. */
export function sumsOf(bytes: Bytes, left: Bytes): Sums | null {
  return bytes.length < LEAST ? null : new Sums(bytes, left);
}
