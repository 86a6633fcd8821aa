/** All connections: those that are free, and for how long each of the others may stay as it is. */
import { TimedQueue } from "../../net/timed";
import { idle, whole } from "../limits";
import { now } from "../needs/clock";
import { Connection, Phase } from "./connection";

/** How long a client may take nothing of an answer. */
const STALLED: u64 = 60_000_000_000;
/** How long what comes behind the last answer is thrown away: RFC 9112 9.6. */
const LINGER: u64 = 2_000_000_000;

const queues: StaticArray<TimedQueue> = [
  new TimedQueue(),
  new TimedQueue(),
  new TimedQueue(),
  new TimedQueue(),
];
let all: StaticArray<Connection> = [];
let free_: Connection | null = null;
let used: u32 = 0;
let most: u32 = 0;

/** In `prepare`. Some more than there may be are for telling that there are too many. */
export function make(count: u32, more: u32): void {
  most = count;
  const made: Connection[] = [];
  for (let n: u32 = 0; n < count + more; n++) made.push(new Connection());
  all = StaticArray.fromArray(made);
  reset();
}

/** Nobody is connected. */
export function reset(): void {
  for (let n = 0; n < queues.length; n++) queues[n].reset();
  free_ = null;
  used = 0;
  for (let n = 0; n < all.length; n++) {
    all[n].queue = null;
    all[n].stream = null;
    all[n].next = free_;
    free_ = all[n];
  }
}

/** A free one, if need be that of whoever has waited longest without a request; null if there is none. */
export function take(): Connection | null {
  if (free_ == null) {
    const oldest = queues[<i32>Phase.idle].head();
    if (oldest != null) (oldest as Connection).abort();
  }
  const connection = free_;
  if (connection == null) return null;
  free_ = connection.next;
  used += 1;
  return connection;
}

/** Are there more than there may be? */
export function areTooMany(): bool {
  return used > most;
}

export function count(): u32 {
  return used;
}

export function free(connection: Connection): void {
  connection.stopWaiting();
  connection.next = free_;
  free_ = connection;
  used -= 1;
}

/** It has come to its phase now. */
export function rest(connection: Connection): void {
  const phase = connection.phase;
  const length =
    phase == Phase.idle ? idle : phase == Phase.asking ? whole : phase == Phase.answering ? STALLED : LINGER;
  queues[<i32>phase].add(connection, now() + length);
}

/** Ends what has waited too long. */
export function poll(at: u64): void {
  for (let n = 0; n < queues.length; n++) queues[n].expire(at);
}

export function deadline(): u64 {
  let earliest: u64 = u64.MAX_VALUE;
  for (let n = 0; n < queues.length; n++) earliest = min(earliest, queues[n].deadline());
  return earliest;
}
