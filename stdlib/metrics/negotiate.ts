/** Which text somebody would rather have: RFC 9110 12.5.1. */
import { Bytes } from "../core/bytes";

/** Media types that there are. */
export const OPEN: i32 = 0;
export const PLAIN: i32 = 1;

const COMMA: u32 = 44;
const SEMICOLON: u32 = 59;

/**
 * How welcome the media type is to a field `Accept`, in thousandths; -1 if it does not speak of it. Ranges count for plain text alone: OpenMetrics is
 * only for those who name it.
 */
export function accepts(bytes: Bytes, from: u32, end: u32, media: i32): i32 {
  let best = -1;
  let at = from;
  while (at < end) {
    let stop = at;
    while (stop < end && bytes.u8(stop) != COMMA) stop += 1;
    const begin = blanks(bytes, at, stop);
    let name = begin;
    while (name < stop && bytes.u8(name) != SEMICOLON && bytes.u8(name) > 32) name += 1;
    if (isMedia(bytes, begin, name, media)) best = max(best, quality(bytes, name, stop));
    at = stop + 1;
  }
  return best;
}

function isMedia(bytes: Bytes, from: u32, end: u32, media: i32): bool {
  if (media == OPEN) return is(bytes, from, end, "application/openmetrics-text");
  return is(bytes, from, end, "text/plain") || is(bytes, from, end, "text/*") || is(bytes, from, end, "*/*");
}

/** `text` is in small letters. */
function is(bytes: Bytes, from: u32, end: u32, text: string): bool {
  if (end - from != <u32>text.length) return false;
  for (let n = 0; n < text.length; n++) {
    const c = bytes.u8(from + <u32>n);
    if ((c >= 65 && c <= 90 ? c + 32 : c) != <u32>text.charCodeAt(n)) return false;
  }
  return true;
}

function blanks(bytes: Bytes, from: u32, end: u32): u32 {
  let at = from;
  while (at < end && (bytes.u8(at) == 32 || bytes.u8(at) == 9)) at += 1;
  return at;
}

/** RFC 9110 12.4.2, behind `;q=`; 1000 when it does not stand there. */
function quality(bytes: Bytes, from: u32, end: u32): i32 {
  let at = from;
  while (at < end) {
    if (bytes.u8(at) == SEMICOLON) {
      const name = blanks(bytes, at + 1, end);
      if (name + 2 < end && (bytes.u8(name) | 32) == 113 && bytes.u8(name + 1) == 61)
        return thousandths(bytes, name + 2, end);
    }
    at += 1;
  }
  return 1000;
}

function thousandths(bytes: Bytes, from: u32, end: u32): i32 {
  let value = bytes.u8(from) == 49 ? 1000 : 0;
  let unit = 100;
  for (let at = from + 2; at < end && unit > 0; at++) {
    const digit = <i32>bytes.u8(at) - 48;
    if (digit < 0 || digit > 9) break;
    value += digit * unit;
    unit /= 10;
  }
  return min(value, 1000);
}
