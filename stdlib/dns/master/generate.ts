import { Growing } from "../zone/growing";
import { isDigit } from "../zone/name";
import { number } from "./numbers";

const DOLLAR = 0x24;
const BACKSLASH = 0x5c;
/** The most entries that one `$GENERATE` makes. */
const MOST = 1000000;

/**
 * The lines of a `$GENERATE` entry. In every word after the range `$` stands for the number, `${offset,width,base}` for the number
 * plus an offset, padded with zeros, in the base `d`, `o`, `x`, `X`, or as nibbles `n`, `N`; `$$` and `\$` are a dollar sign.
 */
@final
export class Generator {
  readonly line: Growing = new Growing(128);
  fault: string = "";
  faultWord: i32 = 1;

  private readonly text: StaticArray<u8>;
  private readonly start: Array<i32>;
  private readonly end: Array<i32>;
  private value: i64 = 0;
  private last: i64 = 0;
  private stride: i64 = 1;

  constructor(text: StaticArray<u8>, start: Array<i32>, end: Array<i32>) {
    this.text = text;
    this.start = start;
    this.end = end;
    if (start.length < 5) {
      this.faultWord = 0;
      this.fault = "$GENERATE is followed by a range, an owner, a type and a value";
    } else {
      this.range(start[1], end[1]);
      if (this.fault.length == 0 && !this.fill())
        this.fault = "after a dollar sign stands nothing, or {offset,width,base}";
    }
  }

  /** Makes the next line; false after the last. */
  next(): bool {
    if (this.value > this.last) return false;
    this.fill();
    this.value += this.stride;
    return true;
  }

  private range(from: i32, to: i32): void {
    let hyphen = from;
    while (hyphen < to && this.text[hyphen] != 0x2d) hyphen++;
    let slash = hyphen;
    while (slash < to && this.text[slash] != 0x2f) slash++;
    this.value = number(this.text, from, hyphen, 4294967295);
    this.last = number(this.text, hyphen + 1, slash, 4294967295);
    if (slash < to) this.stride = number(this.text, slash + 1, to, 4294967295);
    if (this.value < 0 || this.last < this.value || this.stride < 1)
      this.fault = "a range is written like 1-20 or 0-255/5";
    else if ((this.last - this.value) / this.stride >= MOST)
      this.fault = `this range has more than ${MOST} numbers`;
  }

  /** Writes the line for the number at hand; false if a `${…}` is wrong. */
  private fill(): bool {
    const out = this.line;
    out.length = 0;
    for (let word = 2; word < this.start.length; word++) {
      if (word > 2) out.u8(0x20);
      const to = this.end[word];
      for (let i = this.start[word]; i < to; i++) {
        const c = <i32>this.text[i];
        if (c == BACKSLASH && i + 1 < to && this.text[i + 1] == DOLLAR) {
          out.u8(<i32>this.text[++i]);
        } else if (c != DOLLAR) {
          out.u8(c);
        } else if (i + 1 < to && this.text[i + 1] == DOLLAR) {
          out.u8(<i32>this.text[++i]);
        } else if (i + 1 < to && this.text[i + 1] == 0x7b) {
          i = this.format(i + 2, to);
          if (i < 0) return false;
        } else {
          this.emit(this.value, 0, 0x64);
        }
      }
    }
    return true;
  }

  /** `offset,width,base}` from `from`; gives the offset of the brace, or -1. */
  private format(from: i32, to: i32): i32 {
    let i = from;
    const negative = i < to && this.text[i] == 0x2d;
    if (negative) i++;
    let begin = i;
    while (i < to && isDigit(<i32>this.text[i])) i++;
    let offset = number(this.text, begin, i, 4294967295);
    if (offset < 0) return -1;
    if (negative) offset = -offset;
    let width: i64 = 0;
    let base = 0x64;
    if (i < to && this.text[i] == 0x2c) {
      begin = ++i;
      while (i < to && isDigit(<i32>this.text[i])) i++;
      width = number(this.text, begin, i, 255);
      if (width < 0) return -1;
      if (i + 1 < to && this.text[i] == 0x2c) {
        base = <i32>this.text[i + 1];
        i += 2;
      }
    }
    if (i >= to || this.text[i] != 0x7d || this.value + offset < 0) return -1;
    return this.emit(this.value + offset, <i32>width, base) ? i : -1;
  }

  private emit(value: i64, width: i32, base: i32): bool {
    const nibbles = (base | 32) == 0x6e;
    const upper = base == 0x58 || base == 0x4e;
    if (base != 0x64 && base != 0x6f && (base | 32) != 0x78 && !nibbles) return false;
    const radix: i64 = base == 0x64 ? 10 : base == 0x6f ? 8 : 16;
    const digits: Array<i32> = [];
    let rest = value;
    do {
      const digit = <i32>(rest % radix);
      digits.push(digit < 10 ? 48 + digit : (upper ? 55 : 87) + digit);
      rest /= radix;
    } while (rest > 0);
    // The width of nibbles counts the dots between them.
    while (nibbles ? digits.length * 2 - 1 < width : digits.length < width) digits.push(48);
    if (nibbles) {
      for (let i = 0; i < digits.length; i++) {
        if (i > 0) this.line.u8(0x2e);
        this.line.u8(digits[i]);
      }
      return true;
    }
    for (let i = digits.length - 1; i >= 0; i--) this.line.u8(digits[i]);
    return true;
  }
}
