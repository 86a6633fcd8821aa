/**
 * Finds the end of a request's head, however its bytes come in, and refuses on the way what can be no head. Nothing is kept but four
 * numbers, and each byte is looked at once. What is decided depends on the bytes alone and never on how they were split.
 */

import { Bytes } from "../../core/bytes";
import { isSmall } from "../../core/machine";
import { Status } from "../status";
import { is, VALUE } from "./characters";

/** What `Scan.over` has found, if it is no status. */
export const MORE: u32 = 0;
export const WHOLE: u32 = 1;

/** Fields of a head at most. More are answered as a head that is too large is. */
export const FIELDS: u32 = 100;
/** Bytes of the first line at most: RFC 9112 3 recommends 8000, which small machines have no room for. */
export const FIRST_LINE: u32 = isSmall ? 2048 : 8192;
/** Empty lines that may stand before a request: RFC 9112 2.2 asks for at least one. */
const EMPTY: u32 = 2;

@final
export class Scan {
  /** Bytes that have been looked at. */
  seen: u32 = 0;
  /** Where the head begins, behind empty lines. */
  start: u32 = 0;
  /** Where the line begins. */
  private line: u32 = 0;
  private lines: u32 = 0;
  private empty: u32 = 0;
  private isReturn: bool = false;

  reset(): void {
    this.seen = 0;
    this.start = 0;
    this.line = 0;
    this.lines = 0;
    this.empty = 0;
    this.isReturn = false;
  }

  /** Has a request begun? */
  get isBegun(): bool {
    return this.seen > this.start;
  }

  /**
   * Goes on behind what has been seen, up to `length`. MORE; WHOLE, and `seen` is behind the empty line; or the status of the refusal.
   * `most` is how long a head may be, its empty line included.
   */
  over(bytes: Bytes, length: u32, most: u32): u32 {
    while (this.seen < length) {
      if (!this.isReturn) this.pass(bytes, length, most);
      if (this.seen == length) return MORE;
      const c = bytes.u8(this.seen);
      if (this.lines == 0 && this.seen - this.line >= FIRST_LINE) return Status.targetTooLong;
      if (this.seen - this.start >= most) return Status.headTooLarge;
      this.seen += 1;
      if (this.isReturn) {
        // RFC 9112 2.2: a bare CR is no end of a line.
        if (c != 10) return Status.badRequest;
        this.isReturn = false;
        const found = this.endLine();
        if (found != MORE) return found;
      } else if (c == 13) this.isReturn = true;
      // A bare LF is not taken for the end of a line either, though 2.2 allows it: two servers that differ in it can be told different requests.
      else if (!is(c, VALUE)) return Status.badRequest;
    }
    return MORE;
  }

  /** Goes on to the next byte that is not simply part of a value, or to where a limit is reached. */
  private pass(bytes: Bytes, length: u32, most: u32): void {
    let end = min(length, this.start + most);
    if (this.lines == 0) end = min(end, this.line + FIRST_LINE);
    if (this.seen < end) this.seen = bytes.findControl(this.seen, end);
  }

  private endLine(): u32 {
    const isEmpty = this.seen - this.line == 2;
    this.line = this.seen;
    if (!isEmpty) {
      this.lines += 1;
      return this.lines > FIELDS + 1 ? Status.headTooLarge : MORE;
    }
    if (this.lines > 0) return WHOLE;
    this.start = this.seen;
    this.empty += 1;
    return this.empty > EMPTY ? Status.badRequest : MORE;
  }
}
