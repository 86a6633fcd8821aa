/** What a path leads to. Everything is made in `prepare`. */
import { Bytes } from "../../core/bytes";
import { Sums } from "../../core/sums";

/** Content codings, the smaller body first; RFC 9110 8.4.1. */
export namespace Coding {
  export const br: u32 = 0;
  export const gzip: u32 = 1;
  export const identity: u32 = 2;
  export const count: u32 = 3;
}

/** No modification date is known. */
export const UNDATED: i64 = i64.MIN_VALUE;

/**
 * One form of a content: what RFC 9110 3.2 calls a representation. Its head is one text in parts: the status line; from `common` on the
 * fields that 304 has too; from `content` on those of the content; from `length` on Content-Length. The empty line is not in it.
 */
@final
export class Variant {
  /** The entity tag with its quotes; empty if there is none. RFC 9110 8.8.3. */
  tag: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  head: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  /** What parts of it are told apart by: RFC 9110 14.6. */
  boundary: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  media: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  common: u32 = 0;
  content: u32 = 0;
  length: u32 = 0;

  constructor(
    public coding: u32,
    public body: Bytes,
    public sums: Sums | null,
  ) {}
}

@final
export class Resource {
  /** By coding; the one without coding is always there. */
  variants: StaticArray<Variant | null> = new StaticArray<Variant | null>(<i32>Coding.count);
  /** Seconds since 1970, or UNDATED. */
  modified: i64 = UNDATED;
  /** May parts be asked for? RFC 9110 14. */
  hasRanges: bool = true;
  /** Without coding. */
  plain: Variant;

  constructor(plain: Variant) {
    this.plain = plain;
    this.variants[<i32>Coding.identity] = plain;
  }
}
