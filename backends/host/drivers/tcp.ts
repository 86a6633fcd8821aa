/** net.Tcp over sockets of the host. */
import { Bytes } from "../../../stdlib/core/bytes";
import { Sums } from "../../../stdlib/core/sums";
import { Acceptor, Ended, Session, Stream } from "../../../stdlib/net/tcp";
import * as host from "./host";

/** What `tcpEvent` tells. */
namespace Event {
  export const none: i32 = 0;
  export const accepted: i32 = 1;
  export const data: i32 = 2;
  export const finished: i32 = 3;
  export const writable: i32 = 4;
  export const closed: i32 = 5;
  export const reset: i32 = 6;
  export const timeout: i32 = 7;
}

const MOST_PORTS = 16;
/** Bytes that a session sees at once. */
const LOOK: u32 = 16384;
/** Bytes that may wait to be sent. */
const ROOM: u32 = 65536;
/** Events that one turn takes at most. */
const BUDGET = 256;

const highs = new StaticArray<u64>(MOST_PORTS);
const lows = new StaticArray<u64>(MOST_PORTS);
const ports = new StaticArray<u32>(MOST_PORTS);
const acceptors = new StaticArray<Acceptor | null>(MOST_PORTS);
let listeners = 0;
let streams: StaticArray<HostStream> = [];

const incoming = new Bytes(new StaticArray<u8>(<i32>LOOK), 0, LOOK);
const view = new Bytes(new StaticArray<u8>(0), 0, 0);

@final
class HostStream extends Stream {
  session: Session | null = null;

  constructor(private number: i32) {
    super();
  }

  send(bytes: Bytes, offset: u32, length: u32, _sums: Sums | null): bool {
    return length == 0 || host.tcpSend(this.number, bytes.pointer(offset, length), length);
  }
  write(bytes: Bytes, offset: u32, length: u32): bool {
    return this.send(bytes, offset, length, null);
  }
  hasRoom(): bool {
    return this.queued() <= ROOM;
  }
  queued(): u32 {
    return host.tcpQueued(this.number);
  }
  close(): void {
    host.tcpClose(this.number);
  }
  abort(): void {
    this.session = null;
    host.tcpAbort(this.number);
  }
  watch(silence: u64): void {
    host.tcpWatch(this.number, <u32>min<u64>(silence / 1_000_000, 0x7fffffff));
  }
  resume(): void {
    host.tcpResume(this.number);
  }
}

/** In `prepare`: see std/net/tcp. The memory for what comes and goes is the host's. */
export function reserve(connections: u32, _window: u32, _memory: u32): void {
  const made: HostStream[] = [];
  for (let n: u32 = 0; n < <u32>streams.length + connections; n++) made.push(new HostStream(<i32>n));
  streams = StaticArray.fromArray(made);
}

/** In `prepare`: the host has limits of its own. */
export function limit(_halfOpen: u32, _perSource: u32): void {}

/** In `prepare`: see std/net/tcp. */
export function listen(high: u64, low: u64, port: u32, acceptor: Acceptor): bool {
  for (let n = 0; n < listeners; n++) {
    const same = highs[n] == high && lows[n] == low;
    const isAny = (high | low) == 0 || (highs[n] | lows[n]) == 0;
    if (ports[n] == port && (same || isAny)) return false;
  }
  if (listeners == MOST_PORTS) return false;
  highs[listeners] = high;
  lows[listeners] = low;
  ports[listeners] = port;
  acceptors[listeners] = acceptor;
  listeners += 1;
  return true;
}

export function attach(): void {}

/** See std/net/tcp. */
export function connect(high: u64, low: u64, port: u32, session: Session): Stream | null {
  const number = host.tcpConnect(high, low, port, <u32>streams.length);
  if (number < 0) return null;
  const stream = streams[number];
  stream.session = session;
  stream.family = high == 0 ? 4 : 6;
  stream.high = high;
  stream.low = low;
  stream.port = port;
  return stream;
}

export function start(): void {
  for (let n = 0; n < streams.length; n++) streams[n].session = null;
  for (let n = 0; n < listeners; n++) host.tcpListen(n, highs[n], lows[n], ports[n], <u32>streams.length);
}

export function poll(_now: u64): void {
  for (let taken = 0; taken < BUDGET; taken++) {
    const event = host.tcpEvent();
    if (event == Event.none) return;
    const number = host.tcpNumber();
    const stream = streams[number];
    if (event == Event.accepted) accept(stream, number);
    else if (event == Event.data) offer(stream, number);
    else tell(stream, event);
  }
}

function accept(stream: HostStream, number: i32): void {
  stream.high = host.tcpPeerHigh();
  stream.low = host.tcpPeerLow();
  stream.family = stream.high == 0 ? 4 : 6;
  stream.port = host.tcpPeerPort();
  stream.localPort = host.tcpLocalPort();
  const session = acceptors[host.tcpListener()]!.accept(stream);
  stream.session = session;
  if (session == null) host.tcpAbort(number);
}

function offer(stream: HostStream, number: i32): void {
  while (true) {
    const session = stream.session;
    if (session == null) return;
    const length = host.tcpLook(number, incoming.pointer(0, LOOK), LOOK);
    if (length == 0) return;
    view.window(incoming, 0, length);
    const done = min(session.receive(view), length);
    if (stream.session == null) return;
    host.tcpTake(number, done);
    // The rest waits for `resume`.
    if (done < length) return;
  }
}

function tell(stream: HostStream, event: i32): void {
  const session = stream.session;
  if (session == null) return;
  if (event == Event.finished) session.finished();
  else if (event == Event.writable) session.writable();
  else {
    stream.session = null;
    session.ended(event == Event.closed ? Ended.closed : event == Event.reset ? Ended.reset : Ended.timeout);
  }
}
