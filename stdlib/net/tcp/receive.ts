/** Bytes that come: RFC 9293 3.10.7.4, "Seventh, process the segment text". */
import { Bytes } from "../../core/bytes";
import { Control, NEVER, State } from "./block";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";
import { joined, keep, look, receivedEnd, release } from "./reassembly";
import { Segment } from "./segment";
import { before, earlier, later } from "./sequence";
import { schedule } from "./timers";
import { hasOpened } from "./window";

/** RFC 9293 3.8.6.3 wants less than half a second; this is what Linux begins with. */
const PATIENCE: u64 = 40_000_000;
/** RFC 9293 3.8.6.3, RFC 5681 4.2: every second segment. */
const EVERY: u32 = 2;

const view = new Bytes(new StaticArray<u8>(0), 0, 0);

/** May it still receive? */
export function isReceiving(c: Control): bool {
  return c.state >= State.established && c.state <= State.finWait2;
}

/** The payload of a segment that overlaps with the window. */
export function take(c: Control, bytes: Bytes, segment: Segment, now: u64): void {
  const from = later(segment.sequence, c.nextToReceive);
  const to = earlier(segment.sequence + segment.length, later(c.rightEdge, c.nextToReceive));
  if (before(segment.sequence, c.nextToReceive)) twice(c, segment);
  if (!before(from, to)) {
    c.owesNow = true;
    return markDirty(c);
  }
  // Nothing behind the end counts: RFC 9293 3.10.7.4, "Eighth".
  if (c.hasFin && before(c.finAt, to)) return;
  const offset = segment.at + (from - segment.sequence);
  const length = to - from;
  if (from != c.nextToReceive) return takeLater(c, bytes, from, offset, length);
  if (c.ranges == null && c.taken == c.nextToReceive) {
    direct(c, bytes, offset, length);
  } else if (keep(c, from, bytes, offset, length)) {
    // RFC 5681 4.2: what fills a gap is acknowledged at once.
    if (c.ranges != null) c.owesNow = true;
    c.nextToReceive = joined(c, to);
    deliver(c);
  } else return count(Tcp.noMemory);
  owe(c, now);
}

/** In order, and nothing waits: the application looks at the packet itself. */
function direct(c: Control, bytes: Bytes, offset: u32, length: u32): void {
  const from = c.nextToReceive;
  let done: u32 = 0;
  if (!c.isPaused) {
    view.window(bytes, offset, length);
    // Before the call, so that an answer acknowledges the question.
    c.nextToReceive = from + length;
    c.taken = c.nextToReceive;
    done = min(c.session!.receive(view), length);
    if (c.state == State.closed) return;
    if (done == length) return;
    c.isPaused = true;
    c.taken = from + done;
  }
  c.nextToReceive = from + done;
  // What was left out cannot be kept: it was never received, and comes again.
  if (!keep(c, from + done, bytes, offset + done, length - done)) return count(Tcp.noMemory);
  c.nextToReceive = from + length;
}

function takeLater(c: Control, bytes: Bytes, from: u32, offset: u32, length: u32): void {
  count(Tcp.outOfOrder);
  // RFC 5681 4.2: at once, so that the other side learns of the gap.
  c.owesNow = true;
  markDirty(c);
  if (!keep(c, from, bytes, offset, length)) {
    count(Tcp.noMemory);
    return release(c, c.taken);
  }
  c.lastRange = from;
}

/** RFC 2883 4: the part that has come before. */
function twice(c: Control, segment: Segment): void {
  count(Tcp.duplicates);
  c.twiceFrom = segment.sequence;
  c.twiceTo = earlier(segment.sequence + segment.length, c.nextToReceive);
  c.owesNow = true;
}

function owe(c: Control, now: u64): void {
  c.owed += 1;
  if (c.owed >= EVERY) c.owesNow = true;
  if (c.owesNow) return markDirty(c);
  if (c.acknowledgeAt == NEVER) c.acknowledgeAt = now + PATIENCE;
  schedule(c);
}

/** Hands on what was kept, until the application has enough. */
export function deliver(c: Control): void {
  const end = receivedEnd(c);
  while (!c.isPaused && before(c.taken, end)) {
    const length = look(c, view, c.taken, end);
    const done = min(c.session!.receive(view), length);
    if (c.state == State.closed) return;
    c.taken += done;
    if (done < length) c.isPaused = true;
    release(c, c.taken);
  }
}

/** The application wants more. */
export function resumed(c: Control): void {
  if (!c.isPaused) return;
  c.isPaused = false;
  deliver(c);
  if (c.state == State.closed) return;
  finish(c);
  // RFC 9293 3.8.6: the other side may be waiting for just this.
  if (isReceiving(c) && hasOpened(c)) {
    c.owesNow = true;
    markDirty(c);
  }
}

/** A FIN, perhaps before what comes before it. */
export function noteFin(c: Control, segment: Segment): void {
  const at = segment.sequence + segment.length;
  if (c.hasFin || before(at, c.nextToReceive)) return;
  // Beyond the window: it comes again.
  if (before(later(c.rightEdge, c.nextToReceive), at)) return;
  c.hasFin = true;
  c.finAt = at;
}

/** Has the end come, and everything before it? Then it counts, once. */
export function reachedFin(c: Control): bool {
  return c.hasFin && c.nextToReceive == c.finAt;
}

/** Tells the application of the end, when it has taken what came before. */
export function finish(c: Control): void {
  const isOver = c.hasFin && c.nextToReceive == c.finAt + 1;
  if (!isOver || c.isFinished || c.taken != c.finAt) return;
  c.isFinished = true;
  c.session!.finished();
}
