/** All connections: those that are free, and for how long each of the others may stay as it is. */
import { TimedQueue } from "../../net/timed";
import { count as countReason, Dns } from "../counters";
import { now } from "../needs/clock";
import { COURSES, reset as resetCourses } from "../server/course";
import { Connection, Phase } from "./connection";
import { count, countNone, idle } from "./limits";
import { resetPlaces } from "./message";

/** How long a client may take nothing of its answer. */
const STALLED: u64 = 30_000_000_000;
/** How long the other side may take to close when this one has. */
const LINGER: u64 = 2_000_000_000;
/** Until memory for an answer is looked for again. */
const AGAIN: u64 = 20_000_000;

/** By `Phase`. */
const queues: StaticArray<TimedQueue> = [
  new TimedQueue(),
  new TimedQueue(),
  new TimedQueue(),
  new TimedQueue(),
  new TimedQueue(),
];
let all: StaticArray<Connection> = [];
let spare: Connection | null = null;

/** In `prepare`. */
export function make(connections: u32): void {
  const made: Connection[] = [];
  for (let n: u32 = 0; n < connections; n++) made.push(new Connection());
  all = StaticArray.fromArray(made);
  reset();
}

/** Nobody is connected. */
export function reset(): void {
  resetPlaces();
  countNone();
  if (COURSES) resetCourses();
  for (let n = 0; n < queues.length; n++) queues[n].reset();
  spare = null;
  for (let n = 0; n < all.length; n++) {
    all[n].queue = null;
    all[n].stream = null;
    all[n].next = spare;
    spare = all[n];
  }
}

/** A free one, if need be that of whoever has waited longest without a question; null if there is none. RFC 7766 6.2.2. */
export function take(): Connection | null {
  if (spare == null) {
    const oldest = queues[Phase.idle].head();
    if (oldest != null) {
      countReason(Dns.evicted);
      (oldest as Connection).abort();
    }
  }
  const connection = spare;
  if (connection == null) return null;
  spare = connection.next;
  count(1);
  return connection;
}

export function free(connection: Connection): void {
  connection.stopWaiting();
  connection.next = spare;
  spare = connection;
  count(-1);
}

/** It has come to its phase now. */
export function rest(connection: Connection, phase: i32): void {
  const time =
    phase == Phase.answering
      ? STALLED
      : phase == Phase.closing
        ? LINGER
        : phase == Phase.starved
          ? AGAIN
          : idle;
  queues[phase].add(connection, now() + time);
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
