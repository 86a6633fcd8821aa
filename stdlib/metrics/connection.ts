/** One connection: one request, one answer. */
import { Bytes } from "../core/bytes";
import { Writer } from "../core/writer";
import { Acceptor, Session, Stream } from "../net/tcp";
import { Timed, TimedQueue } from "../net/timed";
import { isAllowed } from "./access";
import { answer, head } from "./answer";
import { now } from "./needs/clock";
import { endOf } from "./request";

/** A request is longer only if somebody means harm. */
const LONGEST: u32 = 2048;
/** From the first byte to the last. */
const PATIENCE: u64 = 10_000_000_000;

const waiting = new TimedQueue();
let spare: Connection | null = null;
let all: StaticArray<Connection> = [];

@final
class Connection extends Timed {
  next: Connection | null = null;
  private stream: Stream | null = null;
  private request: Bytes = new Bytes(new StaticArray<u8>(<i32>LONGEST), 0, LONGEST);
  private length: u32 = 0;
  private isAnswered: bool = false;
  /** Of the answer what is still to be handed over. */
  private isBodyLeft: bool = false;
  private body: Writer;

  constructor(most: u32) {
    super();
    this.body = new Writer(new Bytes(new StaticArray<u8>(<i32>most), 0, most));
  }

  /** Nobody has it. */
  reset(): void {
    this.queue = null;
    this.stream = null;
    this.next = spare;
    spare = this;
  }

  open(stream: Stream): void {
    this.stream = stream;
    this.length = 0;
    this.isAnswered = false;
    this.isBodyLeft = false;
    waiting.add(this, now() + PATIENCE);
  }

  receive(bytes: Bytes): u32 {
    if (this.isAnswered) return bytes.length;
    const more = min(bytes.length, LONGEST - this.length);
    this.request.copy(this.length, bytes, 0, more);
    const end = endOf(this.request, this.length, this.length + more);
    this.length += more;
    if (end > 0 || this.length == LONGEST) this.answer(end);
    return bytes.length;
  }

  private answer(end: u32): void {
    const stream = this.stream!;
    this.isAnswered = true;
    this.isBodyLeft = answer(this.request, end, isAllowed(stream), this.body);
    // Nothing else was sent on this connection: if there is no room now, memory has run out.
    if (!stream.write(head.bytes, 0, head.length)) this.abort();
    else this.push(stream);
  }

  private push(stream: Stream): void {
    if (this.isBodyLeft && !stream.send(this.body.bytes, 0, this.body.length, null)) return;
    this.isBodyLeft = false;
    stream.close();
  }

  finished(): void {
    if (!this.isAnswered) this.stream!.close();
  }

  writable(): void {
    if (this.isAnswered) this.push(this.stream!);
  }

  ended(_reason: i32): void {
    this.stopWaiting();
    this.reset();
  }

  expire(): void {
    this.abort();
  }

  abort(): void {
    const stream = this.stream!;
    this.stopWaiting();
    this.reset();
    stream.abort();
  }
}

@final
export class MetricsAcceptor extends Acceptor {
  accept(stream: Stream): Session | null {
    // Who has had its time longest makes room: a scrape takes milliseconds.
    const oldest = waiting.head();
    if (spare == null && oldest != null) (oldest as Connection).abort();
    const connection = spare;
    if (connection == null) return null;
    spare = connection.next;
    connection.open(stream);
    return connection;
  }
}

/** In `prepare`: so many at once, with room for answers of so many bytes. */
export function make(count: i32, most: u32): void {
  const made: Connection[] = [];
  for (let n = 0; n < count; n++) made.push(new Connection(most));
  all = StaticArray.fromArray(made);
  reset();
}

/** Nobody is connected. */
export function reset(): void {
  waiting.reset();
  spare = null;
  for (let n = 0; n < all.length; n++) all[n].reset();
}

export function poll(at: u64): void {
  waiting.expire(at);
}

export function deadline(): u64 {
  return waiting.deadline();
}
