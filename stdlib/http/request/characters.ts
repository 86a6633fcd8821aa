/** Which bytes may stand where. */
import { Bytes } from "../../core/bytes";

/** In names of fields and methods: `tchar`, RFC 9110 5.6.2. */
export const TOKEN: u32 = 1;
/** In values of fields: VCHAR, obs-text, space and tab, RFC 9110 5.5. */
export const VALUE: u32 = 2;
/** In paths, percent-encoding included: `pchar` and `/`, RFC 3986 3.3. */
export const PATH: u32 = 4;
/** In names of hosts and IPv4 addresses: `reg-name`, RFC 3986 3.2.2. */
export const HOST: u32 = 8;
/** In entity tags: `etagc`, RFC 9110 8.8.3. */
export const TAG: u32 = 16;

const kinds = table();

function table(): StaticArray<u8> {
  const kinds = new StaticArray<u8>(256);
  for (let c = 32; c < 256; c++) if (c != 127) add(kinds, c, VALUE);
  add(kinds, 9, VALUE);
  add(kinds, 33, TAG);
  for (let c = 35; c < 256; c++) if (c != 127) add(kinds, c, TAG);
  const letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  addAll(kinds, letters, TOKEN | PATH | HOST);
  addAll(kinds, "!#$%&'*+-.^_`|~", TOKEN);
  addAll(kinds, "-._~%!$&'()*+,;=:@/", PATH);
  addAll(kinds, "-._~%!$&'()*+,;=", HOST);
  return kinds;
}

function addAll(kinds: StaticArray<u8>, characters: string, kind: u32): void {
  for (let n = 0; n < characters.length; n++) add(kinds, characters.charCodeAt(n), kind);
}

function add(kinds: StaticArray<u8>, c: i32, kind: u32): void {
  kinds[c] = <u8>(<u32>kinds[c] | kind);
}

/** Is this byte of that kind? */
export function is(c: u32, kind: u32): bool {
  return (<u32>kinds[<i32>(c & 255)] & kind) != 0;
}

/** How many bytes of that kind stand from `at` on, before `end`. */
export function span(bytes: Bytes, at: u32, end: u32, kind: u32): u32 {
  return bytes.span(kinds, kind, at, end);
}

export function isDigit(c: u32): bool {
  return c >= 48 && c <= 57;
}

/** Space or tab: OWS, RFC 9110 5.6.3. */
export function isBlank(c: u32): bool {
  return c == 32 || c == 9;
}

/** The value of a hexadecimal digit; 16 of another character. */
export function hexadecimal(c: u32): u32 {
  if (isDigit(c)) return c - 48;
  const small = c | 32;
  return small >= 97 && small <= 102 ? small - 87 : 16;
}

/** Are these bytes this word, large and small letters alike? `word` has small ones only. */
export function sameWord(bytes: Bytes, at: u32, length: u32, word: string): bool {
  if (length != <u32>word.length) return false;
  for (let n: u32 = 0; n < length; n++) {
    const c = bytes.u8(at + n);
    const small = c >= 65 && c <= 90 ? c + 32 : c;
    if (small != <u32>word.charCodeAt(<i32>n)) return false;
  }
  return true;
}

/** Are these bytes exactly this text? */
export function sameText(bytes: Bytes, at: u32, length: u32, text: string): bool {
  if (length != <u32>text.length) return false;
  for (let n: u32 = 0; n < length; n++) if (bytes.u8(at + n) != <u32>text.charCodeAt(<i32>n)) return false;
  return true;
}
