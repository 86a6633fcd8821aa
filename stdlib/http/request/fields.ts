/** The fields of a request that mean something here. */
import { Bytes } from "../../core/bytes";
import { Status } from "../status";
import { isBlank, isDigit, sameWord, span, TOKEN } from "./characters";
import { Field, Request } from "./request";
import { readAuthority } from "./target";

/** More digits than any length that is meant has. */
const DIGITS: u32 = 18;

/** 0, or the status of the refusal. */
export function readField(request: Request, name: u32, nameLength: u32, at: u32, length: u32): u32 {
  const bytes = request.bytes;
  if (sameWord(bytes, name, nameLength, "host")) return readHost(request, at, length);
  if (sameWord(bytes, name, nameLength, "connection")) return readConnection(request, at, length);
  if (sameWord(bytes, name, nameLength, "content-length")) return readLength(request, at, length);
  if (sameWord(bytes, name, nameLength, "transfer-encoding")) return readEncoding(request, at, length);
  if (sameWord(bytes, name, nameLength, "expect")) return readExpect(request, at, length);
  const field = fieldOf(bytes, name, nameLength);
  if (field == Field.none) return 0;
  // RFC 9110 5.3: what is no list is there once.
  if (isSingle(field) && request.has(field)) return Status.badRequest;
  return request.note(field, at, length) ? 0 : Status.headTooLarge;
}

function fieldOf(bytes: Bytes, at: u32, length: u32): u32 {
  // The common ones first.
  if (sameWord(bytes, at, length, "accept-encoding")) return Field.acceptEncoding;
  if (sameWord(bytes, at, length, "user-agent")) return Field.userAgent;
  if (sameWord(bytes, at, length, "referer")) return Field.referer;
  if (sameWord(bytes, at, length, "if-none-match")) return Field.ifNoneMatch;
  if (sameWord(bytes, at, length, "if-modified-since")) return Field.ifModifiedSince;
  if (sameWord(bytes, at, length, "if-unmodified-since")) return Field.ifUnmodifiedSince;
  if (sameWord(bytes, at, length, "if-match")) return Field.ifMatch;
  if (sameWord(bytes, at, length, "if-range")) return Field.ifRange;
  if (sameWord(bytes, at, length, "range")) return Field.range;
  if (sameWord(bytes, at, length, "authorization")) return Field.authorization;
  if (sameWord(bytes, at, length, "sec-fetch-site")) return Field.fetchSite;
  return Field.none;
}

function isSingle(field: u32): bool {
  return (
    field == Field.ifModifiedSince ||
    field == Field.ifUnmodifiedSince ||
    field == Field.ifRange ||
    field == Field.range ||
    field == Field.authorization ||
    field == Field.fetchSite
  );
}

/** RFC 9112 3.2. An empty one is for targets without a host, which http does not have (RFC 9110 4.2.1); `CONNECT` has its own. */
function readHost(request: Request, at: u32, length: u32): u32 {
  request.hosts += 1;
  if (request.hosts > 1) return Status.badRequest;
  const isSound = readAuthority(request, at, at + length);
  return isSound ? 0 : Status.badRequest;
}

/** RFC 9112 9.3: a list of words. */
function readConnection(request: Request, at: u32, length: u32): u32 {
  const bytes = request.bytes;
  const end = at + length;
  let from = at;
  while (from < end) {
    while (from < end && (isBlank(bytes.u8(from)) || bytes.u8(from) == 44)) from += 1;
    const size = span(bytes, from, end, TOKEN);
    if (sameWord(bytes, from, size, "close")) request.isClosed = true;
    else if (sameWord(bytes, from, size, "keep-alive")) request.isKept = true;
    from += size;
    while (from < end && isBlank(bytes.u8(from))) from += 1;
    if (from < end && bytes.u8(from) != 44) return Status.badRequest;
  }
  return 0;
}

/** RFC 9110 8.6: digits, once. A list of equal numbers could be taken for one of them, and is refused instead. */
function readLength(request: Request, at: u32, length: u32): u32 {
  request.lengths += 1;
  if (request.lengths > 1 || length == 0) return Status.badRequest;
  let value: u64 = 0;
  for (let n: u32 = 0; n < length; n++) {
    const c = request.bytes.u8(at + n);
    if (!isDigit(c)) return Status.badRequest;
    if (n < DIGITS) value = value * 10 + <u64>(c - 48);
  }
  if (length > DIGITS) return Status.tooLarge;
  request.length = value;
  return 0;
}

/** RFC 9112 6.1 and 7: `chunked`, and nothing else. Whoever applies another coding first is told that it is not known here. */
function readEncoding(request: Request, at: u32, length: u32): u32 {
  const bytes = request.bytes;
  request.encodings += 1;
  if (request.encodings > 1) return Status.badRequest;
  request.isChunked = sameWord(bytes, at, length, "chunked");
  if (request.isChunked) return 0;
  // 6.3 (4): where the last one is not chunked, nobody knows where the body ends.
  const endsChunked =
    length > 8 &&
    sameWord(bytes, at + length - 7, 7, "chunked") &&
    (isBlank(bytes.u8(at + length - 8)) || bytes.u8(at + length - 8) == 44);
  const isSecond = sameWord(bytes, at, min(length, 7), "chunked");
  return endsChunked && !isSecond ? Status.notImplemented : Status.badRequest;
}

/** RFC 9110 10.1.1. */
function readExpect(request: Request, at: u32, length: u32): u32 {
  if (sameWord(request.bytes, at, length, "100-continue")) request.expectsContinue = true;
  else request.expectsOther = true;
  return 0;
}
