/** A request's head after it was read. Places are offsets in `bytes`. One is enough: a head is read and answered in one go. */
import { Bytes } from "../../core/bytes";

/** Methods that the server knows; RFC 9110 9.3, RFC 5789. */
export namespace Method {
  export const other: u32 = 0;
  export const get: u32 = 1;
  export const head: u32 = 2;
  export const options: u32 = 3;
  /** POST, PUT, DELETE, PATCH, CONNECT and TRACE: known, and nothing here allows them. */
  export const known: u32 = 4;
}

/** Fields that are read later, and may be there in several lines. */
export namespace Field {
  export const none: u32 = 0;
  export const ifMatch: u32 = 1;
  export const ifNoneMatch: u32 = 2;
  export const ifModifiedSince: u32 = 3;
  export const ifUnmodifiedSince: u32 = 4;
  export const ifRange: u32 = 5;
  export const range: u32 = 6;
  export const acceptEncoding: u32 = 7;
  export const userAgent: u32 = 8;
  export const referer: u32 = 9;
  export const authorization: u32 = 10;
  export const fetchSite: u32 = 11;
}

/** Lines of such fields at most. */
export const NOTED: u32 = 32;

@final
export class Request {
  bytes: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  method: u32 = 0;
  methodAt: u32 = 0;
  methodLength: u32 = 0;
  /** The minor version: what is above 1 is as 1. RFC 9110 2.5. */
  minor: u32 = 0;
  /** `OPTIONS *`. */
  isAsterisk: bool = false;
  /** `CONNECT host:port`. */
  isAuthority: bool = false;
  targetAt: u32 = 0;
  targetLength: u32 = 0;
  pathAt: u32 = 0;
  pathLength: u32 = 0;
  /** Behind the question mark. */
  queryAt: u32 = 0;
  queryLength: u32 = 0;
  hasQuery: bool = false;
  /** The host without its port. */
  hostAt: u32 = 0;
  hostLength: u32 = 0;
  /** The host is in the target, which wins: RFC 9112 3.2.2. */
  isHostInTarget: bool = false;
  hosts: u32 = 0;
  lengths: u32 = 0;
  /** Bytes of the body. */
  length: u64 = 0;
  encodings: u32 = 0;
  isChunked: bool = false;
  /** The last word of Connection; RFC 9112 9.3. */
  isClosed: bool = false;
  isKept: bool = false;
  expectsContinue: bool = false;
  expectsOther: bool = false;
  noted: u32 = 0;
  notedField: StaticArray<u8> = new StaticArray<u8>(<i32>NOTED);
  notedAt: StaticArray<u32> = new StaticArray<u32>(<i32>NOTED);
  notedLength: StaticArray<u32> = new StaticArray<u32>(<i32>NOTED);

  reset(): void {
    this.method = Method.other;
    this.methodLength = 0;
    this.minor = 0;
    this.isAsterisk = false;
    this.isAuthority = false;
    this.targetLength = 0;
    this.pathLength = 0;
    this.queryLength = 0;
    this.hasQuery = false;
    this.hostLength = 0;
    this.isHostInTarget = false;
    this.hosts = 0;
    this.lengths = 0;
    this.length = 0;
    this.encodings = 0;
    this.isChunked = false;
    this.isClosed = false;
    this.isKept = false;
    this.expectsContinue = false;
    this.expectsOther = false;
    this.noted = 0;
  }

  /** May the connection be used for another request? RFC 9112 9.3. */
  get isPersistent(): bool {
    if (this.isClosed) return false;
    return this.minor >= 1 || this.isKept;
  }

  get hasBody(): bool {
    return this.isChunked || this.length > 0;
  }

  note(field: u32, at: u32, length: u32): bool {
    if (this.noted == NOTED) return false;
    const n = <i32>this.noted;
    this.notedField[n] = <u8>field;
    this.notedAt[n] = at;
    this.notedLength[n] = length;
    this.noted += 1;
    return true;
  }

  /** The first line of this field from number `from` on; NOTED if there is none. */
  find(field: u32, from: u32): u32 {
    for (let n = from; n < this.noted; n++) if (<u32>this.notedField[<i32>n] == field) return n;
    return NOTED;
  }

  has(field: u32): bool {
    return this.find(field, 0) != NOTED;
  }

  at(line: u32): u32 {
    return this.notedAt[<i32>line];
  }

  lengthOf(line: u32): u32 {
    return this.notedLength[<i32>line];
  }
}
