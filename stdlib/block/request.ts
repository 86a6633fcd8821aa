/**
 * What is asked of a block device. Each request has one owner at a time: a list of free ones, the code that fills it or looks at what came of it, or the
 * device. All are made in `prepare`.
 */
import { Bytes } from "../core/bytes";

export namespace Operation {
  /** `count` sectors from `sector` on, into the beginning of `bytes`. */
  export const read: u32 = 0;
  /** The same, out of it. */
  export const write: u32 = 1;
  /** What was written, and is known to be, survives a loss of power from the end of this request on. */
  export const flush: u32 = 2;
  /** Nobody wants the content of these sectors any more: what is read there from now on is anything, until they are written. */
  export const discard: u32 = 3;
}

export namespace Outcome {
  export const done: u32 = 0;
  /** The device could not. Sectors that were to be written hold what they held, or what was to be written, or part of both. */
  export const failed: u32 = 1;
  /** It was not tried: sectors that there are not, more than `bytes` holds, a write to what is read only, an operation that the device does not have. */
  export const refused: u32 = 2;
  /** The device is gone, and this was not done, or only in part. */
  export const gone: u32 = 3;
}

@final
export class Request {
  /** What is read or written, from its beginning on; as long as the device was asked for. */
  bytes: Bytes;
  operation: u32 = Operation.read;
  sector: u64 = 0;
  /** Sectors; nothing for `flush`. */
  count: u32 = 0;
  /** Its user's own: the device does not look at it. */
  token: u32 = 0;
  outcome: u32 = Outcome.done;
  /** For the device: which one it is. */
  index: u32 = 0;
  /** In a list: the next one. */
  next: Request | null = null;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }
}

/** Requests, first in, first out. */
@final
export class RequestList {
  private first: Request | null = null;
  private last: Request | null = null;

  @inline
  get isEmpty(): bool {
    return this.first == null;
  }

  /** Nothing is in it any more. */
  clear(): void {
    this.first = null;
    this.last = null;
  }

  take(): Request | null {
    const request = this.first;
    if (request == null) return null;
    this.first = request.next;
    if (request.next == null) this.last = null;
    request.next = null;
    return request;
  }

  give(request: Request): void {
    request.next = null;
    const last = this.last;
    if (last == null) this.first = request;
    else last.next = request;
    this.last = request;
  }
}
