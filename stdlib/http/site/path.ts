/**
 * The one form of a path by which it is looked up: what may stand as it is stands as it is, all else is percent-encoded in capital
 * letters. So `/%61+b` and `/a%2Bb` are one path, as people mean it who encode more than they have to (RFC 3986 6.2.2); an encoded slash is no slash.
 */
import { Bytes } from "../../core/bytes";
import { hexadecimal, is, PATH } from "../request/characters";

const SLASH: u32 = 47;
const PERCENT: u32 = 37;

/** Writes the path's form to `to`, which has room for it: it is never longer. Gives its length. */
export function canonical(bytes: Bytes, from: u32, length: u32, to: Bytes): u32 {
  const end = from + length;
  if (bytes.find(PERCENT, from, end) == end) {
    to.copy(0, bytes, from, length);
    return length;
  }
  let at = from;
  let size: u32 = 0;
  while (at < end) {
    const c = bytes.u8(at);
    if (c != PERCENT) {
      to.setU8(size, c);
      at += 1;
      size += 1;
      continue;
    }
    size = write(to, size, (hexadecimal(bytes.u8(at + 1)) << 4) | hexadecimal(bytes.u8(at + 2)));
    at += 3;
  }
  return size;
}

function write(to: Bytes, at: u32, c: u32): u32 {
  if (is(c, PATH) && c != PERCENT && c != SLASH) {
    to.setU8(at, c);
    return at + 1;
  }
  to.setU8(at, PERCENT);
  to.setU8(at + 1, digit(c >> 4));
  to.setU8(at + 2, digit(c & 15));
  return at + 3;
}

function digit(value: u32): u32 {
  return value < 10 ? 48 + value : 55 + value;
}

/** The form of a path in a folder, while the image is built. */
export function encoded(path: string): string {
  const given = Uint8Array.wrap(String.UTF8.encode(path));
  let text = "";
  for (let n = 0; n < given.length; n++) {
    const c = <u32>given[n];
    if (is(c, PATH) && c != PERCENT) text += String.fromCharCode(<i32>c);
    else text += `%${String.fromCharCode(<i32>digit(c >> 4))}${String.fromCharCode(<i32>digit(c & 15))}`;
  }
  return text;
}
