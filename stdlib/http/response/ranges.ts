/** Parts of a body: RFC 9110 14.1.2 and 14.2. */
import { Bytes } from "../../core/bytes";
import { isDigit, sameWord } from "../request/characters";
import { blanks, next } from "./negotiate";

/** Parts that are sent at most: who asks for more gets the whole (14.2 allows that, and says why). */
export const PARTS: u32 = 8;
/** Parts that may overlap others. */
const OVERLAPS: u32 = 2;
/** Digits that count: what is longer lies behind every end. */
const BEYOND: u64 = 0xffffffff;

/** What was asked for. */
export namespace Asked {
  /** No ranges, or none that are understood or wanted: the whole. */
  export const whole: u32 = 0;
  export const parts: u32 = 1;
  /** No part of it is there: 416. */
  export const nothing: u32 = 2;
}

@final
export class Ranges {
  count: u32 = 0;

  constructor(
    public first: StaticArray<u32>,
    /** Included. */
    public last: StaticArray<u32>,
  ) {}

  /** The same as in another one. */
  take(other: Ranges): void {
    this.count = other.count;
    for (let n: i32 = 0; n < <i32>other.count; n++) {
      this.first[n] = other.first[n];
      this.last[n] = other.last[n];
    }
  }

  /** Reads a Range field of a body of `size` bytes. */
  read(bytes: Bytes, from: u32, length: u32, size: u32): u32 {
    this.count = 0;
    const end = from + length;
    // RFC 9110 14.2: a unit that is not known is passed over.
    if (length < 7 || !sameWord(bytes, from, 6, "bytes=")) return Asked.whole;
    let at = from + 6;
    let specs: u32 = 0;
    while (at <= end) {
      const comma = next(bytes, at, end);
      const start = blanks(bytes, at, comma);
      if (start < comma) {
        specs += 1;
        if (specs > PARTS || !this.readOne(bytes, start, comma, size)) return Asked.whole;
      }
      at = comma + 1;
    }
    if (specs == 0) return Asked.whole;
    if (this.count == 0) return Asked.nothing;
    return this.overlaps() > OVERLAPS ? Asked.whole : Asked.parts;
  }

  /** `a-b`, `a-` or `-n`. False if it is none of them; one that lies behind the end is left out. */
  private readOne(bytes: Bytes, from: u32, end: u32, size: u32): bool {
    let at = from;
    let first: u64 = 0;
    while (at < end && isDigit(bytes.u8(at))) {
      first = min(first * 10 + <u64>(bytes.u8(at) - 48), BEYOND);
      at += 1;
    }
    const hasFirst = at > from;
    if (at == end || bytes.u8(at) != 45) return false;
    at += 1;
    const second = at;
    let last: u64 = 0;
    while (at < end && isDigit(bytes.u8(at))) {
      last = min(last * 10 + <u64>(bytes.u8(at) - 48), BEYOND);
      at += 1;
    }
    const hasLast = at > second;
    if (blanks(bytes, at, end) != end) return false;
    if (hasFirst) {
      if (hasLast && last < first) return false;
      if (first < <u64>size) this.add(<u32>first, hasLast && last < <u64>size ? <u32>last : size - 1);
      return true;
    }
    if (!hasLast) return false;
    // The last bytes; all of them if there are not so many, and none of an empty body.
    if (last > 0 && size > 0) this.add(last < <u64>size ? size - <u32>last : 0, size - 1);
    return true;
  }

  private add(first: u32, last: u32): void {
    this.first[<i32>this.count] = first;
    this.last[<i32>this.count] = last;
    this.count += 1;
  }

  private overlaps(): u32 {
    let found: u32 = 0;
    for (let n: i32 = 0; n < <i32>this.count; n++)
      for (let m: i32 = 0; m < n; m++)
        if (this.first[n] <= this.last[m] && this.first[m] <= this.last[n]) found += 1;
    return found;
  }
}
