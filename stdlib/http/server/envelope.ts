/** What stands around parts of a file: RFC 9110 14.4 and 14.6. */
import { Ranges } from "../response/ranges";
import { Variant } from "../response/resource";
import * as writer from "./writer";

export function encoding(variant: Variant): void {
  if (variant.coding == 0) writer.text("Content-Encoding: br\r\n");
  else if (variant.coding == 1) writer.text("Content-Encoding: gzip\r\n");
}

export function contentRange(variant: Variant, ranges: Ranges, part: i32): void {
  writer.text("Content-Range: bytes ");
  writer.number(ranges.first[part]);
  writer.text("-");
  writer.number(ranges.last[part]);
  writer.text("/");
  writer.number(variant.body.length);
  writer.text("\r\n");
}

/** What stands before a part: RFC 9110 14.6. In `writer.ts`. */
export function beforePart(variant: Variant, wanted: Ranges, part: i32): void {
  writer.begin();
  writer.text(part == 0 ? "--" : "\r\n--");
  writer.put(variant.boundary, 0, variant.boundary.length);
  writer.text("\r\nContent-Type: ");
  writer.put(variant.media, 0, variant.media.length);
  writer.text("\r\n");
  contentRange(variant, wanted, part);
  writer.text("\r\n");
}

/** What stands behind the last part. */
export function behindParts(variant: Variant): void {
  writer.begin();
  writer.text("\r\n--");
  writer.put(variant.boundary, 0, variant.boundary.length);
  writer.text("--\r\n");
}

/** Bytes of all parts with what stands around them. */
export function envelope(variant: Variant, ranges: Ranges): u32 {
  // Not in the writer, which has the head: the same texts, counted.
  let size: u32 = 0;
  for (let n: i32 = 0; n < <i32>ranges.count; n++) {
    size += (n == 0 ? 2 : 4) + variant.boundary.length + 16 + variant.media.length + 23 + 4;
    size += digits(ranges.first[n]) + 1 + digits(ranges.last[n]) + 1 + digits(variant.body.length);
    size += ranges.last[n] - ranges.first[n] + 1;
  }
  return size + 4 + variant.boundary.length + 4;
}

function digits(value: u32): u32 {
  let count: u32 = 1;
  let rest = value;
  while (rest >= 10) {
    rest /= 10;
    count += 1;
  }
  return count;
}
