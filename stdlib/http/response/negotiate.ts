/** Which form of a content a client gets: RFC 9110 12.5.3, 12.4.2. */
import { Bytes } from "../../core/bytes";
import { isBlank, isDigit, sameWord, span, TOKEN } from "../request/characters";
import { Field, NOTED, Request } from "../request/request";
import { Coding, Resource, Variant } from "./resource";

/** Not named in the field. */
const UNNAMED: u32 = 0xffff;

/** Weights in thousandths. */
let br: u32 = UNNAMED;
let gzip: u32 = UNNAMED;
let identity: u32 = UNNAMED;
let others: u32 = UNNAMED;

/** The form that is wanted most, of equal ones the smallest; without the field, or if nothing fits, the one without coding. */
export function negotiate(request: Request, resource: Resource): Variant {
  let line = request.find(Field.acceptEncoding, 0);
  if (line == NOTED) return resource.plain;
  br = UNNAMED;
  gzip = UNNAMED;
  identity = UNNAMED;
  others = UNNAMED;
  while (line != NOTED) {
    readLine(request.bytes, request.at(line), request.at(line) + request.lengthOf(line));
    line = request.find(Field.acceptEncoding, line + 1);
  }
  let best = resource.plain;
  // Without a word on it, no coding is allowed, and wanted less than what is named.
  let weight = identity != UNNAMED ? identity : others != UNNAMED ? others : 0;
  const packed = resource.variants[<i32>Coding.gzip];
  const gzipWeight = weightOf(gzip);
  if (packed != null && gzipWeight > 0 && gzipWeight >= weight) {
    best = packed;
    weight = gzipWeight;
  }
  const smallest = resource.variants[<i32>Coding.br];
  const brWeight = weightOf(br);
  if (smallest != null && brWeight > 0 && brWeight >= weight) best = smallest;
  return best;
}

function weightOf(named: u32): u32 {
  if (named != UNNAMED) return named;
  return others != UNNAMED ? others : 0;
}

/** `gzip;q=0.8, br, *;q=0`: what is no such thing is passed over. */
function readLine(bytes: Bytes, from: u32, end: u32): void {
  let at = from;
  while (at < end) {
    const comma = next(bytes, at, end);
    readOne(bytes, at, comma);
    at = comma + 1;
  }
}

/** The next comma, or the end. */
export function next(bytes: Bytes, from: u32, end: u32): u32 {
  let at = from;
  while (at < end && bytes.u8(at) != 44) at += 1;
  return at;
}

function readOne(bytes: Bytes, from: u32, end: u32): void {
  const at = blanks(bytes, from, end);
  const length = span(bytes, at, end, TOKEN);
  if (length == 0) return;
  const weight = readWeight(bytes, blanks(bytes, at + length, end), end);
  if (weight == UNNAMED) return;
  if (sameWord(bytes, at, length, "br")) br = weight;
  // RFC 9110 8.4.1.3.
  else if (sameWord(bytes, at, length, "gzip") || sameWord(bytes, at, length, "x-gzip")) gzip = weight;
  else if (sameWord(bytes, at, length, "identity")) identity = weight;
  else if (sameWord(bytes, at, length, "*")) others = weight;
}

/** `;q=0.123`, or nothing, which is 1; UNNAMED if it is neither. RFC 9110 12.4.2. */
function readWeight(bytes: Bytes, from: u32, end: u32): u32 {
  if (from == end) return 1000;
  if (bytes.u8(from) != 59) return UNNAMED;
  let at = blanks(bytes, from + 1, end);
  if (at + 3 > end || !sameWord(bytes, at, 2, "q=")) return UNNAMED;
  const whole = bytes.u8(at + 2) - 48;
  if (whole > 1) return UNNAMED;
  at += 3;
  let weight = whole * 1000;
  if (at < end && bytes.u8(at) == 46) {
    at += 1;
    let unit: u32 = 100;
    while (at < end && isDigit(bytes.u8(at)) && unit > 0) {
      weight += (bytes.u8(at) - 48) * unit;
      unit /= 10;
      at += 1;
    }
  }
  return weight > 1000 || blanks(bytes, at, end) != end ? UNNAMED : weight;
}

/** Behind spaces and tabs. */
export function blanks(bytes: Bytes, from: u32, end: u32): u32 {
  let at = from;
  while (at < end && isBlank(bytes.u8(at))) at += 1;
  return at;
}
