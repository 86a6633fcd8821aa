/** What comes in on one connection, made into requests. */
import { Bytes } from "../../core/bytes";
import { Pool } from "../../core/pool";
import { Place } from "../../net/places";
import { Status } from "../status";
import { Body } from "./body";
import { heads } from "./heads";
import { parse } from "./parse";
import { Request } from "./request";
import { MORE, Scan, WHOLE } from "./scan";

/** What has happened when `Intake.take` comes back. */
export namespace Event {
  /** Nothing: all bytes are taken. */
  export const none: u32 = 0;
  /** A head is whole: it is in `request` until the next call. Its body, if it has one, is dropped by further calls. */
  export const head: u32 = 1;
  /** The body has ended. */
  export const end: u32 = 2;
  /** A refusal: `status` says which. Nothing more can be taken. */
  export const refused: u32 = 3;
}

/** What was read last, of whichever connection. */
export const request = new Request();

const noScan = new Scan();
const noBody = new Body();

@final
export class Intake {
  event: u32 = Event.none;
  status: u32 = 0;
  scan: Scan = noScan;
  body: Body = noBody;
  private head: Place | null = null;
  private turn: u64 = 0;
  private filled: u32 = 0;

  reset(): void {
    this.giveHead();
    this.event = Event.none;
    this.status = 0;
    this.scan.reset();
    this.body.reset();
  }

  /** Has a head begun and not ended? */
  get isInHead(): bool {
    return this.scan.isBegun;
  }

  get isInBody(): bool {
    return !this.body.isDone;
  }

  /** Takes bytes from `from` on, up to the next event: gives where it stopped. Heads have `most` bytes at most, bodies in chunks `bodyMost`. */
  take(bytes: Bytes, from: u32, most: u32, bodyMost: u64): u32 {
    this.event = Event.none;
    if (from >= bytes.length) return from;
    if (!this.body.isDone) return this.takeBody(bytes, from);
    return this.takeHead(bytes, from, most, bodyMost);
  }

  private takeBody(bytes: Bytes, from: u32): u32 {
    const at = this.body.drop(bytes, from, bytes.length);
    if (this.body.fault != 0) this.refuse(this.body.fault);
    else if (this.body.isDone) this.event = Event.end;
    return at;
  }

  private takeHead(bytes: Bytes, from: u32, most: u32, bodyMost: u64): u32 {
    const head = this.head;
    if (head != null) return this.takeMore(head, bytes, from, most, bodyMost);
    // Perhaps it is there in one piece.
    place.window(bytes, from, bytes.length - from);
    const found = this.scan.over(place, place.length, most);
    if (found == WHOLE) {
      const end = this.scan.seen;
      this.read(place, bodyMost);
      return from + end;
    }
    if (found != MORE) {
      this.refuse(found);
      return bytes.length;
    }
    this.keep(bytes, from);
    return bytes.length;
  }

  private keep(bytes: Bytes, from: u32): void {
    const head = heads.take();
    this.head = head;
    this.turn = head.turn;
    this.filled = bytes.length - from;
    head.bytes.copy(0, bytes, from, this.filled);
  }

  private takeMore(head: Place, bytes: Bytes, from: u32, most: u32, bodyMost: u64): u32 {
    if (!heads.isOf(head, this.turn)) {
      this.refuse(Status.unavailable);
      return bytes.length;
    }
    const before = this.filled;
    const part = min(bytes.length - from, head.bytes.length - before);
    head.bytes.copy(before, bytes, from, part);
    this.filled = before + part;
    const found = this.scan.over(head.bytes, this.filled, most);
    if (found == MORE) return from + part;
    if (found != WHOLE) {
      this.refuse(found);
      return bytes.length;
    }
    const end = this.scan.seen;
    this.read(head.bytes, bodyMost);
    this.giveHead();
    return from + end - before;
  }

  private read(bytes: Bytes, bodyMost: u64): void {
    const fault = parse(request, bytes, this.scan.start, this.scan.seen);
    this.scan.reset();
    if (fault != 0) {
      this.refuse(fault);
      return;
    }
    this.event = Event.head;
    if (request.isChunked) this.body.expectChunks(bodyMost);
    else this.body.expect(request.length);
  }

  private refuse(status: u32): void {
    this.event = Event.refused;
    this.status = status;
    this.giveHead();
  }

  /** The bytes stay as they are until somebody else takes the place, which nobody does before the request is answered. */
  private giveHead(): void {
    const head = this.head;
    if (head != null) heads.give(head, this.turn);
    this.head = null;
    this.filled = 0;
  }
}

let newIntakes = new Pool<Intake>(new Intake(), 0);
let newScans = new Pool<Scan>(noScan, 0);
let newBodies = new Pool<Body>(noBody, 0);

/** In `prepare`: there may be so many. */
export function make(count: u32): void {
  newIntakes = new Pool<Intake>(newIntakes.model, count);
  newScans = new Pool<Scan>(noScan, count);
  newBodies = new Pool<Body>(noBody, count);
}

/** Nobody has one any more. */
export function reset(): void {
  newIntakes.reset();
  newScans.reset();
  newBodies.reset();
}

/** One that nobody has had. */
export function newIntake(): Intake {
  const intake = newIntakes.next()!;
  intake.scan = newScans.next()!;
  intake.body = newBodies.next()!;
  return intake;
}

const place = new Bytes(new StaticArray<u8>(0), 0, 0);
