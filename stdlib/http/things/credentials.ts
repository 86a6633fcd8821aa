/** What stands in `Authorization`: RFC 9110 11.4, RFC 7617 2, RFC 4648 4. */
import { Bytes } from "../../core/bytes";
import { sameWord } from "../request/characters";
import { Field, NOTED, Request } from "../request/request";
import { Kind } from "./door";

const MOST: u32 = 192;
/** A name and a password, decoded; or a token. */
export const room = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
export let length: u32 = 0;
/** Where the password begins; 0: there is none. */
export let passwordAt: u32 = 0;

/** False: there are none of this kind, or they cannot be any that are right. */
export function read(request: Request, kind: u32): bool {
  length = 0;
  passwordAt = 0;
  const line = request.find(Field.authorization, 0);
  if (line == NOTED) return false;
  const bytes = request.bytes;
  const at = request.at(line);
  const end = at + request.lengthOf(line);
  const scheme = bytes.find(32, at, end);
  let from = scheme;
  while (from < end && bytes.u8(from) == 32) from += 1;
  if (kind == Kind.bearer) {
    if (!sameWord(bytes, at, scheme - at, "bearer") || end - from > MOST) return false;
    length = end - from;
    room.copy(0, bytes, from, length);
    return length > 0;
  }
  if (!sameWord(bytes, at, scheme - at, "basic") || !decode(bytes, from, end)) return false;
  const colon = room.find(58, 0, length);
  if (colon >= length) return false;
  passwordAt = colon + 1;
  return true;
}

function decode(bytes: Bytes, from: u32, to: u32): bool {
  let end = to;
  while (end > from && bytes.u8(end - 1) == 61) end -= 1;
  let bits: u32 = 0;
  let count: u32 = 0;
  for (let n = from; n < end; n++) {
    const value = sextet(bytes.u8(n));
    if (value > 63) return false;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    if (length == MOST) return false;
    room.setU8(length++, (bits >> count) & 255);
  }
  return length > 0;
}

/** Of base64; `.` stands for `+` in hashes of passwords. More than 63: it is none. */
export function sextet(letter: u32): u32 {
  if (letter >= 65 && letter <= 90) return letter - 65;
  if (letter >= 97 && letter <= 122) return letter - 71;
  if (letter >= 48 && letter <= 57) return letter + 4;
  return letter == 43 || letter == 46 ? 62 : letter == 47 ? 63 : 255;
}
