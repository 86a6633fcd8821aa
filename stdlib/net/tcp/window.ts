/** How much the other side may send: RFC 9293 3.8.6. */
import { Control } from "./block";
import { share } from "./pools";
import { before } from "./sequence";

/** The longest segment that others send here, roughly: for when a window is worth to be told. */
const SEGMENT: u32 = 1460;

/** Where the window may end: what waits for the application takes of it, and so does it when memory is short. */
function possible(c: Control): u32 {
  const waiting = c.nextToReceive - c.taken;
  if (waiting >= c.buffer) return c.nextToReceive;
  return c.nextToReceive + min(c.buffer - waiting, max(share(), 2 * SEGMENT));
}

/** The field of a segment. The right edge never goes back (RFC 9293 3.8.6), and forward only by steps that are worth it (3.8.6.2.2). */
export function advertised(c: Control, isSyn: bool): u32 {
  const edge = possible(c);
  if (before(c.rightEdge, edge) && (isSyn || isWorth(c, edge))) c.rightEdge = edge;
  const window = c.rightEdge - c.nextToReceive;
  if (isSyn) return min(window, 0xffff);
  return min(window >> c.receiveShift, 0xffff);
}

/** RFC 9293 3.8.6.2.2: half of the buffer, or a whole segment. */
function isWorth(c: Control, edge: u32): bool {
  return edge - c.rightEdge >= min(c.buffer / 2, SEGMENT);
}

/** Is there so much more room that the other side should be told of it without being asked? */
export function hasOpened(c: Control): bool {
  const edge = possible(c);
  if (!before(c.rightEdge, edge)) return false;
  const left = c.rightEdge - c.nextToReceive;
  return edge - c.rightEdge >= min(c.buffer / 2, 2 * SEGMENT) && left < c.buffer / 2;
}
