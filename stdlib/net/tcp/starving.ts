/**
 * Connections that wanted to send when there was no memory, and have nothing on their way: no acknowledgement will tell their applications that there is room
 * again. They are asked in turn, the first to come first, until one finds nothing. A connection is in the list by the links of those that wait out their time, which it
 * does not do.
 */
import { Control, NEVER } from "./block";

/** Nanoseconds between two times that they are asked. */
const AGAIN: u64 = 10_000_000;

let first: Control | null = null;
let last: Control | null = null;
let askAt: u64 = 0;

export function starve(c: Control): void {
  if (c.isStarving) return;
  c.isStarving = true;
  c.older = last;
  c.newer = null;
  if (last == null) first = c;
  else last!.newer = c;
  last = c;
}

export function leaveStarving(c: Control): void {
  if (!c.isStarving) return;
  c.isStarving = false;
  if (c.older == null) first = c.newer;
  else c.older!.newer = c.newer;
  if (c.newer == null) last = c.older;
  else c.newer!.older = c.older;
  c.older = null;
  c.newer = null;
}

export function askStarving(now: u64): void {
  if (first == null || now < askAt) return;
  askAt = now + AGAIN;
  const end = last;
  let c = first;
  while (c != null) {
    const asked = c;
    leaveStarving(asked);
    const session = asked.session;
    if (session != null) session.writable();
    // Nobody behind it would find more.
    if (asked.isStarving || asked == end) return;
    c = first;
  }
}

export function starvingDeadline(): u64 {
  return first == null ? NEVER : askAt;
}
