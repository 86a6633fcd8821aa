/** All connections: those that are free, and for how long each of the others may stay as it is. */
import { Bytes } from "../../core/bytes";
import { Pool } from "../../core/pool";
import { TimedQueue } from "../../net/timed";
import { idle, whole } from "../limits";
import { now } from "../needs/clock";
import * as intakes from "../request/intake";
import { PARTS, Ranges } from "../response/ranges";
import { Connection, Phase } from "./connection";

/** How long a client may take nothing of an answer. */
const STALLED: u64 = 60_000_000_000;
/** How many are looked at to find one that can be ended. */
const LOOKS = 8;
/** How long what comes behind the last answer is thrown away: RFC 9112 9.6. */
const LINGER: u64 = 2_000_000_000;

const nothing = new Bytes(new StaticArray<u8>(0), 0, 0);
const noParts = new StaticArray<u32>(<i32>PARTS);
const noRanges = new Ranges(noParts, noParts);
const queues: StaticArray<TimedQueue> = [
  new TimedQueue(),
  new TimedQueue(),
  new TimedQueue(),
  new TimedQueue(),
];
let newConnections = new Pool<Connection>(new Connection(), 0);
let newBodies = new Pool<Bytes>(nothing, 0);
let newRanges = new Pool<Ranges>(noRanges, 0);
/** Of ranges: where each begins and ends. */
let newParts = new Pool<StaticArray<u32>>(noParts, 0);
let free_: Connection | null = null;
let used: u32 = 0;
let most: u32 = 0;

/** In `prepare`. Some more than there may be are for telling that there are too many. */
export function make(count: u32, more: u32): void {
  most = count;
  const all = count + more;
  newConnections = new Pool<Connection>(newConnections.model, all);
  newBodies = new Pool<Bytes>(nothing, all);
  newRanges = new Pool<Ranges>(noRanges, all);
  newParts = new Pool<StaticArray<u32>>(noParts, 2 * all);
  intakes.make(all);
  reset();
}

/** Nobody is connected. */
export function reset(): void {
  for (let n = 0; n < queues.length; n++) queues[n].reset();
  free_ = null;
  used = 0;
  newConnections.reset();
  newBodies.reset();
  newRanges.reset();
  newParts.reset();
  intakes.reset();
}

function newConnection(): Connection | null {
  const connection = newConnections.next();
  if (connection == null) return null;
  const ranges = newRanges.next()!;
  ranges.first = newParts.next()!;
  ranges.last = newParts.next()!;
  connection.equip(intakes.newIntake(), newBodies.next()!, ranges);
  return connection;
}

/** A free one; when there are as many as there may be, somebody makes room if anybody can. Null if there is none. */
export function take(): Connection | null {
  if (used >= most) makeRoom();
  const connection = unused();
  if (connection != null) used += 1;
  return connection;
}

function unused(): Connection | null {
  const connection = free_;
  if (connection == null) return newConnection();
  free_ = connection.next;
  return connection;
}

/**
 * Ends the connection that is missed least: one without a request, or whose last answer is through; then the request that has been coming in longest, since
 * those of clients that do not dawdle come whole at once; then one that takes its answer too slowly.
 */
function makeRoom(): void {
  if (endOne(Phase.idle) || endOne(Phase.closing)) return;
  const slowest = queues[<i32>Phase.asking].head();
  if (slowest != null) (slowest as Connection).abort();
  else endOne(Phase.answering);
}

/** Of those that have waited longest in this phase. Who is being sent something, and takes it, waits anew. */
function endOne(phase: u32): bool {
  for (let n = 0; n < LOOKS; n++) {
    const head = queues[<i32>phase].head();
    if (head == null) return false;
    const first = head as Connection;
    if ((phase != Phase.answering && first.isSent()) || first.isTooSlow(now())) {
      first.abort();
      return true;
    }
    rest(first);
  }
  return false;
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
