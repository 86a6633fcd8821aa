/**
 * What clients have sent, as part of a line: nothing of it ends the line, closes a quote or moves a cursor. Where others read lines by eye, bytes that are not to
 * be seen are `\x1b` as nginx has them; in JSON they are `\u001b` (RFC 8259 7), and bytes above 127 stand for the characters of Latin-1.
 */
import { Bytes } from "../../core/bytes";
import * as log from "../needs/log";

const QUOTE: u32 = 34;
const BACKSLASH: u32 = 92;

/** At most `most` bytes of it; three points stand for the rest. */
export function put(from: Bytes, at: u32, length: u32, most: u32, isJson: bool): void {
  const end = at + min(length, most);
  for (let n = at; n < end; n++) {
    const code = from.u8(n);
    if (code >= 32 && code < 127 && code != QUOTE && code != BACKSLASH) log.character(code);
    else {
      log.text(isJson ? "\\u00" : "\\x");
      log.hexadecimal(code, 2);
    }
  }
  if (length > most) log.text("...");
}
