/** What a request is for: RFC 9112 3.2, RFC 3986. */
import { Bytes } from "../../core/bytes";
import { HOST, hexadecimal, isDigit, PATH, sameText, sameWord, span } from "./characters";
import { Method, Request } from "./request";

/** Reads the target at `targetAt`; false if it is none that the method can have. */
export function readTarget(request: Request): bool {
  const bytes = request.bytes;
  const at = request.targetAt;
  const end = at + request.targetLength;
  const isConnect = sameText(bytes, request.methodAt, request.methodLength, "CONNECT");
  if (isConnect) {
    // 3.2.3: the authority form is for CONNECT alone, and has a port.
    request.isAuthority = true;
    return readAuthority(request, at, end) && request.hostLength + 1 < request.targetLength;
  }
  if (bytes.u8(at) == 47) return readPath(request, at, end);
  // 3.2.4: the asterisk form is for OPTIONS alone.
  if (request.targetLength == 1 && bytes.u8(at) == 42) {
    request.isAsterisk = true;
    return request.method == Method.options;
  }
  return readAbsolute(request, at, end);
}

/** 3.2.2: `http://host:port/path?query`. */
function readAbsolute(request: Request, at: u32, end: u32): bool {
  const bytes = request.bytes;
  let from: u32 = 0;
  if (end - at > 7 && sameWord(bytes, at, 7, "http://")) from = at + 7;
  else if (end - at > 8 && sameWord(bytes, at, 8, "https://")) from = at + 8;
  else return false;
  let slash = from;
  while (slash < end && bytes.u8(slash) != 47 && bytes.u8(slash) != 63) slash += 1;
  if (slash == from || !readAuthority(request, from, slash)) return false;
  request.isHostInTarget = true;
  if (slash < end && bytes.u8(slash) == 47) return readPath(request, slash, end);
  // An empty path is `/` (RFC 9110 4.2.3), and is `*` for OPTIONS (RFC 9112 3.2.4).
  if (slash == end) {
    request.isAsterisk = request.method == Method.options;
    return true;
  }
  return readQuery(request, slash + 1, end);
}

/** RFC 3986 3.3 and 3.4; a fragment (`#`) is never sent. */
function readPath(request: Request, at: u32, end: u32): bool {
  const bytes = request.bytes;
  const length = span(bytes, at, end, PATH);
  if (!areEscapes(bytes, at, at + length)) return false;
  request.pathAt = at;
  request.pathLength = length;
  if (at + length == end) return true;
  return bytes.u8(at + length) == 63 && readQuery(request, at + length + 1, end);
}

/**
 * Browsers send brackets, bars and the like in queries as they are (the URL standard of WHATWG); they mean nothing here, so all that is
 * no space, control, `#` or beyond ASCII passes.
 */
function readQuery(request: Request, at: u32, end: u32): bool {
  for (let n = at; n < end; n++) {
    const c = request.bytes.u8(n);
    if (c <= 32 || c >= 127 || c == 35) return false;
  }
  request.hasQuery = true;
  request.queryAt = at;
  request.queryLength = end - at;
  return true;
}

/** RFC 3986 2.1: a percent sign stands before two hexadecimal digits; here they must not be those of NUL. */
function areEscapes(bytes: Bytes, at: u32, end: u32): bool {
  for (let n = bytes.find(37, at, end); n < end; n = bytes.find(37, n + 1, end)) {
    if (n + 2 >= end) return false;
    const high = hexadecimal(bytes.u8(n + 1));
    const low = hexadecimal(bytes.u8(n + 2));
    if (high > 15 || low > 15 || high + low == 0) return false;
  }
  return true;
}

/** `host` or `host:port`, of a target or of Host: RFC 3986 3.2.2, RFC 9110 7.2. User information is refused: RFC 9110 4.2.4. */
export function readAuthority(request: Request, at: u32, end: u32): bool {
  const bytes = request.bytes;
  let length: u32 = 0;
  if (at < end && bytes.u8(at) == 91) {
    // An IPv6 address in brackets.
    length = 1;
    while (at + length < end && isAddress(bytes.u8(at + length))) length += 1;
    if (length < 3 || at + length == end || bytes.u8(at + length) != 93) return false;
    length += 1;
  } else {
    length = span(bytes, at, end, HOST);
    if (!areEscapes(bytes, at, at + length)) return false;
  }
  request.hostAt = at;
  request.hostLength = length;
  if (at + length == end) return true;
  if (bytes.u8(at + length) != 58 || length == 0) return false;
  return isPort(bytes, at + length + 1, end);
}

/** Digits up to 65535, or none at all. */
function isPort(bytes: Bytes, at: u32, end: u32): bool {
  if (end - at > 5) return false;
  let port: u32 = 0;
  for (let n = at; n < end; n++) {
    if (!isDigit(bytes.u8(n))) return false;
    port = port * 10 + bytes.u8(n) - 48;
  }
  return port <= 65535;
}

function isAddress(c: u32): bool {
  return hexadecimal(c) < 16 || c == 58 || c == 46;
}
