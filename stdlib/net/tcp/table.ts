/** All connections, found by their four numbers: RFC 9293 3.3.1. Room for them is made in `prepare`; who waits out its time gives way to who is new. */
import { Pool } from "../../core/pool";
import { Nic } from "../nic";
import { Control, NEVER, State } from "./block";
import { Connection } from "./connection";
import { count, Tcp } from "./counters";
import { Congestion } from "./cubic";
import { HyStart } from "./hystart";
import { add as addSource, remove as removeSource } from "./limits";
import { placed } from "./secret";
import { remove as removeTimer } from "./timers";

let buckets: StaticArray<Control | null> = new StaticArray<Control | null>(1);
let mask: u32 = 0;
let free: Control | null = null;
let freeCount: u32 = 0;
let made: u32 = 0;
let newConnections = new Pool<Connection>(new Connection(), 0);
let newCongestions = new Pool<Congestion>(new Congestion(), 0);
let newStarts = new Pool<HyStart>(new HyStart(), 0);
/** TIME-WAIT: the oldest, and the newest. */
let oldest: Control | null = null;
let newest: Control | null = null;
let waiting: u32 = 0;
/** In SYN-RECEIVED. */
let halfOpen: u32 = 0;

/** In `prepare`: for so many connections. */
export function make(count: u32): void {
  made = count;
  freeCount = count;
  newConnections = new Pool<Connection>(newConnections.model, count);
  newCongestions = new Pool<Congestion>(newCongestions.model, count);
  newStarts = new Pool<HyStart>(newStarts.model, count);
  let size: u32 = 16;
  while (size < count) size *= 2;
  buckets = new StaticArray<Control | null>(<i32>size);
  mask = size - 1;
}

function newConnection(): Control | null {
  const c = newConnections.next();
  if (c == null) return null;
  c.congestion = newCongestions.next()!;
  c.congestion.start = newStarts.next()!;
  return c;
}

/** Those that are in use. */
export function connections(): u32 {
  return made - freeCount;
}
export function freeConnections(): u32 {
  return freeCount;
}
export function halfOpenConnections(): u32 {
  return halfOpen;
}
export function waitingConnections(): u32 {
  return waiting;
}

export function find(high: u64, low: u64, ports: u32, localHigh: u64, local: u64): Control | null {
  let c = buckets[<i32>(placed(high, low, ports) & mask)];
  while (c != null) {
    const same = c.low == low && c.high == high && ((c.localPort << 16) | c.port) == ports;
    if (same && c.local == local && c.localHigh == localHigh) return c;
    c = c.next;
  }
  return null;
}

/** Places where connections may be found. */
export function places(): i32 {
  return buckets.length;
}

/** Any connection of this address of the interface that is found at this place. */
export function anyAt(place: i32, nic: Nic, localHigh: u64, local: u64): Control | null {
  let c = buckets[place];
  while (c != null) {
    if (c.local == local && c.localHigh == localHigh && c.nic == nic) return c;
    c = c.next;
  }
  return null;
}

/** One to be filled in; null when all are in use. */
export function obtain(): Control | null {
  const old = oldest;
  if (freeCount == 0 && old != null) {
    count(Tcp.recycled);
    release(old);
  }
  let c = free;
  if (c == null) c = newConnection();
  else free = c.next;
  if (c == null) return null;
  freeCount -= 1;
  c.next = null;
  return c;
}

/** Puts it where `find` finds it, with its addresses and its state. */
export function enter(c: Control): void {
  c.place = placed(c.high, c.low, (c.localPort << 16) | c.port) & mask;
  c.next = buckets[<i32>c.place];
  buckets[<i32>c.place] = c;
  addSource(c.high, c.low);
  if (c.state == State.synReceived) halfOpen += 1;
}

/** Both sides have begun at once. */
export function halfOpened(): void {
  halfOpen += 1;
}

/** It is no longer half open. */
export function opened(): void {
  halfOpen -= 1;
}

/** It is no more. What it held of pools has been given back. */
export function release(c: Control): void {
  unlink(c);
  // Who only waits does not count: it holds nothing that others could want.
  if (c.state == State.timeWait) leaveWait(c);
  else removeSource(c.high, c.low);
  if (c.state == State.synReceived) halfOpen -= 1;
  c.state = State.closed;
  removeTimer(c);
  c.session = null;
  c.acceptor = null;
  c.retransmitAt = NEVER;
  c.acknowledgeAt = NEVER;
  c.lifeAt = NEVER;
  c.next = free;
  free = c;
  freeCount += 1;
}

function unlink(c: Control): void {
  let each = buckets[<i32>c.place];
  if (each == c) {
    buckets[<i32>c.place] = c.next;
    return;
  }
  while (each != null) {
    if (each.next == c) {
      each.next = c.next;
      return;
    }
    each = each.next;
  }
}

/** RFC 9293 3.4.2: it waits until nothing of it is on its way any more. */
export function beginWait(c: Control): void {
  removeSource(c.high, c.low);
  c.state = State.timeWait;
  c.older = newest;
  c.newer = null;
  if (newest == null) oldest = c;
  else newest!.newer = c;
  newest = c;
  waiting += 1;
}

function leaveWait(c: Control): void {
  if (c.older == null) oldest = c.newer;
  else c.older!.newer = c.newer;
  if (c.newer == null) newest = c.older;
  else c.newer!.older = c.older;
  c.older = null;
  c.newer = null;
  waiting -= 1;
}
