/**
 * One block device of Xen's (include/public/io/blkif.h). The other side, blkback, is another guest: what it answers is read once, an answer is one only for a request
 * that is away, and what is read is copied out of the pages that the other side may go on writing to. Those pages are granted once and stay so, which is
 * what persistent grants are. When the other side goes and comes back, requests that it had are given to it once more.
 */
import { Device, LEAST_SECTOR, MOST_SECTOR } from "../../../../stdlib/block/device";
import { Operation, Outcome, Request, RequestList } from "../../../../stdlib/block/request";
import { Bytes } from "../../../../stdlib/core/bytes";
import { aligned, PAGE } from "../../../common/drivers/pages";
import { newRequests } from "../../../common/drivers/requests";
import { NONE as NO_PORT, send } from "../calls";
import * as grants from "../grants";
import { physical } from "../hw";
import { NONE as NO_DEVICE, State } from "../xenbus";
import * as events from "./needs/events";
import { Ring } from "./ring";
import { Vbd } from "./vbd";

/** What the other side is asked. */
namespace Type {
  export const read: u64 = 0;
  export const write: u64 = 1;
  export const barrier: u64 = 2;
  export const flush: u64 = 3;
  export const discard: u64 = 5;
}
/** How it went: signed, of 16 bits. */
const DONE: u32 = 0;
const UNSUPPORTED: u32 = 0xfffe;

/** Of what kind a device is. */
const READ_ONLY: u64 = 4;
/** Places and numbers of sectors are in units of these, whatever the device's own are. */
const UNIT: u32 = 512;
const MOST_UNITS: u64 = (<u64>1) << 55;
const MOST_PHYSICAL: u64 = 1 << 20;

@final
export class Blkfront extends Device {
  readonly bus: Vbd = new Vbd();
  /** It has a device, whose other side it follows. */
  attached: bool = false;
  /** The other side has our ring, or will have; and it has answered to that. */
  private connected: bool = false;
  private answered: bool = false;
  /** The other side goes, as soon as it has done what it has. */
  private leaving: bool = false;
  private port: u32 = NO_PORT;
  private ring: Ring = new Ring();
  /** What the other side reads and writes: for each request as much as its buffer. */
  private shared: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  private bytes: u32 = 0;
  private requests: StaticArray<Request> = new StaticArray<Request>(0);
  private away: StaticArray<bool> = new StaticArray<bool>(0);
  private held: u32 = 0;
  /** Requests that wait for room in the ring, or for the other side; and a list that is empty. */
  private waiting: RequestList = new RequestList();
  private other: RequestList = new RequestList();
  private pageGrants: StaticArray<u32> = new StaticArray<u32>(0);
  private granted: bool = false;
  /** The domain that may use them. */
  private domain: u32 = NO_DEVICE;
  private flushType: u64 = Type.flush;
  /** Writes that have ended; how many of them had when each request was handed over; how many are on the medium for sure. */
  private writes: u32 = 0;
  private written: StaticArray<u32> = new StaticArray<u32>(0);
  private kept: u32 = 0;
  /** Writes may have been lost with the other side's cache: a flush that should keep them fails. */
  private lost: bool = false;

  override reserve(requests: u32, bytes: u32): void {
    this.requests = newRequests(requests, bytes);
    this.ring.reserve(requests);
    this.bytes = bytes;
    this.shared = aligned(requests * bytes);
    this.pageGrants = new StaticArray<u32>(<i32>(requests * (bytes / PAGE)));
    this.away = new StaticArray<bool>(<i32>requests);
    this.written = new StaticArray<u32>(<i32>requests);
  }

  /** Before it has a device. */
  start(token: u32): void {
    this.bus.token = token;
    this.bus.device = NO_DEVICE;
    this.renew(this.requests);
    this.waiting.clear();
    this.life = 0;
    this.attached = false;
    this.connected = false;
    this.leaving = false;
    this.port = NO_PORT;
    this.granted = false;
    this.domain = NO_DEVICE;
    this.held = 0;
    this.writes = 0;
    this.kept = 0;
    this.lost = false;
    for (let n = 0; n < this.away.length; n++) this.away[n] = false;
  }

  // ---- the other side comes and goes

  /** Takes this device, if there is one. A former life of this guest may have left it connected. */
  attach(device: u32): bool {
    const before = this.bus.device;
    this.bus.device = device;
    this.attached = this.requests.length > 0 && this.bus.find();
    if (!this.attached) this.bus.device = before;
    else if (this.bus.state() == State.connected) this.bus.setState(State.closed);
    return this.attached;
  }

  /** Something in our side's folder has changed, maybe by us: the other side may be elsewhere now, or nowhere. */
  checkPath(): void {
    if (this.attached && !this.connected) this.find();
  }

  private find(): bool {
    this.attached = this.bus.find();
    if (!this.attached) this.giveUp();
    return this.attached;
  }

  /** What the other side's state asks for. True when something has changed. */
  follow(): bool {
    const state = this.bus.state();
    if (state == State.waiting) return this.connected && !this.answered ? false : this.connect();
    if (state == State.connected) return this.connected && this.begin();
    if (state == State.closing) return this.leave();
    if (state == State.closed || state == State.unknown) return this.disconnect(state);
    return false;
  }

  /** A ring, grants and a port for the other side, which waits. */
  private connect(): bool {
    const changed = this.end();
    const bus = this.bus;
    this.ring.open(max(bus.otherNumber("max-ring-page-order"), bus.otherNumber("max-ring-pages") / 2));
    if (!this.grant(bus.domain)) return changed;
    for (let n: u32 = 0; n < this.ring.pages; n++)
      grants.allow(bus.rings[<i32>n], bus.domain, this.ring.places[<i32>n], false);
    this.port = events.open(bus.domain);
    if (this.port == NO_PORT) return changed;
    if (!bus.connect(this.ring.pages, this.port)) {
      events.close(this.port);
      return changed;
    }
    this.connected = true;
    this.answered = false;
    this.leaving = false;
    bus.setState(State.initialised);
    return changed;
  }

  /** The domain may use our pages. False when there are no grants left, or another domain still has them. */
  private grant(domain: u32): bool {
    const rings = this.bus.rings;
    if (!this.granted) {
      for (let n = 0; n < this.pageGrants.length; n++) this.pageGrants[n] = grants.take();
      for (let n = 0; n < rings.length; n++) rings[n] = grants.take();
      this.granted = true;
    } else if (domain != this.domain) {
      for (let n = 0; n < this.pageGrants.length; n++) if (!grants.end(this.pageGrants[n])) return false;
      for (let n = 0; n < rings.length; n++) if (!grants.end(rings[n])) return false;
    }
    if (rings[rings.length - 1] == grants.NONE) return false;
    this.domain = domain;
    for (let n = 0; n < this.pageGrants.length; n++)
      grants.allow(this.pageGrants[n], domain, physical(this.shared.pointer(<u32>n * PAGE, 1)), false);
    return true;
  }

  /** The other side has the ring, and says what the device is like: now it works. It says so once more when it has grown. */
  private begin(): bool {
    const known = this.ready;
    if (this.leaving || !this.describe()) return false;
    if (known) return false;
    this.answered = true;
    if (this.writes != this.kept) this.lost = true;
    this.kept = this.writes;
    this.life += 1;
    this.ready = true;
    this.bus.setState(State.connected);
    this.again();
    return true;
  }

  /** False when it is like no disk that there is. */
  private describe(): bool {
    const bus = this.bus;
    const size = bus.otherNumber("sector-size");
    const units = bus.otherNumber("sectors");
    const isSize = size >= <u64>LEAST_SECTOR && size <= <u64>MOST_SECTOR && (size & (size - 1)) == 0;
    if (!isSize || units > MOST_UNITS) return false;
    this.sectorSize = <u32>size;
    this.sectors = units / (size / <u64>UNIT);
    const physicalSize = bus.otherNumber("physical-sector-size");
    const isPhysical =
      physicalSize > size && physicalSize <= MOST_PHYSICAL && (physicalSize & (physicalSize - 1)) == 0;
    this.physicalSize = <u32>(isPhysical ? physicalSize : size);
    this.readOnly = (bus.otherNumber("info") & READ_ONLY) != 0;
    const hasFlush = bus.otherNumber("feature-flush-cache") != 0;
    this.flushes = hasFlush || bus.otherNumber("feature-barrier") != 0;
    this.flushType = hasFlush ? Type.flush : Type.barrier;
    this.discards = bus.otherNumber("feature-discard") != 0;
    return true;
  }

  /** The other side wants to go: it answers what it has, and gets nothing new. */
  private leave(): bool {
    const changed = this.ready;
    this.ready = false;
    this.leaving = true;
    if (this.held == 0) this.close();
    return changed;
  }

  private close(): void {
    this.end();
    this.leaving = false;
    this.bus.setState(State.closed);
  }

  /** The other side is gone. It may come back: then it waits for us. */
  private disconnect(state: u32): bool {
    const changed = this.end();
    if (this.find() && state == State.closed) this.bus.setState(State.initialising);
    return changed;
  }

  /** No ring any more. What was away waits. True when it worked until now. */
  private end(): bool {
    const changed = this.ready;
    this.ready = false;
    if (!this.connected) return changed;
    this.connected = false;
    events.close(this.port);
    this.port = NO_PORT;
    for (let n = 0; n < this.away.length; n++) {
      if (!this.away[n]) continue;
      this.away[n] = false;
      this.waiting.give(this.requests[n]);
    }
    this.held = 0;
    return changed;
  }

  /** There is no device any more. */
  private giveUp(): void {
    for (let each = this.waiting.take(); each != null; each = this.waiting.take())
      this.finish(each, Outcome.gone);
  }

  /** What waited for the other side is handed over once more: the device may be another one, in which there are no such sectors. */
  private again(): void {
    const list = this.waiting;
    this.waiting = this.other;
    this.other = list;
    for (let each = list.take(); each != null; each = list.take()) this.submit(each);
  }

  // ---- requests

  protected override take(request: Request): void {
    this.written[<i32>request.index] = this.writes;
    this.waiting.give(request);
    this.fill();
  }

  /** What waits goes into the ring, as far as there is room. */
  private fill(): void {
    while (this.ready && this.ring.hasRoom) {
      const request = this.waiting.take();
      if (request == null) return;
      this.ask(request);
      this.away[<i32>request.index] = true;
      this.held += 1;
    }
  }

  private ask(request: Request): void {
    const operation = request.operation;
    const units = this.sectorSize / UNIT;
    const ring = this.ring;
    const isData = operation == Operation.read || operation == Operation.write;
    const length = isData ? request.count * this.sectorSize : 0;
    const segments = (length + PAGE - 1) / PAGE;
    const handle = <u64>(this.bus.device & 0xffff);
    ring.put(0, this.typeOf(operation) | ((<u64>segments) << 8) | (handle << 16));
    ring.put(1, <u64>request.index);
    ring.put(2, operation == Operation.flush ? 0 : request.sector * <u64>units);
    if (operation == Operation.discard) ring.put(3, <u64>request.count * <u64>units);
    const begin = request.index * this.bytes;
    if (operation == Operation.write) this.shared.copy(begin, request.bytes, 0, length);
    for (let n: u32 = 0; n < segments; n++) {
      const last = (min(length - n * PAGE, PAGE) - 1) / UNIT;
      ring.put(3 + n, <u64>this.pageGrants[<i32>(begin / PAGE + n)] | ((<u64>last) << 40));
    }
    ring.advance();
  }

  private typeOf(operation: u32): u64 {
    if (operation == Operation.read) return Type.read;
    if (operation == Operation.write) return Type.write;
    return operation == Operation.flush ? this.flushType : Type.discard;
  }

  protected override collect(): void {
    if (!this.connected) return;
    const ring = this.ring;
    while (ring.hasAnswer()) {
      const id = ring.get(0);
      const how = <u32>ring.get(1) >> 16;
      ring.take();
      if (id >= <u64>this.away.length || !this.away[<i32>id]) continue;
      this.away[<i32>id] = false;
      this.held -= 1;
      const request = this.requests[<i32>id];
      this.finish(request, this.outcomeOf(request, how));
    }
    this.fill();
    if (this.leaving && this.held == 0) this.close();
  }

  private outcomeOf(request: Request, how: u32): u32 {
    const operation = request.operation;
    if (how == UNSUPPORTED) {
      if (operation == Operation.flush) this.flushes = false;
      else if (operation == Operation.discard) this.discards = false;
      return Outcome.refused;
    }
    if (how != DONE) return Outcome.failed;
    if (operation == Operation.read)
      request.bytes.copy(0, this.shared, request.index * this.bytes, request.count * this.sectorSize);
    else if (operation != Operation.flush) this.writes += 1;
    else if (this.lost) {
      this.lost = false;
      return Outcome.failed;
    } else this.keep(this.written[<i32>request.index]);
    return Outcome.done;
  }

  /** So many writes are on the medium. */
  private keep(writes: u32): void {
    if (this.writes - writes < this.writes - this.kept) this.kept = writes;
  }

  override publish(): void {
    if (this.connected && this.ring.publish()) send(this.port);
  }

  /** Before sleep: an answer will wake. False when there is something to do already. */
  rest(): bool {
    return !this.connected || this.ring.rest(1);
  }
}
