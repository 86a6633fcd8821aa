/** Extension headers: RFC 8200 4, within bounds. A chain of more than a few is nobody's, and costs whoever has to pass it. */
import { Bytes } from "../../core/bytes";
import { Datagram, IP } from "../datagrams";
import { NEXT_HEADER } from "../header6";

const HOP_BY_HOP: u32 = 0;
const ROUTING: u32 = 43;
export const FRAGMENT: u32 = 44;
/** Nothing follows. */
export const NONE: u32 = 59;
const DESTINATION: u32 = 60;

/** So many, and so many options in each, are passed: RFC 8504 5.3 has a host limit them. */
const MOST: u32 = 8;
const MOST_OPTIONS: u32 = 8;
/** RFC 4443 3.4. */
const FIELD: u32 = 0;
const UNKNOWN_HEADER: u32 = 1;
const UNKNOWN_OPTION: u32 = 2;

/** What was found. One object for all. */
@final
export class Headers {
  /** What follows: FRAGMENT, NONE, or a protocol; and the offset in the datagram of the byte that says so. */
  kind: u32 = 0;
  from: u32 = 0;
  /** It is dropped: without a word, or with this error, which is also for groups if `isForAll`. */
  isSilent: bool = false;
  isForAll: bool = false;
  code: u32 = 0;
  pointer: u32 = 0;

  /** Has the first fragment all headers as far as the transport's, and some of that? */
  isComplete(bytes: Bytes, kind: u32, payload: u32, length: u32): bool {
    let at = payload;
    const end = payload + length;
    for (let n: u32 = 0; n <= MOST; n++) {
      if (kind != DESTINATION && kind != ROUTING && kind != HOP_BY_HOP) return kind == NONE || end - at >= 8;
      if (end - at < 8) return false;
      kind = bytes.u8(at);
      const size = (bytes.u8(at + 1) + 1) * 8;
      if (size > end - at) return false;
      at += size;
    }
    return false;
  }

  refuse(code: u32, pointer: u32): bool {
    this.isSilent = false;
    this.isForAll = false;
    this.code = code;
    this.pointer = pointer;
    return false;
  }

  drop(): bool {
    this.isSilent = true;
    return false;
  }
}

/**
 * Passes all headers of `datagram` as far as a fragment's, the transport's, or the end. `kind` is what its payload begins with. False: it is to be
 * dropped, as `headers` says.
 */
export function walk(datagram: Datagram, kind: u32, headers: Headers): bool {
  const bytes = datagram.packet.bytes;
  // In what was put together there are no headers before: the fixed one says what it is.
  headers.from = datagram.isWhole || datagram.headerLength == 40 ? NEXT_HEADER : datagram.payload - IP - 8;
  for (let n: u32 = 0; n < MOST; n++) {
    headers.kind = kind;
    const isFirst = n == 0 && datagram.isWhole;
    if (kind != HOP_BY_HOP && kind != ROUTING && kind != DESTINATION) return true;
    // RFC 8200 4.1: options for each hop are first, or nowhere.
    if (kind == HOP_BY_HOP && !isFirst) return headers.refuse(UNKNOWN_HEADER, headers.from);
    const at = datagram.payload;
    if (datagram.length < 8) return headers.drop();
    const size = (bytes.u8(at + 1) + 1) * 8;
    if (size > datagram.length) return headers.drop();
    if (kind == ROUTING) {
      // RFC 8200 4.4, RFC 5095: with places left to go to it is of a kind that is not known here, or forbidden.
      if (bytes.u8(at + 3) != 0) return headers.refuse(FIELD, at + 2 - IP);
    } else if (!areOptionsFine(bytes, at + 2, at + size, headers)) return false;
    headers.from = at - IP;
    kind = bytes.u8(at);
    datagram.headerLength += size;
    datagram.payload = at + size;
    datagram.length -= size;
  }
  return headers.drop();
}

/** RFC 8200 4.2: the two highest bits of what is not known say what is to be done. */
function areOptionsFine(bytes: Bytes, from: u32, end: u32, headers: Headers): bool {
  let at = from;
  let count: u32 = 0;
  while (at < end) {
    const kind = bytes.u8(at);
    if (kind == 0) {
      at += 1;
      continue;
    }
    if (at + 1 >= end) return headers.drop();
    const size = bytes.u8(at + 1) + 2;
    if (size > end - at) return headers.drop();
    count += 1;
    if (count > MOST_OPTIONS) return headers.drop();
    const action = kind >> 6;
    if (action == 1) return headers.drop();
    if (action >= 2) {
      headers.refuse(UNKNOWN_OPTION, at - IP);
      headers.isForAll = action == 2;
      return false;
    }
    at += size;
  }
  return true;
}
