/**
 * Reads the head of a request: RFC 9112 3 and 5, strictly. Whatever two servers could take for different requests is refused, since
 * that is how requests are smuggled past the one in front: RFC 9112 11.2.
 */
import { Bytes } from "../../core/bytes";
import { Status } from "../status";
import { isBlank, isDigit, sameText, span, TOKEN } from "./characters";
import { readField } from "./fields";
import { Method, Request } from "./request";
import { readAuthority, readTarget } from "./target";

/** 0 if it is sound, else the status of the refusal, after which the connection cannot be used any further. `end` is behind the empty line. */
export function parse(request: Request, bytes: Bytes, start: u32, end: u32): u32 {
  request.reset();
  request.bytes = bytes;
  let line = endOfLine(bytes, start, end);
  const fault = readRequestLine(request, start, line);
  if (fault != 0) return fault;
  let at = line + 2;
  while (at + 2 < end) {
    line = endOfLine(bytes, at, end);
    const wrong = readLine(request, at, line);
    if (wrong != 0) return wrong;
    at = line + 2;
  }
  return framed(request);
}

/** Of CR and LF: `Scan` has seen to it that neither stands alone. */
function endOfLine(bytes: Bytes, at: u32, end: u32): u32 {
  return bytes.find(13, at, end);
}

/** RFC 9112 3: one space between the parts, and no other blank. */
function readRequestLine(request: Request, at: u32, end: u32): u32 {
  const bytes = request.bytes;
  const method = span(bytes, at, end, TOKEN);
  if (method == 0 || at + method >= end || bytes.u8(at + method) != 32) return Status.badRequest;
  request.methodAt = at;
  request.methodLength = method;
  request.method = methodOf(bytes, at, method);
  const target = at + method + 1;
  // A tab in it is no part of any target, and `readTarget` says so.
  const space = bytes.find(32, target, end);
  if (space == target || space == end) return Status.badRequest;
  const fault = readVersion(request, space + 1, end);
  if (fault != 0) return fault;
  request.targetAt = target;
  request.targetLength = space - target;
  return readTarget(request) ? 0 : Status.badRequest;
}

/** RFC 9112 2.3: `HTTP/` in capital letters, a digit, a point, a digit. */
function readVersion(request: Request, at: u32, end: u32): u32 {
  const bytes = request.bytes;
  if (end - at != 8 || !sameText(bytes, at, 5, "HTTP/")) return Status.badRequest;
  if (!isDigit(bytes.u8(at + 5)) || bytes.u8(at + 6) != 46 || !isDigit(bytes.u8(at + 7)))
    return Status.badRequest;
  if (bytes.u8(at + 5) != 49) return Status.versionNotSupported;
  request.minor = min(1, bytes.u8(at + 7) - 48);
  return 0;
}

function methodOf(bytes: Bytes, at: u32, length: u32): u32 {
  if (sameText(bytes, at, length, "GET")) return Method.get;
  if (sameText(bytes, at, length, "HEAD")) return Method.head;
  if (sameText(bytes, at, length, "OPTIONS")) return Method.options;
  const isKnown =
    sameText(bytes, at, length, "POST") ||
    sameText(bytes, at, length, "PUT") ||
    sameText(bytes, at, length, "DELETE") ||
    sameText(bytes, at, length, "PATCH") ||
    sameText(bytes, at, length, "CONNECT") ||
    sameText(bytes, at, length, "TRACE");
  return isKnown ? Method.known : Method.other;
}

/** RFC 9112 5: a name, at once a colon, a value with blanks around it. A line that begins with a blank (5.2, obs-fold) has no name. */
function readLine(request: Request, at: u32, end: u32): u32 {
  const bytes = request.bytes;
  const name = span(bytes, at, end, TOKEN);
  // 5.1: no blank between the name and the colon.
  if (name == 0 || at + name == end || bytes.u8(at + name) != 58) return Status.badRequest;
  let from = at + name + 1;
  let to = end;
  while (from < to && isBlank(bytes.u8(from))) from += 1;
  while (to > from && isBlank(bytes.u8(to - 1))) to -= 1;
  return readField(request, at, name, from, to - from);
}

/** What the fields say together. */
function framed(request: Request): u32 {
  // RFC 9112 3.2: exactly one Host, which 1.0 does not know.
  if (request.hosts == 0 && request.minor >= 1) return Status.badRequest;
  // RFC 9112 6.1: both lengths are an attack, and 1.0 has no encodings.
  if (request.encodings > 0 && (request.lengths > 0 || request.minor == 0)) return Status.badRequest;
  // The target's host is the one that counts (3.2.2): it was read first.
  if (!request.isHostInTarget && !request.isAuthority) return 0;
  const from = request.targetAt + (request.isAuthority ? 0 : schemeLength(request));
  let to = from;
  const end = request.targetAt + request.targetLength;
  while (to < end && request.bytes.u8(to) != 47 && request.bytes.u8(to) != 63) to += 1;
  return readAuthority(request, from, to) ? 0 : Status.badRequest;
}

function schemeLength(request: Request): u32 {
  return request.bytes.u8(request.targetAt + 4) == 58 ? 7 : 8;
}
