/**
 * Reads a request as far as these answers need it: RFC 9112. Each connection has one request, and whatever comes behind it is thrown away, so that nobody can
 * hide a second one in it.
 */
import { Bytes } from "../core/bytes";
import { accepts, OPEN, PLAIN } from "./negotiate";

const CR: u32 = 13;
const LF: u32 = 10;
const BLANK: u32 = 32;

/** What was read last. */
export let isSound: bool = false;
export let isHead: bool = false;
/** The method is one of those that are answered. */
export let isKnown: bool = false;
export let pathAt: u32 = 0;
export let pathLength: u32 = 0;
/** OpenMetrics is at least as welcome as plain text. */
export let wantsOpen: bool = false;

/** Where the head ends, behind its empty line; 0 while it is not whole. `from`: so far it was looked through. */
export function endOf(bytes: Bytes, from: u32, length: u32): u32 {
  for (let at: u32 = max(from, 3); at < length; at++)
    if (bytes.u8(at) == LF && bytes.u8(at - 1) == CR && bytes.u8(at - 2) == LF && bytes.u8(at - 3) == CR)
      return at + 1;
  return 0;
}

/** Reads a head of `length` bytes. */
export function read(bytes: Bytes, length: u32): void {
  isSound = false;
  const end = lineEnd(bytes, 0, length);
  if (!readLine(bytes, end)) return;
  wantsOpen = false;
  let open: i32 = -1;
  let plain: i32 = -1;
  let at = end + 2;
  while (at + 2 < length) {
    const next = lineEnd(bytes, at, length);
    const colon = find(bytes, 58, at, next);
    // RFC 9112 5.1, 5.2: no name, blanks in it, or a folded line.
    if (colon == at || colon == next || find(bytes, BLANK, at, colon) != colon) return;
    if (isNamed(bytes, at, colon, "accept")) {
      open = max(open, accepts(bytes, colon + 1, next, OPEN));
      plain = max(plain, accepts(bytes, colon + 1, next, PLAIN));
    }
    at = next + 2;
  }
  wantsOpen = open > 0 && open >= plain;
  isSound = true;
}

/** RFC 9112 3: method, target and version, with one blank between them. */
function readLine(bytes: Bytes, end: u32): bool {
  const method = find(bytes, BLANK, 0, end);
  const target = method + 1;
  if (method == 0 || target >= end) return false;
  const behind = find(bytes, BLANK, target, end);
  if (end - behind != 9 || !isText(bytes, behind + 1, "HTTP/1.") || bytes.u8(end - 1) - 48 > 9) return false;
  isHead = method == 4 && isText(bytes, 0, "HEAD");
  isKnown = isHead || (method == 3 && isText(bytes, 0, "GET"));
  const query = find(bytes, 63, target, behind);
  pathAt = target;
  pathLength = query - target;
  return true;
}

/** Where the line ends: at CR and LF, and nowhere at either alone. */
function lineEnd(bytes: Bytes, from: u32, length: u32): u32 {
  let at = from;
  while (at + 1 < length && !(bytes.u8(at) == CR && bytes.u8(at + 1) == LF)) at += 1;
  return at;
}

function find(bytes: Bytes, letter: u32, from: u32, end: u32): u32 {
  let at = from;
  while (at < end && bytes.u8(at) != letter) at += 1;
  return at;
}

function isText(bytes: Bytes, at: u32, text: string): bool {
  if (!bytes.has(at, <u32>text.length)) return false;
  for (let n = 0; n < text.length; n++) if (bytes.u8(at + <u32>n) != <u32>text.charCodeAt(n)) return false;
  return true;
}

/** `name` is in small letters. */
function isNamed(bytes: Bytes, from: u32, end: u32, name: string): bool {
  if (end - from != <u32>name.length) return false;
  for (let n = 0; n < name.length; n++)
    if ((bytes.u8(from + <u32>n) | 32) != <u32>name.charCodeAt(n)) return false;
  return true;
}
