/** Acknowledgements: RFC 9293 3.10.7.4 "Fifth", with RFC 5961 5, RFC 5681, RFC 2018. */
import { Control, NEVER, State, Waits } from "./block";
import { challenge } from "./challenge";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";
import { arrived, beginAcknowledgement, measuredTrip, sack } from "./flight";
import { drop, hasRoom } from "./queue";
import { advanced, arm, detect } from "./recovery";
import { Segment } from "./segment";
import { atMost, before, earlier, later } from "./sequence";
import { measured } from "./trips";

/** The last acknowledgement told of something that had come twice: RFC 2883. */
let isTwice = false;

/** False: the segment is not to be looked at any further. */
export function acknowledge(c: Control, segment: Segment, now: u64): bool {
  const to = segment.acknowledgement;
  // RFC 5961 5.2: older than any window, or of what was never sent.
  if (before(c.nextToSend, to) || before(to, c.unacknowledged - c.largestWindow)) {
    count(Tcp.badAck);
    challenge(c, now);
    return false;
  }
  if (before(to, c.unacknowledged)) return true;
  beginAcknowledgement(now);
  isTwice = false;
  const news = c.canSack ? blocks(c, segment) : 0;
  const isSame = to == c.unacknowledged;
  const isRepeated =
    isSame && segment.span == 0 && c.firstSent != null && segment.window << c.sendShift == c.sendWindow;
  updateWindow(c, segment);
  if (!isSame) advance(c, segment, now);
  else if (isRepeated && !c.canSack) {
    c.duplicates += 1;
    markDirty(c);
  }
  if (isSame && news == 0 && !isRepeated) return true;
  if (!isSame || news != 0 || isRepeated) {
    detect(c, now);
    if (!isSame) arm(c, now);
    if (c.firstSent != null || before(c.nextToSend, c.queueEnd) || c.isClosing) markDirty(c);
  }
  return true;
}

/** Something new has arrived in order. */
function advance(c: Control, segment: Segment, now: u64): void {
  const to = segment.acknowledgement;
  const bytes = to - c.unacknowledged;
  const data = earlier(to, c.queueEnd) - c.unacknowledged;
  const isFull = !hasRoom(c);
  arrived(c, to);
  if (data > 0) drop(c, data);
  c.unacknowledged = to;
  if (before(c.shortEnd, to)) c.shortEnd = to;
  const trip = measuredTrip(c, segment, isTwice);
  if (trip != 0) {
    measured(c, trip);
    c.congestion.measured(trip, to, c.nextToSend);
  }
  c.progressAt = now;
  endTail(c, to);
  const isGrowing = !c.isRecovering || c.congestion.window < c.congestion.threshold;
  if (isGrowing && c.isLimited) c.congestion.acknowledged(bytes, now, c.smoothed);
  advanced(c);
  if (c.waits == Waits.timeout || c.waits == Waits.tail) c.retransmitAt = NEVER;
  const session = c.session;
  if (session == null || c.isClosing || data == 0) return;
  if ((isFull && hasRoom(c)) || c.firstPiece == null) session.writable();
}

/** RFC 8985 7.4.2: a probe has mended a loss if nothing tells that it came twice. */
function endTail(c: Control, to: u32): void {
  if (!c.hasTail || before(to, c.tailEnd)) return;
  c.hasTail = false;
  if (c.isTailAgain && !isTwice && before(c.tailEnd, to) && !c.isRecovering) c.congestion.lost();
}

/** RFC 9293 3.10.7.4: only by segments that are newer than those that told the window before. */
function updateWindow(c: Control, segment: Segment): void {
  const isNewer =
    before(c.windowSequence, segment.sequence) ||
    (c.windowSequence == segment.sequence && atMost(c.windowAcknowledgement, segment.acknowledgement));
  if (!isNewer) return;
  const window = segment.window << c.sendShift;
  if (window > c.sendWindow || (window != 0 && c.waits == Waits.window)) markDirty(c);
  c.sendWindow = window;
  c.largestWindow = max(c.largestWindow, window);
  c.windowSequence = segment.sequence;
  c.windowAcknowledgement = segment.acknowledgement;
  if (window != 0 && c.waits == Waits.window) {
    c.waits = Waits.nothing;
    c.retransmitAt = NEVER;
    c.backoff = 0;
  }
}

/** Blocks that tell of nothing that was sent are nobody's: RFC 2018 3, RFC 2883 4. */
function blocks(c: Control, segment: Segment): u32 {
  const options = segment.options;
  let news: u32 = 0;
  const start = later(c.unacknowledged, segment.acknowledgement);
  for (let n: u32 = 0; n < options.blocks; n++) {
    const from = options.blockFrom(n);
    const to = options.blockTo(n);
    if (!before(from, to)) continue;
    if (n == 0 && isOfTwice(segment, from, to)) isTwice = true;
    else if (atMost(start, from) && atMost(to, c.nextToSend)) news += sack(c, from, to);
  }
  return news;
}

/** RFC 2883 4: below what is acknowledged, or within the next block. */
function isOfTwice(segment: Segment, from: u32, to: u32): bool {
  if (atMost(to, segment.acknowledgement)) return true;
  const options = segment.options;
  if (options.blocks < 2) return false;
  return atMost(options.blockFrom(1), from) && atMost(to, options.blockTo(1));
}

/** Is our FIN acknowledged? */
export function isFinAcknowledged(c: Control): bool {
  return c.state >= State.finWait1 && c.isClosing && c.unacknowledged == c.queueEnd + 1;
}
