import { Growing } from "../zone/growing";
import { isDigit } from "../zone/name";
import { isWord } from "./formats";

/** Reads numbers with a decimal point from the words of a LOC record. */
@final
class Words {
  text: StaticArray<u8>;
  start: Array<i32>;
  end: Array<i32>;
  at: i32;
  wrong: bool = false;

  constructor(text: StaticArray<u8>, start: Array<i32>, end: Array<i32>, at: i32) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.at = at;
  }

  more(): bool {
    return this.at < this.start.length;
  }

  /** The next word as a number times 10^`places`; an `m` at its end is allowed. */
  decimal(places: i32): i64 {
    if (!this.more()) {
      this.wrong = true;
      return 0;
    }
    let i = this.start[this.at];
    let to = this.end[this.at++];
    if (to > i && (<i32>this.text[to - 1] | 32) == 0x6d) to--;
    const negative = i < to && this.text[i] == 0x2d;
    if (negative) i++;
    if (i >= to || to - i > 16) this.wrong = true;
    let value: i64 = 0;
    let after = -1;
    for (; i < to; i++) {
      const c = <i32>this.text[i];
      if (c == 0x2e && after < 0) after = 0;
      else if (!isDigit(c)) this.wrong = true;
      else if (after < places) {
        value = value * 10 + <i64>c - 48;
        if (after >= 0) after++;
      }
    }
    for (after = max(after, 0); after < places; after++) value *= 10;
    return negative ? -value : value;
  }

  /** Degrees, minutes and seconds up to one of two letters, in thousandths of a second of arc. RFC 1876 3. */
  angle(positive: string, negative: string, most: i64): i64 {
    let total: i64 = 0;
    let factor: i64 = 3600000;
    for (let part = 0; part < 4 && this.more(); part++) {
      const from = this.start[this.at];
      const to = this.end[this.at];
      const below = isWord(this.text, from, to, negative);
      if (below || isWord(this.text, from, to, positive)) {
        this.at++;
        if (part == 0 || total > most * 3600000) break;
        return below ? -total : total;
      }
      const value = part == 2 ? this.decimal(3) : this.decimal(0) * factor;
      if (value < 0 || (part == 1 && value >= 3600000) || (part == 2 && value >= 60000)) break;
      total += value;
      factor /= 60;
    }
    this.wrong = true;
    return 0;
  }

  /** A length in metres as RFC 1876 2 packs it: centimetres as mantissa and power of ten. */
  size(otherwise: i64): i32 {
    let value = this.more() ? this.decimal(2) : otherwise;
    if (value < 0 || value > 9000000000) this.wrong = true;
    let power = 0;
    for (; value > 9; value /= 10) power++;
    return ((<i32>value) << 4) | power;
  }
}

/** The value of a LOC record from word `first` on; gives what is wrong, or an empty text. RFC 1876. */
export function location(
  text: StaticArray<u8>,
  start: Array<i32>,
  end: Array<i32>,
  first: i32,
  out: Growing,
): string {
  const words = new Words(text, start, end, first);
  const latitude = words.angle("N", "S", 90);
  const longitude = words.angle("E", "W", 180);
  const altitude = words.decimal(2) + 10000000;
  const size = words.size(100);
  const horizontal = words.size(1000000);
  const vertical = words.size(1000);
  if (words.wrong || words.more() || altitude < 0 || altitude > 4294967295) {
    return "a location is written like `52 22 23.000 N 4 53 32.000 E -2.00m 0m 10000m 10m` (RFC 1876)";
  }
  out.u8(0);
  out.u8(size);
  out.u8(horizontal);
  out.u8(vertical);
  out.be32(<u32>(latitude + 2147483648));
  out.be32(<u32>(longitude + 2147483648));
  out.be32(<u32>altitude);
  return "";
}
