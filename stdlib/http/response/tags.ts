/** Entity tags in conditions: RFC 9110 8.8.3, 13.1.1, 13.1.2. */
import { Bytes } from "../../core/bytes";
import { span, TAG } from "../request/characters";
import { NOTED, Request } from "../request/request";
import { blanks } from "./negotiate";

/**
 * Does the field name this tag, or say `*`? Weak comparison (8.8.3.2) takes `W/"x"` for `"x"`, strong comparison does not. Our tags are
 * strong. Reading stops at what is no list of tags.
 */
export function names(request: Request, field: u32, tag: Bytes, isWeak: bool): bool {
  let line = request.find(field, 0);
  while (line != NOTED) {
    const at = request.at(line);
    const length = request.lengthOf(line);
    if (length == 1 && request.bytes.u8(at) == 42) return true;
    if (isInList(request.bytes, at, at + length, tag, isWeak)) return true;
    line = request.find(field, line + 1);
  }
  return false;
}

function isInList(bytes: Bytes, from: u32, end: u32, tag: Bytes, isWeak: bool): bool {
  let at = from;
  while (true) {
    while (at < end && (bytes.u8(at) == 44 || bytes.u8(at) == 32 || bytes.u8(at) == 9)) at += 1;
    const isMarked = end - at > 1 && bytes.u8(at) == 87 && bytes.u8(at + 1) == 47;
    if (isMarked) at += 2;
    const length = tagLength(bytes, at, end);
    if (length == 0) return false;
    if ((isWeak || !isMarked) && isTag(bytes, at, length, tag)) return true;
    at = blanks(bytes, at + length, end);
    if (at < end && bytes.u8(at) != 44) return false;
  }
}

/** Is exactly this tag there? For If-Range (13.1.5), where a weak one never is. */
export function isExactly(bytes: Bytes, at: u32, length: u32, tag: Bytes): bool {
  return tagLength(bytes, at, at + length) == length && isTag(bytes, at, length, tag);
}

function isTag(bytes: Bytes, at: u32, length: u32, tag: Bytes): bool {
  return tag.length > 0 && length == tag.length && bytes.equals(at, tag, 0, length);
}

/** Of a tag with its quotes; 0 if there is none. */
function tagLength(bytes: Bytes, at: u32, end: u32): u32 {
  if (at >= end || bytes.u8(at) != 34) return 0;
  const inside = span(bytes, at + 1, end, TAG);
  const quote = at + 1 + inside;
  return quote < end && bytes.u8(quote) == 34 ? inside + 2 : 0;
}
