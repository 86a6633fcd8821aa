/** Segments that are on their way: the scoreboard of RFC 6675 with the times of RFC 8985. */
import { Control } from "./block";
import { timeOf } from "./emit";
import { giveSent, Sent, takeSent } from "./pools";
import { Segment } from "./segment";
import { atMost, before, later } from "./sequence";

/** Notes a new segment; false when there is no room to remember it: then it must not be sent. */
export function add(c: Control, from: u32, to: u32, now: u64): bool {
  const last = c.lastSent;
  const sent = takeSent(last == null);
  if (sent == null) return false;
  sent.from = from;
  sent.to = to;
  sent.at = now;
  sent.isAgain = false;
  sent.isSacked = false;
  sent.isLost = false;
  sent.next = null;
  sent.before = last;
  if (last == null) c.firstSent = sent;
  else last.next = sent;
  c.lastSent = sent;
  c.pipe += to - from;
  return true;
}

/** The last one was noted and could not be sent. */
export function forgetLast(c: Control): void {
  const last = c.lastSent!;
  c.pipe -= last.to - last.from;
  c.lastSent = last.before;
  if (last.before == null) c.firstSent = null;
  else last.before!.next = null;
  if (c.lostFrom == last) c.lostFrom = null;
  giveSent(last);
}

/** A segment is sent once more. */
export function again(c: Control, sent: Sent, now: u64): void {
  if (sent.isLost) {
    c.pipe += sent.to - sent.from;
    c.lost -= 1;
  }
  sent.isLost = false;
  sent.isAgain = true;
  sent.at = now;
}

/** `sent` from now on ends at `middle`, and one that begins there follows. False: there is no room for that. */
export function split(c: Control, sent: Sent, middle: u32): bool {
  const rest = takeSent(false);
  if (rest == null) return false;
  rest.from = middle;
  rest.to = sent.to;
  rest.at = sent.at;
  rest.isAgain = sent.isAgain;
  rest.isSacked = sent.isSacked;
  rest.isLost = sent.isLost;
  if (sent.isLost) c.lost += 1;
  rest.before = sent;
  rest.next = sent.next;
  if (sent.next == null) c.lastSent = rest;
  else sent.next!.before = rest;
  sent.next = rest;
  sent.to = middle;
  return true;
}

export function lose(c: Control, sent: Sent): void {
  if (sent.isLost || sent.isSacked) return;
  sent.isLost = true;
  const from = c.lostFrom;
  if (c.lost == 0 || (from != null && before(sent.from, from.from))) c.lostFrom = sent;
  c.lost += 1;
  c.pipe -= sent.to - sent.from;
}

/** The first that is believed lost and not sent again. */
export function firstLost(c: Control): Sent | null {
  if (c.lost == 0) return null;
  let each = c.lostFrom == null ? c.firstSent : c.lostFrom;
  while (each != null && !each.isLost) each = each.next;
  c.lostFrom = each;
  return each;
}

/** What lies before `to` has arrived. */
export function arrived(c: Control, to: u32): void {
  let each = c.firstSent;
  while (each != null && before(each.from, to)) {
    const until = atMost(each.to, to) ? each.to : to;
    const length = until - each.from;
    if (each.isSacked) c.sacked -= length;
    else if (!each.isLost) c.pipe -= length;
    // Told by SACK before, or now: RFC 8985 6.2 step 2 looks at each once.
    if (!each.isSacked) delivered(c, each, until);
    if (until != each.to) {
      each.from = until;
      return;
    }
    if (each.isLost) c.lost -= 1;
    const next: Sent | null = each.next;
    c.firstSent = next;
    if (next == null) c.lastSent = null;
    else next.before = null;
    if (c.lostFrom == each) c.lostFrom = null;
    giveSent(each);
    each = next;
  }
}

/** Bytes that a block of SACK newly tells of: RFC 6675 4, Update. */
export function sack(c: Control, from: u32, to: u32): u32 {
  let bytes: u32 = 0;
  let each = c.firstSent;
  while (each != null && before(each.from, to)) {
    if (!each.isSacked && before(from, each.to) && isWithin(c, each, from, to)) {
      const length = each.to - each.from;
      if (each.isLost) c.lost -= 1;
      else c.pipe -= length;
      each.isLost = false;
      each.isSacked = true;
      c.sacked += length;
      bytes += length;
      delivered(c, each, each.to);
    }
    each = each.next;
  }
  return bytes;
}

/**
 * Does the block cover it? What a link was given to cut is made two where the block begins or ends, but only where segments do: whoever
 * tells of single bytes gets no more of them.
 */
function isWithin(c: Control, sent: Sent, from: u32, to: u32): bool {
  const size = c.segmentSize;
  if (before(sent.from, from)) {
    const skip = from - sent.from + size - 1;
    // The second half is the next one to be looked at.
    if (before(sent.from + (skip - (skip % size)), sent.to))
      split(c, sent, sent.from + (skip - (skip % size)));
    return false;
  }
  if (atMost(sent.to, to)) return true;
  const part = to - sent.from;
  return part >= size && split(c, sent, sent.from + (part - (part % size)));
}

let now: u64 = 0;
/** Of what the acknowledgement tells of: when the last was sent, and whether for the second time. */
let latest: u64 = 0;
let isLatestAgain = false;

/** Before an acknowledgement is looked at. */
export function beginAcknowledgement(time: u64): void {
  now = time;
  latest = 0;
  isLatestAgain = false;
}

/**
 * The round trip that the acknowledgement tells of, 0 if it tells none. It answers what was sent last of all that it is for; if that was
 * sent twice, only a timestamp tells which of the two it answers, or that the other side says that it got it twice: RFC 6298 3 (Karn),
 * RFC 3522 (Eifel), RFC 2883.
 */
export function measuredTrip(c: Control, segment: Segment, isTwice: bool): u64 {
  if (latest == 0) return 0;
  if (isLatestAgain && !isTwice) {
    if (!c.hasTimes || !segment.options.hasTime) return 0;
    if (before(segment.options.echo, timeOf(latest) + c.timeOffset)) return 0;
  }
  return max(now - latest, 1);
}

/** RFC 8985 6.2 steps 1 to 3, for what lies before `to`. */
function delivered(c: Control, sent: Sent, to: u32): void {
  const took = now - sent.at;
  if (sent.at >= latest) {
    latest = sent.at;
    isLatestAgain = sent.isAgain || sent.isLost;
  }
  if (sent.isAgain) {
    // Step 2: it may be the first one that has arrived.
    if (took < c.least) return;
  } else if (before(to, c.farthest)) {
    // Step 3: what was sent before something that has arrived already, and only once.
    c.isReordering = true;
  }
  c.farthest = later(c.farthest, to);
  const isLater = sent.at > c.rackAt || (sent.at == c.rackAt && before(c.rackEnd, to));
  if (!isLater) return;
  c.rackAt = sent.at;
  c.rackEnd = to;
  c.rackTrip = took;
}

/** After a timeout nothing is believed any more: RFC 8985 6.3, and RFC 2018 8 of what was told by SACK. */
export function loseAll(c: Control): void {
  let each = c.firstSent;
  c.lost = 0;
  c.lostFrom = null;
  while (each != null) {
    c.lost += 1;
    each.isSacked = false;
    each.isLost = true;
    each = each.next;
  }
  c.pipe = 0;
  c.sacked = 0;
}

export function clear(c: Control): void {
  let each = c.firstSent;
  while (each != null) {
    const next: Sent | null = each.next;
    giveSent(each);
    each = next;
  }
  c.firstSent = null;
  c.lastSent = null;
  c.lostFrom = null;
  c.lost = 0;
  c.pipe = 0;
  c.sacked = 0;
}
