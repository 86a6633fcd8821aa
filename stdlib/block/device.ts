/**
 * What stores sectors (interface block.Device): disks of virtual machines, flash memory, cards. An implementation exports `count(): i32`, how many there may
 * be at most, and `device(index: i32): Device`, both for `prepare`. Who uses one calls `reserve` there, and looks at `ready` in each turn, because devices may come and go.
 *
 * Several requests may be with the device at once. In which order it does them is its own: who wants one after the other waits for the end of the first. A
 * warm restart forgets all that were under way.
 */
import { Operation, Outcome, Request, RequestList } from "./request";

/** Sectors are of a power of two of bytes between these. */
export const LEAST_SECTOR: u32 = 512;
export const MOST_SECTOR: u32 = 4096;
/** What may be reserved of any device: requests, and bytes of each. */
export const MOST_REQUESTS: u32 = 64;
export const MOST_BYTES: u32 = 32_768;

export abstract class Device {
  /** It takes requests, and what follows here is known. */
  ready: bool = false;
  /** Counts how often a device was found: after a change another medium may be there. 0: none yet. */
  life: u32 = 0;
  /** Bytes that are read or written together. */
  sectorSize: u32 = LEAST_SECTOR;
  /** Bytes that the medium writes at once: what is written in other pieces may be slower. A multiple of `sectorSize`. */
  physicalSize: u32 = LEAST_SECTOR;
  /** How many sectors there are. It may grow. */
  sectors: u64 = 0;
  readOnly: bool = false;
  /** `flush` is kept: what it says to be on the medium is. Without it nobody knows, and `flush` is refused. */
  flushes: bool = false;
  /** It has `discard`. */
  discards: bool = false;

  protected free: RequestList = new RequestList();
  protected finished: RequestList = new RequestList();

  /** In `prepare`, once: room for so many requests, each of so many bytes, a multiple of 4096; there are `MOST_…` of both. A device may have fewer at work at once; the others wait. */
  abstract reserve(requests: u32, bytes: u32): void;
  /** Has the device ended any? They come into `finished`. */
  protected abstract collect(): void;
  /** The device has to do this, which makes sense. */
  protected abstract take(request: Request): void;
  /** Makes what was handed over known to the device, at the end of a turn. */
  abstract publish(): void;

  /** A request to fill; null when all are in use. */
  allocate(): Request | null {
    return this.free.take();
  }

  /** Takes the request over. It may wait for `publish`. */
  submit(request: Request): void {
    if (this.ready && this.makesSense(request)) this.take(request);
    else this.finish(request, this.ready ? Outcome.refused : Outcome.gone);
  }

  /** The next request that has ended; the caller owns it until `release`, or hands it over again. */
  completed(): Request | null {
    if (this.finished.isEmpty) this.collect();
    return this.finished.take();
  }

  /** Gives a request back, one that has ended or was never handed over. */
  release(request: Request): void {
    this.free.give(request);
  }

  /** At the start: all of these are free. */
  protected renew(requests: StaticArray<Request>): void {
    this.ready = false;
    this.free.clear();
    this.finished.clear();
    for (let n = 0; n < requests.length; n++) this.free.give(requests[n]);
  }

  protected finish(request: Request, outcome: u32): void {
    request.outcome = outcome;
    this.finished.give(request);
  }

  private makesSense(request: Request): bool {
    const operation = request.operation;
    if (operation == Operation.flush) return this.flushes;
    const count = request.count;
    if (count == 0 || <u64>count > this.sectors || request.sector > this.sectors - <u64>count) return false;
    if (operation == Operation.discard) return this.discards && !this.readOnly;
    if (<u64>count * <u64>this.sectorSize > <u64>request.bytes.length) return false;
    return operation == Operation.read || (operation == Operation.write && !this.readOnly);
  }
}
