/**
 * Virtio block devices (Virtual I/O Device 1.2, 5.2): one queue. Each request that is with the device has its own run of descriptors: its header, the pages of
 * its buffer, and a byte for how it went.
 */
import { Device, LEAST_SECTOR, MOST_SECTOR } from "../../../../stdlib/block/device";
import { Operation, Outcome, Request, RequestList } from "../../../../stdlib/block/request";
import { Bytes } from "../../../../stdlib/core/bytes";
import { load8, physical, restart } from "../hw";
import { aligned, PAGE } from "../pages";
import { newRequests } from "../requests";
import { claim, watch } from "./devices";
import { MOST, NEXT, Queue, WRITE } from "./queue";
import { Transport } from "./transport";

const BLOCK: u32 = 2;

namespace Feature {
  export const segmentSize: u64 = 1 << 1;
  export const segments: u64 = 1 << 2;
  export const readOnly: u64 = 1 << 5;
  export const sectorSize: u64 = 1 << 6;
  export const flush: u64 = 1 << 9;
  export const topology: u64 = 1 << 10;
  export const discard: u64 = 1 << 13;
  export const eventIndex: u64 = 1 << 29;
}
/** Fields of the device's configuration. */
namespace Config {
  export const capacity: u64 = 0;
  export const segmentSize: u64 = 8;
  export const segments: u64 = 12;
  export const sectorSize: u64 = 20;
  export const physicalExponent: u64 = 24;
  export const mostDiscarded: u64 = 36;
}
/** What the device is asked: `type` of struct virtio_blk_req. */
namespace Type {
  export const read: u32 = 0;
  export const write: u32 = 1;
  export const flush: u32 = 4;
  export const discard: u32 = 11;
}
const STATUS_DONE: u32 = 0;
const STATUS_UNSUPPORTED: u32 = 2;
/** No device writes that. */
const STATUS_NONE: u32 = 255;

/** Places and numbers of sectors in requests are in units of these, whatever the device's own are. */
const UNIT: u32 = 512;
/** For each request: its header of 16 bytes, what is discarded (16), its status. It crosses no page. */
const RECORD: u32 = 64;
const DISCARDED: u32 = 16;
const STATUS: u32 = 32;

@final
export class VirtioBlock extends Device {
  private transport: Transport | null = null;
  private queue: Queue = new Queue();
  private records: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  private requests: StaticArray<Request> = new StaticArray<Request>(0);
  /** Runs of descriptors: which request is in each, and which of them are free. */
  private runs: StaticArray<Request | null> = new StaticArray<Request | null>(<i32>MOST);
  private freeRuns: StaticArray<u8> = new StaticArray<u8>(<i32>MOST);
  /** Those that found no room in the queue. */
  private waiting: RequestList = new RequestList();
  /** Pages of a buffer; descriptors of a run; how many runs are free. */
  private pages: u32 = 0;
  private stride: u32 = 0;
  private room: u32 = 0;
  /** It has a cache, which `flush` empties. */
  private cached: bool = false;
  private mostDiscarded: u32 = 0;

  override reserve(requests: u32, bytes: u32): void {
    this.pages = bytes / PAGE;
    this.stride = this.pages + 2;
    this.records = aligned(requests * RECORD);
    this.requests = newRequests(requests, bytes);
  }

  start(): void {
    this.renew(this.requests);
    this.waiting.clear();
    const transport = claim(BLOCK);
    if (transport == null || this.requests.length == 0) return;
    const wanted =
      Feature.segmentSize |
      Feature.segments |
      Feature.readOnly |
      Feature.sectorSize |
      Feature.flush |
      Feature.topology |
      Feature.discard |
      Feature.eventIndex;
    const agreed = transport.begin(wanted);
    if (agreed == 0) return;
    this.transport = transport;
    if (!this.queue.open(transport, 0, MOST, (agreed & Feature.eventIndex) != 0, true)) return;
    this.beginRuns();
    if (this.room == 0 || !this.readConfig(transport, agreed)) {
      transport.fail();
      return;
    }
    transport.go();
    watch(this.queue);
    this.life = 1;
    this.ready = true;
  }

  private beginRuns(): void {
    this.room = min(this.queue.size / this.stride, <u32>this.requests.length);
    for (let n: u32 = 0; n < this.room; n++) {
      this.runs[<i32>n] = null;
      this.freeRuns[<i32>n] = <u8>n;
    }
    for (let n = this.room; n < MOST; n++) this.runs[<i32>n] = null;
  }

  /** False when it wants requests that are smaller than ours, or has sectors of a size that there is not. */
  private readConfig(transport: Transport, agreed: u64): bool {
    if ((agreed & Feature.segmentSize) != 0 && transport.config32(Config.segmentSize) < PAGE) return false;
    if ((agreed & Feature.segments) != 0 && transport.config32(Config.segments) < this.pages) return false;
    const size = (agreed & Feature.sectorSize) == 0 ? LEAST_SECTOR : transport.config32(Config.sectorSize);
    if (size < LEAST_SECTOR || size > MOST_SECTOR || (size & (size - 1)) != 0) return false;
    this.sectorSize = size;
    this.physicalSize = size;
    if ((agreed & Feature.topology) != 0)
      this.physicalSize = size << min(transport.config8(Config.physicalExponent), 16);
    this.readOnly = (agreed & Feature.readOnly) != 0;
    // A device that does not say that it has a cache has none (5.2.6.2): there is nothing to wait for.
    this.flushes = true;
    this.cached = (agreed & Feature.flush) != 0;
    this.discards = (agreed & Feature.discard) != 0;
    if (this.discards) this.mostDiscarded = transport.config32(Config.mostDiscarded);
    this.readCapacity(transport);
    return true;
  }

  private readCapacity(transport: Transport): void {
    let generation = transport.generation();
    for (let tries = 0; tries < 100; tries++) {
      this.sectors = transport.config64(Config.capacity) / (this.sectorSize / UNIT);
      const now = transport.generation();
      if (now == generation) return;
      generation = now;
    }
  }

  protected override take(request: Request): void {
    if (request.operation == Operation.flush && !this.cached) this.finish(request, Outcome.done);
    else if (
      request.operation == Operation.discard &&
      <u64>request.count * (this.sectorSize / UNIT) > <u64>this.mostDiscarded
    )
      this.finish(request, Outcome.refused);
    else {
      this.waiting.give(request);
      this.fill();
    }
  }

  /** What waits goes into the queue, as far as there is room. */
  private fill(): void {
    while (this.room > 0) {
      const request = this.waiting.take();
      if (request == null) return;
      this.room -= 1;
      const run = <u32>this.freeRuns[<i32>this.room];
      this.runs[<i32>run] = request;
      this.describe(request, run);
    }
  }

  private describe(request: Request, run: u32): void {
    const records = this.records;
    const record = run * RECORD;
    const operation = request.operation;
    const units = this.sectorSize / UNIT;
    const isFlush = operation == Operation.flush;
    records.setLe32(record, typeOf(operation));
    records.setLe32(record + 4, 0);
    records.setLe64(record + 8, isFlush || operation == Operation.discard ? 0 : request.sector * units);
    records.setU8(record + STATUS, STATUS_NONE);
    const first = run * this.stride;
    let last = first;
    this.link(last++, records.pointer(record, DISCARDED), DISCARDED, 0);
    if (operation == Operation.discard) {
      records.setLe64(record + DISCARDED, request.sector * units);
      records.setLe32(record + DISCARDED + 8, request.count * units);
      records.setLe32(record + DISCARDED + 12, 0);
      this.link(last++, records.pointer(record + DISCARDED, 16), 16, 0);
    } else if (!isFlush) {
      const length = request.count * this.sectorSize;
      const flags = operation == Operation.read ? WRITE : 0;
      for (let at: u32 = 0; at < length; at += PAGE)
        this.link(last++, request.bytes.pointer(at, 1), min(length - at, PAGE), flags);
    }
    this.queue.describe(last, physical(records.pointer(record + STATUS, 1)), 1, WRITE);
    this.queue.give(first);
  }

  /** Descriptor `n`, with the next one behind it. */
  @inline
  private link(n: u32, place: usize, length: u32, flags: u32): void {
    this.queue.describe(n, physical(place), length, flags | NEXT | ((n + 1) << 16));
  }

  protected override collect(): void {
    const transport = this.transport;
    if (transport == null) return;
    const queue = this.queue;
    while (queue.hasUsed()) {
      const slot = queue.usedSlot();
      queue.take();
      // No device says so; it must not make requests of what is none.
      const run = slot / this.stride;
      const request = this.runs[<i32>run];
      if (request == null || slot != run * this.stride) continue;
      this.runs[<i32>run] = null;
      this.freeRuns[<i32>this.room] = <u8>run;
      this.room += 1;
      const status = load8(physical(this.records.pointer(run * RECORD + STATUS, 1)));
      this.finish(request, outcomeOf(status));
    }
    this.fill();
    if (transport.changed) this.look(transport);
  }

  /** It has another size now, or has failed: then everything starts again, which resets it. */
  private look(transport: Transport): void {
    transport.changed = false;
    if (transport.hasFailed()) restart();
    this.readCapacity(transport);
  }

  override publish(): void {
    this.queue.publish();
  }
}

function typeOf(operation: u32): u32 {
  if (operation == Operation.read) return Type.read;
  if (operation == Operation.write) return Type.write;
  return operation == Operation.flush ? Type.flush : Type.discard;
}

function outcomeOf(status: u32): u32 {
  if (status == STATUS_DONE) return Outcome.done;
  return status == STATUS_UNSUPPORTED ? Outcome.refused : Outcome.failed;
}
