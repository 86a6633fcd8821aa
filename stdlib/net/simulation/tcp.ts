/** Connections by script: a test says what arrives and how much room there is, and takes what was sent. Implements net.Tcp. */
import { Bytes } from "../../core/bytes";
import { Sums } from "../../core/sums";
import { Acceptor, Ended, Session, Stream } from "../tcp";

const MOST: u32 = 1 << 20;
const input = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
const piece = new Bytes(new StaticArray<u8>(0), 0, 0);
const output = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);

/** What was sent is in `output` until the test takes it. */
@final
class Script extends Stream {
  session: Session | null = null;
  /** So often more may be sent. */
  room: u32 = u32.MAX_VALUE;
  sent: u32 = 0;
  waiting: u32 = 0;
  isClosed: bool = false;
  isAborted: bool = false;
  /** Received and not taken: from here to there of `input`. */
  from: u32 = 0;
  end: u32 = 0;

  send(bytes: Bytes, offset: u32, length: u32, _sums: Sums | null): bool {
    if (this.isClosed || this.room == 0) return false;
    if (this.room != u32.MAX_VALUE) this.room -= 1;
    output.copy(this.sent, bytes, offset, length);
    this.sent += length;
    return true;
  }
  write(bytes: Bytes, offset: u32, length: u32): bool {
    return this.send(bytes, offset, length, null);
  }
  hasRoom(): bool {
    return this.room > 0;
  }
  queued(): u32 {
    return this.waiting;
  }
  close(): void {
    this.isClosed = true;
  }
  abort(): void {
    this.isAborted = true;
  }
  watch(_silence: u64): void {}
  resume(): void {
    const session = this.session;
    if (session == null) return;
    while (this.from < this.end && !this.isAborted) {
      piece.window(input, this.from, this.end - this.from);
      const taken = session.receive(piece);
      this.from += taken;
      if (taken == 0) break;
    }
  }
}

/** A connection of our own; null: nobody is there. */
export function connect(high: u64, low: u64, _port: u32, session: Session): Stream | null {
  if (!isThere) return null;
  script = own;
  script.isClosed = false;
  script.isAborted = false;
  script.room = u32.MAX_VALUE;
  script.sent = 0;
  script.from = 0;
  script.end = 0;
  script.high = high;
  script.low = low;
  script.session = session;
  return script;
}
/** One for all of them: tests that begin many leave no garbage. */
const own = new Script();
let isThere = true;
export function setThere(there: bool): void {
  isThere = there;
}

let script = new Script();
let first: Acceptor | null = null;

export function reserve(_connections: u32, _window: u32, _memory: u32): void {}
export function attach(): void {}
export function listen(_high: u64, _low: u64, _port: u32, acceptor: Acceptor): bool {
  first = acceptor;
  return true;
}

export function inputAt(): usize {
  return input.pointer(0, 1);
}
export function outputAt(): usize {
  return output.pointer(0, 1);
}

/** Another connection, to who has listened last; false when it is not taken. */
export function open(low: u64): bool {
  return openTo(first!, low);
}
export function openTo(acceptor: Acceptor, low: u64): bool {
  script = new Script();
  script.low = low;
  const session = acceptor.accept(script);
  script.session = session;
  return session != null;
}
/** Bytes of the input arrive. */
export function arrive(from: u32, length: u32): void {
  if (script.from == script.end) script.from = from;
  script.end = from + length;
  script.resume();
}
/** `waiting`: bytes that are said to be on their way. */
export function setRoom(pieces: u32, waiting: u32): void {
  script.room = pieces;
  script.waiting = waiting;
  if (pieces > 0 && !script.isAborted && script.session != null) script.session!.writable();
}
/** The same, and nobody is told. */
export function setRoomSilently(pieces: u32): void {
  script.room = pieces;
}
export function taken(): u32 {
  const size = script.sent;
  script.sent = 0;
  return size;
}
/** Bytes that have arrived and were left. */
export function left(): u32 {
  return script.end - script.from;
}
export function isClosed(): bool {
  return script.isClosed;
}
export function isAborted(): bool {
  return script.isAborted;
}
export function finish(): void {
  script.session!.finished();
}
export function endIt(): void {
  if (!script.isAborted) script.session!.ended(Ended.closed);
}
