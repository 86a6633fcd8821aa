/** The decision on an answer by itself, for tests. */
import { Bytes } from "../../core/bytes";
import { make } from "../request/heads";
import { Intake, request } from "../request/intake";
import { decide } from "../response/conditions";
import { LENGTH, readDate, writeDate } from "../response/date";
import { negotiate } from "../response/negotiate";
import { PARTS, Ranges } from "../response/ranges";
import { Coding, Resource, Variant } from "../response/resource";

const MOST: u32 = 65536;
const input = new StaticArray<u8>(<i32>MOST);
const whole = new Bytes(input, 0, MOST);
const piece = new Bytes(input, 0, 0);
const intake = new Intake();
const ranges = new Ranges(new StaticArray<u32>(<i32>PARTS), new StaticArray<u32>(<i32>PARTS));
let resource = new Resource(new Variant(Coding.identity, new Bytes(input, 0, 0), null));

make(1, 8192);

export function inputAt(): usize {
  return whole.pointer(0, 1);
}

/** A body of `size` bytes with this tag, changed then; `codings` has a bit for each form that is there besides. */
export function serve(size: u32, tag: string, modified: i64, codings: u32, hasRanges: bool): void {
  resource = new Resource(variant(Coding.identity, size, tag));
  if ((codings & 1) != 0) resource.variants[0] = variant(Coding.br, size, tag);
  if ((codings & 2) != 0) resource.variants[1] = variant(Coding.gzip, size, tag);
  resource.modified = modified;
  resource.hasRanges = hasRanges;
}

function variant(coding: u32, size: u32, tag: string): Variant {
  const made = new Variant(coding, new Bytes(new StaticArray<u8>(<i32>size), 0, size), null);
  const bytes = new StaticArray<u8>(tag.length);
  for (let n = 0; n < tag.length; n++) bytes[n] = <u8>tag.charCodeAt(n);
  made.tag = new Bytes(bytes, 0, <u32>tag.length);
  return made;
}

/** The status, and the parts of 206. */
export function decided(length: u32): string {
  hear(length);
  const status = decide(request, resource, negotiate(request, resource), 1_800_000_000, ranges);
  let text = `${status}`;
  if (status == 206)
    for (let n: i32 = 0; n < <i32>ranges.count; n++) text += ` ${ranges.first[n]}-${ranges.last[n]}`;
  return text;
}

/** The coding that was chosen. */
export function chosen(length: u32): u32 {
  hear(length);
  return negotiate(request, resource).coding;
}

function hear(length: u32): void {
  piece.window(whole, 0, length);
  intake.reset();
  intake.take(piece, 0, 8192, 0);
  assert(intake.status == 0);
}

export function dateOf(length: u32, now: i64): i64 {
  return readDate(whole, 0, length, now);
}

export function dateAt(seconds: i64): string {
  writeDate(whole, 0, seconds);
  let text = "";
  for (let n: u32 = 0; n < LENGTH; n++) text += String.fromCharCode(<i32>whole.u8(n));
  return text;
}
