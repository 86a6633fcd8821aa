/** The body of a request, read to be dropped: RFC 9112 6.3 and 7.1. Strict, bounded, byte by byte where it is not data. */
import { Bytes } from "../../core/bytes";
import { Status } from "../status";
import { hexadecimal, is, TOKEN, VALUE } from "./characters";

/** Digits of a chunk's size at most. */
const DIGITS: u32 = 8;
/** Bytes of extensions of all chunks (RFC 9112 7.1.1), and of trailers (7.1.2), that are put up with. */
const EXTRA: u32 = 4096;

namespace State {
  export const done: u32 = 0;
  /** A body of a known length. */
  export const data: u32 = 1;
  export const size: u32 = 2;
  export const extension: u32 = 3;
  export const sizeEnd: u32 = 4;
  export const chunk: u32 = 5;
  export const chunkReturn: u32 = 6;
  export const chunkEnd: u32 = 7;
  /** The beginning of a line of trailers. */
  export const trailer: u32 = 8;
  export const trailerName: u32 = 9;
  export const trailerValue: u32 = 10;
  export const trailerEnd: u32 = 11;
  export const lastEnd: u32 = 12;
}

@final
export class Body {
  private state: u32 = State.done;
  /** Bytes of data that are still to come, of the body or of a chunk. */
  private left: u64 = 0;
  private digits: u32 = 0;
  private extra: u32 = 0;
  /** Bytes of data that may still come. */
  private room: u64 = 0;
  /** The status of the refusal, 0 while all is well. */
  fault: u32 = 0;

  /** None. */
  reset(): void {
    this.state = State.done;
    this.fault = 0;
  }

  /** A body of so many bytes. */
  expect(length: u64): void {
    this.fault = 0;
    this.left = length;
    this.state = length == 0 ? State.done : State.data;
  }

  /** A body in chunks, of `most` bytes at most. */
  expectChunks(most: u64): void {
    this.fault = 0;
    this.room = most;
    this.extra = 0;
    this.beginSize();
  }

  get isDone(): bool {
    return this.state == State.done;
  }

  /** Drops bytes from `from` to `end`: gives where it stopped, behind the body or at a fault. */
  drop(bytes: Bytes, from: u32, end: u32): u32 {
    let at = from;
    while (at < end && this.state != State.done && this.fault == 0) {
      if (this.state == State.data || this.state == State.chunk) {
        const part = <u32>min<u64>(this.left, <u64>(end - at));
        at += part;
        this.left -= <u64>part;
        if (this.left == 0) this.state = this.state == State.data ? State.done : State.chunkReturn;
      } else {
        this.take(bytes.u8(at));
        at += 1;
      }
    }
    return at;
  }

  private beginSize(): void {
    this.state = State.size;
    this.left = 0;
    this.digits = 0;
  }

  private take(c: u32): void {
    const state = this.state;
    if (state == State.size) this.takeSize(c);
    else if (state == State.extension) this.takeExtra(c, State.sizeEnd);
    else if (state == State.sizeEnd) this.takeSizeEnd(c);
    else if (state == State.chunkReturn) this.follow(c, 13, State.chunkEnd);
    else if (state == State.chunkEnd) {
      if (c == 10) this.beginSize();
      else this.fault = Status.badRequest;
    } else this.takeTrailer(c);
  }

  private follow(c: u32, wanted: u32, next: u32): void {
    if (c == wanted) this.state = next;
    else this.fault = Status.badRequest;
  }

  private takeSize(c: u32): void {
    const digit = hexadecimal(c);
    if (digit < 16) {
      this.digits += 1;
      this.left = (this.left << 4) | <u64>digit;
      if (this.digits > DIGITS) this.fault = Status.badRequest;
      return;
    }
    if (this.digits == 0) this.fault = Status.badRequest;
    // An extension: it means nothing here and is passed over.
    else if (c == 59) this.state = State.extension;
    else this.follow(c, 13, State.sizeEnd);
  }

  private takeSizeEnd(c: u32): void {
    if (c != 10) {
      this.fault = Status.badRequest;
      return;
    }
    if (this.left > this.room) this.fault = Status.tooLarge;
    this.room -= min<u64>(this.left, this.room);
    this.state = this.left == 0 ? State.trailer : State.chunk;
  }

  /** Up to the end of the line, within what is put up with. */
  private takeExtra(c: u32, next: u32): void {
    this.extra += 1;
    if (this.extra > EXTRA) this.fault = Status.headTooLarge;
    else if (c == 13) this.state = next;
    else if (!is(c, VALUE)) this.fault = Status.badRequest;
  }

  /** Lines like those of a head, or the empty one that ends the body. */
  private takeTrailer(c: u32): void {
    const state = this.state;
    if (state == State.trailer && c == 13) this.state = State.lastEnd;
    else if (state == State.trailer || state == State.trailerName) this.takeName(c, state == State.trailer);
    else if (state == State.trailerValue) this.takeExtra(c, State.trailerEnd);
    else if (state == State.trailerEnd) this.follow(c, 10, State.trailer);
    else this.follow(c, 10, State.done);
  }

  private takeName(c: u32, isFirst: bool): void {
    this.extra += 1;
    if (this.extra > EXTRA) this.fault = Status.headTooLarge;
    else if (is(c, TOKEN)) this.state = State.trailerName;
    else if (isFirst) this.fault = Status.badRequest;
    else this.follow(c, 58, State.trailerValue);
  }
}
