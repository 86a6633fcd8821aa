/** The words of the command line: the README.md of a backend lists those that mean something to its drivers. */
import { Field } from "./boot-record";
import { boot, load8 } from "./hw";

export const NONE: u32 = 0xffffffff;
const BLANK: u32 = 32;

export function length(): u32 {
  return <u32>boot(Field.commandLineLength);
}

/** The byte at `index`, a blank behind the end. */
export function byte(index: u32): u32 {
  return index < length() ? load8(boot(Field.commandLine) + <u64>index) : BLANK;
}

/** Is `word` there? */
export function option(word: string): bool {
  for (let at = find(word, 0); at != NONE; at = find(word, at)) if (byte(at) == BLANK) return true;
  return false;
}

/** Where the next word at or behind `from` that begins with `prefix` goes on after it; NONE when there is none. */
export function find(prefix: string, from: u32): u32 {
  const end = length();
  const size = <u32>prefix.length;
  for (let at = from; at + size <= end; at++) {
    if (at > 0 && byte(at - 1) != BLANK) continue;
    let same: u32 = 0;
    while (same < size && byte(at + same) == <u32>prefix.charCodeAt(same)) same++;
    if (same == size) return at + size;
  }
  return NONE;
}

/** A number as Linux reads it: decimal, or hexadecimal after `0x`, with a K or M behind. `end` is where it stopped. */
export let end: u32 = 0;
export function number(from: u32): u64 {
  let at = from;
  let base: u64 = 10;
  if (byte(at) == 48 && (byte(at + 1) | 32) == 120) {
    base = 16;
    at += 2;
  }
  let value: u64 = 0;
  for (; ; at++) {
    const letter = byte(at) | 32;
    const digit =
      letter >= 48 && letter <= 57 ? letter - 48 : letter >= 97 && letter <= 102 ? letter - 87 : 99;
    if (<u64>digit >= base) break;
    value = value * base + <u64>digit;
  }
  const unit = byte(at) | 32;
  if (unit == 107 || unit == 109) {
    value <<= unit == 107 ? 10 : 20;
    at++;
  }
  end = at;
  return value;
}
