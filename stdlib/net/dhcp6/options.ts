/** Options of a message, or of an option: RFC 9915 21.1. */
import { Bytes } from "../../core/bytes";
import { HEAD } from "./message";

/** There is no such option. */
export const NONE: u32 = u32.MAX_VALUE;

/** Do they fill the place? */
export function areSound(bytes: Bytes, from: u32, end: u32): bool {
  let at = from;
  while (at < end) {
    if (end - at < HEAD) return false;
    const length = HEAD + bytes.be16(at + 2);
    if (length > end - at) return false;
    at += length;
  }
  return true;
}

/** Where the first option of this code is, of sound ones. */
export function find(bytes: Bytes, from: u32, end: u32, code: u32): u32 {
  for (let at = from; at < end; at = behind(bytes, at)) if (bytes.be16(at) == code) return at;
  return NONE;
}

/** Where the option at `at` ends. */
export function behind(bytes: Bytes, at: u32): u32 {
  return at + HEAD + bytes.be16(at + 2);
}

/** Where the first option of this code is if it has `least` bytes at least. */
export function findLong(bytes: Bytes, from: u32, end: u32, code: u32, least: u32): u32 {
  const at = find(bytes, from, end, code);
  return at == NONE || bytes.be16(at + 2) < least ? NONE : at;
}

/** An option that is one number of four bytes; `otherwise` if it is not there, or something else. */
export function number(bytes: Bytes, from: u32, end: u32, code: u32, otherwise: u32): u32 {
  const at = find(bytes, from, end, code);
  return at == NONE || bytes.be16(at + 2) != 4 ? otherwise : bytes.be32(at + HEAD);
}
