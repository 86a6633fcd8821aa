/**
 * When which connection has something to do: a heap with the earliest on top. A connection is in it once. Its place is moved only when
 * something is to be done earlier; what was put off is found out when its time comes, and most timers are put off again and again.
 */
import { Control, NEVER } from "./block";

let heap: StaticArray<Control | null> = new StaticArray<Control | null>(0);
let length: i32 = 0;

/** In `prepare`: for so many connections. */
export function make(connections: i32): void {
  heap = new StaticArray<Control | null>(connections + 1);
}

function earliest(c: Control): u64 {
  return min(c.retransmitAt, min(c.acknowledgeAt, c.lifeAt));
}

/** When `due` may have something. */
export function deadline(): u64 {
  return length == 0 ? NEVER : heap[1]!.heapAt;
}

/** After a timer of `c` was set. Those that are off or later need no call. */
export function schedule(c: Control): void {
  const at = earliest(c);
  if (c.heapPlace == 0) {
    if (at == NEVER) return;
    length += 1;
    c.heapAt = at;
    rise(c, length);
  } else if (at < c.heapAt) {
    c.heapAt = at;
    rise(c, c.heapPlace);
  }
}

/** A connection one of whose timers has ended; null: none has. It must be scheduled anew. */
export function due(now: u64): Control | null {
  while (length > 0) {
    const first = heap[1]!;
    if (first.heapAt > now) return null;
    const at = earliest(first);
    remove(first);
    if (at <= now) return first;
    schedule(first);
  }
  return null;
}

export function remove(c: Control): void {
  const place = c.heapPlace;
  if (place == 0) return;
  c.heapPlace = 0;
  const last = heap[length]!;
  heap[length] = null;
  length -= 1;
  if (last == c) return;
  rise(last, place);
  sink(last);
}

/** Puts `c` at `place` or above. */
function rise(c: Control, place: i32): void {
  let at = place;
  while (at > 1) {
    const parent = heap[at >> 1]!;
    if (parent.heapAt <= c.heapAt) break;
    set(parent, at);
    at >>= 1;
  }
  set(c, at);
}

function sink(c: Control): void {
  let at = c.heapPlace;
  while (at * 2 <= length) {
    let child = at * 2;
    if (child < length && heap[child + 1]!.heapAt < heap[child]!.heapAt) child += 1;
    const below = heap[child]!;
    if (below.heapAt >= c.heapAt) break;
    set(below, at);
    at = child;
  }
  set(c, at);
}

function set(c: Control, place: i32): void {
  heap[place] = c;
  c.heapPlace = place;
}
