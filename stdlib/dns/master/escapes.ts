import { Growing } from "../zone/growing";
import { escaped, isDigit } from "../zone/name";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export const BAD_ESCAPE = "a backslash stands before three digits up to 255, or before one character";

/** Writes a word without its quotation marks and escapes; false for an escape that is none. */
export function plainText(text: StaticArray<u8>, from: i32, to: i32, out: Growing): bool {
  for (let i = from; i < to; i++) {
    const c = <i32>text[i];
    if (c == QUOTE) continue;
    if (c != BACKSLASH) {
      out.u8(c);
      continue;
    }
    const value = escaped(text, i + 1, to);
    if (value < 0) return false;
    out.u8(value);
    i += isDigit(<i32>text[i + 1]) ? 3 : 1;
  }
  return true;
}
