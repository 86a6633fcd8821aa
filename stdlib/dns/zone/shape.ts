import { NAME_LIMIT } from "./name";

/**
 * Whether a value in wire form has the fields of its type (`master/formats.ts`), exactly to its end. The offsets of the names
 * in it are put into `names`; the names are changed to lower case.
 */
export function hasShape(
  format: string,
  bytes: StaticArray<u8>,
  offset: i32,
  length: i32,
  names: Array<i32>,
): bool {
  const end = offset + length;
  let at = offset;
  names.length = 0;
  for (let i = 0; i < format.length; i++) {
    const letter = format.charCodeAt(i);
    if (letter == 0x6e || letter == 0x6d) {
      names.push(at);
      at = afterName(bytes, at, end);
    } else if (letter == 0x73 || letter == 0x67) {
      if (at < end) at += <i32>bytes[at] + 1;
      else return false;
    } else if (letter == 0x53) {
      if (at >= end) return false;
      while (at < end) at += <i32>bytes[at] + 1;
    } else if (letter == 0x68 || letter == 0x62) {
      if (at >= end) return false;
      at = end;
    } else if (letter == 0x75 || letter == 0x2d) {
      at = end;
    } else if (letter == 0x70) {
      at = afterParameters(bytes, at, end);
    } else {
      at += fixedSize(letter);
    }
    if (at < 0 || at > end) return false;
  }
  return at == end;
}

function fixedSize(letter: i32): i32 {
  if (letter == 0x31) return 1;
  if (letter == 0x32 || letter == 0x79 || letter == 0x63) return 2;
  if (letter == 0x34 || letter == 0x74 || letter == 0x61) return 4;
  if (letter == 0x65) return 6;
  if (letter == 0x45 || letter == 0x38) return 8;
  return 16; // q, l
}

/** The offset after an uncompressed name, or -1. */
function afterName(bytes: StaticArray<u8>, from: i32, end: i32): i32 {
  let at = from;
  while (at < end) {
    const size = <i32>bytes[at];
    if (size == 0) return at + 1 - from > NAME_LIMIT ? -1 : at + 1;
    if (size > 63 || at + 1 + size > end) return -1;
    for (let i = at + 1; i <= at + size; i++) {
      const c = <i32>bytes[i];
      if (c >= 65 && c <= 90) bytes[i] = <u8>(c + 32);
    }
    at += size + 1;
  }
  return -1;
}

/** RFC 9460 2.2: keys strictly ascending. */
function afterParameters(bytes: StaticArray<u8>, from: i32, end: i32): i32 {
  let before = -1;
  let at = from;
  while (at < end) {
    if (at + 4 > end) return -1;
    const key = ((<i32>bytes[at]) << 8) | <i32>bytes[at + 1];
    if (key <= before) return -1;
    before = key;
    at += 4 + (((<i32>bytes[at + 2]) << 8) | <i32>bytes[at + 3]);
  }
  return at;
}
