/** Over TCP: RFC 6587 3.4.1, each message with the number of its bytes in front. What the other side's TCP has not acknowledged goes over the next connection again. */
import { Bytes } from "../core/bytes";
import { Writer } from "../core/writer";
import { Session, Stream } from "../net/tcp";
import { message } from "./message";
import { now as clock } from "./needs/clock";
import { random } from "./needs/random";
import * as tcp from "./needs/tcp";
import { again, hand, isWaiting, settle, write } from "./queue";
import { serverHigh, serverLow, serverPort } from "./settings";

const SECOND: u64 = 1_000_000_000;
/** Until it tries again, at first and at most: each time twice as long, a quarter more or less. */
const SOON: u64 = SECOND;
const SELDOM: u64 = 60 * SECOND;
/** A connection that is not there so soon will not be. */
const PATIENCE: u64 = 10 * SECOND;
/** A server that says nothing for so long is asked whether it is there. */
const SILENCE: u64 = 60 * SECOND;
const ROOM: u32 = 1200;

const frame = new Writer(new Bytes(new StaticArray<u8>(<i32>ROOM), 0, ROOM));
let stream: Stream | null = null;
let isOpen: bool = false;
let openedAt: u64 = 0;
let tryAt: u64 = 0;
let pause: u64 = SOON;
let session: Sender | null = null;
/** Connections that were there, and that came to nothing or to an end. */
export const opened: StaticArray<u64> = [0];
export const lost: StaticArray<u64> = [0];

@final
class Sender extends Session {
  /** What a server says means nothing here. */
  receive(bytes: Bytes): u32 {
    return bytes.length;
  }

  finished(): void {
    stream!.close();
  }

  writable(): void {
    const to = stream!;
    if (!isOpen) {
      isOpen = true;
      opened[0] += 1;
      to.watch(SILENCE);
    } else if (to.queued() == 0) {
      settle();
      pause = SOON;
    }
    push(to);
  }

  ended(_reason: i32): void {
    over();
  }
}

/** In `prepare`. */
export function make(): void {
  session = new Sender();
  tcp.reserve(2, 4096, 16384);
  tcp.attach();
}

export function start(): void {
  stream = null;
  isOpen = false;
  tryAt = 0;
  pause = SOON;
}

function over(): void {
  stream = null;
  isOpen = false;
  lost[0] += 1;
  again();
  later(clock());
}

function later(now: u64): void {
  tryAt = now + pause - pause / 4 + (random() % (pause / 2));
  pause = min(2 * pause, SELDOM);
}

export function poll(now: u64): void {
  const to = stream;
  if (to == null) {
    if (now >= tryAt) begin(now);
  } else if (isOpen) push(to);
  else if (now - openedAt >= PATIENCE) {
    to.abort();
    over();
  }
}

function begin(now: u64): void {
  openedAt = now;
  stream = tcp.connect(serverHigh(), serverLow(), serverPort(), session!);
  // No way there, or not yet: nobody has done anything wrong.
  if (stream == null) tryAt = now + SOON;
}

function push(to: Stream): void {
  while (to.hasRoom() && isWaiting()) {
    write(clock());
    frame.begin();
    frame.number(message.length);
    frame.text(" ");
    frame.put(message.bytes, 0, message.length);
    if (!to.write(frame.bytes, 0, frame.length)) return;
    hand();
  }
}

export function deadline(): u64 {
  const to = stream;
  if (to == null) return tryAt;
  if (!isOpen) return openedAt + PATIENCE;
  return to.hasRoom() && isWaiting() ? 0 : u64.MAX_VALUE;
}

export function isConnected(): bool {
  return isOpen;
}
