/** Numbers, amounts with units, words, hardware addresses: whatever is one number. */
import { Bytes } from "../bytes";
import { Declared, Slot } from "./slot";

/** A word and the number that it stands for; or a unit and how much it is. */
@final
export class Term {
  constructor(
    readonly text: string,
    readonly value: i64,
  ) {}
}

@final
export class NumberSlot extends Slot {
  /** As settings of that type are: nanoseconds, bytes, the number of a word in its union. */
  value: i64 = 0;

  /** With units, every number has one behind it, and the parts are added up: `1h30m`. */
  constructor(
    declared: Declared,
    private readonly words: Array<Term>,
    private readonly units: Array<Term>,
    private readonly isMac: bool,
  ) {
    super(declared);
  }

  take(text: Bytes): bool {
    const good = this.read(text);
    if (!good || !this.allows(found, 0, text)) return false;
    this.value = found;
    return true;
  }

  private read(text: Bytes): bool {
    if (this.isMac) return readMac(text);
    if (this.words.length > 0) {
      const n = termAt(this.words, text, 0, text.length);
      if (n >= 0) found = this.words[n].value;
      return n >= 0;
    }
    return this.units.length > 0 ? readAmount(text, this.units) : readInteger(text);
  }
}

/** What was read last. */
let found: i64 = 0;

/** The term that is this part of the text; -1 when it is none. */
function termAt(terms: Array<Term>, text: Bytes, from: u32, to: u32): i32 {
  for (let n = 0; n < terms.length; n++) {
    const word = terms[n].text;
    if (<u32>word.length != to - from) continue;
    let same = true;
    for (let k: u32 = 0; k < to - from && same; k++) same = text.u8(from + k) == <u32>word.charCodeAt(<i32>k);
    if (same) return n;
  }
  return -1;
}

function isDigit(letter: u32): bool {
  return letter >= 48 && letter <= 57;
}

const LAST: u64 = <u64>i64.MAX_VALUE;

/** `42`, `-7`, `65_536`, `0x44`. */
function readInteger(text: Bytes): bool {
  const negative = text.has(0, 1) && text.u8(0) == 45;
  let at: u32 = negative ? 1 : 0;
  const hexadecimal = text.has(at, 3) && text.u8(at) == 48 && text.u8(at + 1) == 120;
  if (hexadecimal) at += 2;
  const base: u64 = hexadecimal ? 16 : 10;
  let value: u64 = 0;
  let before: u32 = 95;
  if (at == text.length) return false;
  for (; at < text.length; at++) {
    const letter = text.u8(at);
    if (letter == 95) {
      if (before == 95) return false;
    } else {
      const digit = isDigit(letter) ? letter - 48 : (letter | 32) >= 97 ? (letter | 32) - 87 : 99;
      if (<u64>digit >= base || value > (LAST - <u64>digit) / base) return false;
      value = value * base + <u64>digit;
    }
    before = letter;
  }
  found = negative ? -(<i64>value) : <i64>value;
  return before != 95;
}

/** `500ms`, `1h30m`: numbers, each with its unit. */
function readAmount(text: Bytes, units: Array<Term>): bool {
  let at: u32 = 0;
  let sum: u64 = 0;
  if (text.length == 0) return false;
  while (at < text.length) {
    let count: u64 = 0;
    const digits = at;
    for (; at < text.length && isDigit(text.u8(at)); at++) {
      const digit = <u64>(text.u8(at) - 48);
      if (count > (LAST - digit) / 10) return false;
      count = count * 10 + digit;
    }
    const unit = at;
    while (at < text.length && !isDigit(text.u8(at))) at++;
    const n = termAt(units, text, unit, at);
    if (n < 0 || unit == digits) return false;
    const multiple = <u64>units[n].value;
    if (count > (LAST - sum) / multiple) return false;
    sum += count * multiple;
  }
  found = <i64>sum;
  return true;
}

/** `00:1b:a9:12:34:56` */
function readMac(text: Bytes): bool {
  if (text.length != 17) return false;
  let value: u64 = 0;
  for (let at: u32 = 0; at < 17; at++) {
    const letter = text.u8(at);
    if (at % 3 == 2) {
      if (letter != 58) return false;
      continue;
    }
    const digit = isDigit(letter) ? letter - 48 : (letter | 32) - 87;
    if (digit > 15 || (!isDigit(letter) && digit < 10)) return false;
    value = (value << 4) | <u64>digit;
  }
  found = <i64>value;
  return true;
}
