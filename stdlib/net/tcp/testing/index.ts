/** The stack with services over TCP that tests ask, as a program for the simulator: each does something else with the bytes. */
import { Bytes } from "../../../core/bytes";
import { sumsOf } from "../../../core/sums";
import { Acceptor, Session, Stream } from "../../tcp";
import { counted } from "../counters";
import { cubeRoot } from "../cubic";
import * as tcp from "../index";
import * as pieces from "../pieces";
import * as pools from "../pools";
import { hashed, useKey } from "../secret";
import * as arp from "./needs/arp";
import * as ethernet from "./needs/ethernet";
import * as ipv4 from "./needs/ipv4";
import * as link from "./needs/link";
import * as stack from "./needs/stack";

export { cubeRoot, hashed, useKey };

namespace Service {
  /** Sends back what it gets, as a copy; what finds no room waits. */
  export const echo = 0;
  /** Takes everything, and counts. */
  export const discard = 1;
  /** Sends so many bytes where they lie, and closes. */
  export const generate = 2;
  /** Takes nothing until it is told to. */
  export const hold = 3;
}

/** What generate sends: again and again the same. */
const PATTERN: u32 = 65536;
const pattern = new Bytes(patterned(), 0, PATTERN);
const sums = sumsOf(pattern, pattern);

function patterned(): StaticArray<u8> {
  const bytes = new StaticArray<u8>(<i32>PATTERN);
  for (let n: u32 = 0; n < PATTERN; n++) bytes[n] = <u8>((n * 7 + (n >> 8) * 13) & 0xff);
  return bytes;
}

let received: u64 = 0;
let checksum: u32 = 0;
let ends: u32 = 0;
let lastEnd: i32 = -1;
let finishes: u32 = 0;
let accepts: u32 = 0;
let last: Connected | null = null;

@final
class Connected extends Session {
  stream: Stream | null = null;
  service: i32 = 0;
  left: u64 = 0;
  isFinished: bool = false;
  next: Connected | null = null;

  begin(stream: Stream, service: i32, amount: u64): void {
    this.stream = stream;
    this.service = service;
    this.left = amount;
    this.isFinished = false;
  }

  receive(bytes: Bytes): u32 {
    if (this.service == Service.hold) return 0;
    let taken = bytes.length;
    if (this.service == Service.echo && !this.stream!.write(bytes, 0, taken)) {
      taken = min(taken, 1024);
      if (!this.stream!.write(bytes, 0, taken)) return 0;
    }
    for (let n: u32 = 0; n < taken; n++) checksum = rotl<u32>(checksum, 1) ^ bytes.u8(n);
    received += <u64>taken;
    return taken;
  }

  finished(): void {
    finishes += 1;
    this.isFinished = true;
    if (this.service != Service.generate || this.left == 0) this.stream!.close();
  }

  writable(): void {
    if (this.service == Service.echo) this.stream!.resume();
    else this.fill();
  }

  fill(): void {
    if (this.service != Service.generate) return;
    while (this.left > 0 && this.stream!.hasRoom()) {
      const part = <u32>min<u64>(this.left, <u64>PATTERN);
      if (!this.stream!.send(pattern, 0, part, sums)) return;
      this.left -= <u64>part;
    }
    if (this.left == 0) this.stream!.close();
  }

  ended(reason: i32): void {
    ends += 1;
    lastEnd = reason;
    this.stream = null;
    this.next = spare;
    spare = this;
  }
}

let spare: Connected | null = null;
const sessions: Connected[] = [];

@final
class Service_ extends Acceptor {
  constructor(
    private service: i32,
    private amount: u64,
  ) {
    super();
  }

  accept(stream: Stream): Session | null {
    const session = spare;
    if (session == null) return null;
    spare = session.next;
    session.begin(stream, this.service, this.amount);
    accepts += 1;
    last = session;
    session.fill();
    return session;
  }
}

/** Everything that TCP will have, and so many sessions. */
export function configureTcp(
  connections: u32,
  halfOpen: u32,
  perSource: u32,
  window: u32,
  memory: u32,
): void {
  tcp.reserve(connections, window, memory);
  tcp.limit(halfOpen, perSource);
  for (let n: u32 = 0; n < connections; n++) {
    const session = new Connected();
    sessions.push(session);
    session.next = spare;
    spare = session;
  }
}

export function serve(port: u32, service: i32, amount: u64): bool {
  return tcp.listen(0, 0, port, new Service_(service, amount));
}

/** From now on the connection that was accepted last does something else, and takes what has waited. */
export function become(service: i32): void {
  last!.service = service;
  last!.stream!.resume();
}

export function abortLast(): void {
  const session = last!;
  session.stream!.abort();
  session.stream = null;
  session.next = spare;
  spare = session;
}

/** Every connection that an application has. */
export function abortAll(): void {
  for (let n = 0; n < sessions.length; n++) {
    const session = sessions[n];
    const stream = session.stream;
    if (stream == null) continue;
    stream.abort();
    session.stream = null;
    session.next = spare;
    spare = session;
  }
}

export function closeLast(): void {
  last!.stream!.close();
}

/** Nanoseconds. */
export function watchLast(silence: u64): void {
  last!.stream!.watch(silence);
}

/** Sends so many bytes of the pattern on the connection that was accepted last. */
export function sendLast(length: u32): bool {
  return last!.stream!.send(pattern, 0, length, sums);
}

export function tcpReceived(): u64 {
  return received;
}
export function tcpChecksum(): u32 {
  return checksum;
}
export function tcpEnds(): u32 {
  return ends;
}
export function tcpLastEnd(): i32 {
  return lastEnd;
}
export function tcpFinishes(): u32 {
  return finishes;
}
export function tcpAccepts(): u32 {
  return accepts;
}
export function tcpCounted(reason: i32): u64 {
  return counted(reason);
}
export function tcpOpen(): u32 {
  return tcp.open();
}
export function tcpHalfOpen(): u32 {
  return tcp.halfOpen();
}
export function tcpWaiting(): u32 {
  return tcp.waiting();
}
/** What of the pools is not in use. */
export function tcpFree(): u32 {
  return pieces.free() + pools.free();
}
export function configure(address: u32, gateway: u32, mtu: u32): void {
  assert(stack.configure("eth0", address, 24, gateway, mtu));
  tcp.attach();
}

export function start(): void {
  link.start();
  ethernet.start();
  arp.start();
  stack.start();
  tcp.start();
}

export function poll(now: u64): u64 {
  ethernet.poll(now);
  arp.poll(now);
  ipv4.poll(now);
  tcp.poll(now);
  return min(min(ethernet.deadline(), tcp.deadline()), min(arp.deadline(), ipv4.deadline()));
}

/** Begins a connection that does what a service does. */
export function connect(high: u64, low: u64, port: u32, service: i32, amount: u64): bool {
  const session = spare!;
  const stream: Stream | null = tcp.connect(high, low, port, session);
  if (stream == null) return false;
  spare = session.next;
  session.begin(stream, service, amount);
  last = session;
  return true;
}
