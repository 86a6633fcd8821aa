/** Names as they stand in messages. */
import { Bytes } from "../../core/bytes";

/** RFC 1035 3.1. */
export const NAME_LIMIT: u32 = 255;
const LABEL_LIMIT: u32 = 63;
const POINTER: u32 = 0xc0;

/** The offset behind the name that `readName` read last, and how many labels that has without the root. */
export let after: u32 = 0;
export let labelsOf: u32 = 0;

/**
 * Copies the name at `at` of a message to the beginning of `out`, which has NAME_LIMIT bytes, through pointers and in small letters. Gives its
 * length; 0 if it is none. Each pointer leads before the one that it was reached by, so that none leads in a circle.
 */
export function readName(message: Bytes, at: u32, out: Bytes): u32 {
  let from = at;
  let first = at;
  let size: u32 = 0;
  let isAway = false;
  labelsOf = 0;
  while (message.has(from, 1)) {
    const label = message.u8(from);
    if (label >= POINTER) {
      if (!message.has(from, 2)) return 0;
      if (!isAway) after = from + 2;
      isAway = true;
      from = message.be16(from) & 0x3fff;
      if (from >= first) return 0;
      first = from;
      continue;
    }
    if (label > LABEL_LIMIT || size + label + 1 > NAME_LIMIT || !message.has(from, label + 1)) return 0;
    out.setU8(size, label);
    for (let n: u32 = 1; n <= label; n++) out.setU8(size + n, lower(message.u8(from + n)));
    size += label + 1;
    from += label + 1;
    if (label == 0) {
      if (!isAway) after = from;
      return size;
    }
    labelsOf++;
  }
  return 0;
}

/** The offset behind a name, whether its pointers lead somewhere or not; 0 if it is cut off. */
export function afterName(message: Bytes, from: u32): u32 {
  let at = from;
  while (message.has(at, 1)) {
    const label = message.u8(at);
    if (label >= POINTER) return message.has(at, 2) ? at + 2 : 0;
    at += label + 1;
    if (label == 0) return at;
  }
  return 0;
}

/** The offset behind the record that begins at `from`; 0 if it is cut off. */
export function afterRecord(message: Bytes, from: u32): u32 {
  const at = afterName(message, from);
  if (at == 0 || !message.has(at, 10)) return 0;
  const size = message.be16(at + 8);
  return message.has(at + 10, size) ? at + 10 + size : 0;
}

function lower(c: u32): u32 {
  return c >= 65 && c <= 90 ? c + 32 : c;
}
