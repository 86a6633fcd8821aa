/** Values of records as they come from another server: names are written out, in small letters (RFC 3597 4 and 7). */
import { Bytes } from "../../core/bytes";
import { after, NAME_LIMIT, readName } from "../server/names";
import { records } from "../tables";
import * as types from "../types";

/** A value is what it is: no names, or such that are never compressed. */
const PLAIN: u32 = 0;
/** The bytes before the names and how many names there are; how many bytes follow. */
const NAMES: u32 = 8;
const AFTER: u32 = 16;
const ANY: u32 = 0xff;
const NAPTR_NUMBERS: u32 = 4;

let name: Bytes = records;

/** In `prepare`. */
export function makeValues(): void {
  name = new Bytes(new StaticArray<u8>(<i32>NAME_LIMIT), 0, NAME_LIMIT);
}

/** Which fields a type has that have names. RFC 1035 3.3, and the later ones of RFC 3597 4. */
function shapeOf(type: u32): u32 {
  if (type == types.SOA) return (2 << NAMES) | (20 << AFTER);
  if (type == types.MX || type == 18 || type == types.RT || type == types.KX || type == 107)
    return 2 | (1 << NAMES);
  if (type == types.SRV) return 6 | (1 << NAMES);
  if (type == 14 || type == 17) return 2 << NAMES;
  if (type == 26) return 2 | (2 << NAMES);
  if (type == types.SVCB || type == types.HTTPS) return 2 | (1 << NAMES) | (ANY << AFTER);
  if (type == types.NAPTR) return NAPTR_NUMBERS | (1 << NAMES);
  const isName = (type >= <u32>types.NS && type <= <u32>types.CNAME) || (type >= <u32>types.MB && type <= 9);
  return isName || type == types.PTR || type == types.DNAME ? 1 << NAMES : PLAIN;
}

/**
 * Copies the value of `size` bytes at `at` of a message to `to` of `out`. Gives its length there; -1 if it is not what its type wants, or there
 * is no room.
 */
export function readValue(message: Bytes, at: u32, size: u32, type: u32, out: Bytes, to: u32): i32 {
  const shape = shapeOf(type);
  if (type == types.A && size != 4) return -1;
  if (type == types.AAAA && size != 16) return -1;
  if (shape == PLAIN) {
    if (!out.has(to, size)) return -1;
    out.copy(to, message, at, size);
    return <i32>size;
  }
  const end = at + size;
  let before = shape & 0xff;
  if (type == types.NAPTR) {
    // Three strings behind the numbers.
    for (let n = 0; n < 3; n++) {
      if (before >= size) return -1;
      before += message.u8(at + before) + 1;
    }
  }
  if (before > size || !out.has(to, before)) return -1;
  out.copy(to, message, at, before);
  let from = at + before;
  let write = to + before;
  for (let left = (shape >> NAMES) & 0xff; left > 0; left--) {
    const length = from < end ? readName(message, from, name) : 0;
    if (length == 0 || after > end || !out.has(write, length)) return -1;
    out.copy(write, name, 0, length);
    write += length;
    from = after;
  }
  const rest = end - from;
  const wanted = shape >> AFTER;
  if ((wanted != ANY && rest != wanted) || !out.has(write, rest)) return -1;
  out.copy(write, message, from, rest);
  return <i32>(write + rest - to);
}

/** Where in the value of a record of this type the host is named whose addresses an answer brings along; -1: nowhere. */
export function targetOf(type: u32): i32 {
  if (type == types.NS || type == types.MB) return 0;
  if (type == types.MX || type == types.KX || type == types.RT) return 2;
  return type == types.SRV ? 6 : -1;
}

/** Are names in values of this type compressed in answers? Only those of RFC 1035: RFC 3597 4. */
export function isCompressed(type: u32): bool {
  return type <= <u32>types.MX && shapeOf(type) != PLAIN;
}

/** Bytes before the first name of a value, and how many names it has; of types whose names are compressed. */
export function namesAt(type: u32): u32 {
  return shapeOf(type) & 0xff;
}
export function namesOf(type: u32): u32 {
  return (shapeOf(type) >> NAMES) & 0xff;
}
