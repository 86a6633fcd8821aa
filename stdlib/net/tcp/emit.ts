/** Writes segments: RFC 9293 3.1. */
import { Bytes } from "../../core/bytes";
import { Packet } from "../../core/packet";
import { Nic } from "../nic";
import { Control, NEVER } from "./block";
import { count, Tcp } from "./counters";
import { Ends } from "./ends";
import { MSS, Options, SACK, SACK_PERMITTED, TIMESTAMPS, WINDOW_SCALE } from "./options";
import { Range } from "./pools";
import { fill } from "./queue";
import { ACK, HEADER, SYN } from "./segment";
import { atMost, before } from "./sequence";
import { advertised } from "./window";
import { largest, startTo, transmit } from "./wire";

/** Two no-operations, kind 4, length 2: RFC 2018 2. */
const SACK_PERMITTED_WORD: u32 = 0x01010000 | (SACK_PERMITTED << 8) | 2;
/** A no-operation, kind 3, length 3, the shift: RFC 7323 2.2. */
const SCALE_WORD: u32 = 0x01000000 | (WINDOW_SCALE << 16) | (3 << 8);
/** Two no-operations, kind 8, length 10: RFC 7323 appendix A. */
const TIME_WORD: u32 = 0x01010000 | (TIMESTAMPS << 8) | 10;

/** RFC 7323 5.4: a clock of milliseconds. */
export function timeOf(now: u64): u32 {
  return <u32>(now / 1_000_000);
}

/** Sends bytes of the queue from `from` on; more than a segment has only over a link that cuts them. False when the device has no buffer: it is to be tried again. */
export function emit(c: Control, flags: u32, from: u32, length: u32, now: u64): bool {
  const nic = c.nic!;
  const packet = nic.link.allocate();
  if (packet == null) {
    count(Tcp.noBuffer);
    return false;
  }
  const bytes = packet.bytes;
  const out = startTo(c.high);
  let at = out + HEADER;
  if ((flags & SYN) != 0) at = synOptions(c, nic, bytes, at);
  if (c.hasTimes) at = times(bytes, at, timeOf(now) + c.timeOffset, c.recentTime);
  if (c.canSack && (c.ranges != null || c.twiceFrom != c.twiceTo) && (flags & SYN) == 0) {
    at = blocks(c, bytes, at, at - out - HEADER, length);
  }
  if (length > 0) fill(c, from, packet, at, length);
  if (length > c.segmentSize) packet.segmentSize = c.segmentSize;
  const window = advertised(c, (flags & SYN) != 0);
  writeHead(
    bytes,
    out,
    (c.localPort << 16) | c.port,
    from,
    (flags & ACK) != 0 ? c.nextToReceive : 0,
    flags,
    window,
    at - out,
  );
  if ((flags & ACK) != 0) acknowledged(c);
  count(Tcp.segmentsOut);
  transmit(nic, packet, c.localHigh, c.local, c.high, c.low, c.hardware, at - out + length);
  return true;
}

/** What is owed to the other side has been told. */
function acknowledged(c: Control): void {
  c.owed = 0;
  c.owesNow = false;
  c.acknowledgeAt = NEVER;
  c.lastAcknowledged = c.nextToReceive;
}

function writeHead(
  bytes: Bytes,
  out: u32,
  ports: u32,
  sequence: u32,
  acknowledgement: u32,
  flags: u32,
  window: u32,
  header: u32,
): void {
  bytes.setBe32(out, ports);
  bytes.setBe32(out + 4, sequence);
  bytes.setBe32(out + 8, acknowledgement);
  bytes.setBe32(out + 12, (header << 26) | (flags << 16) | window);
  bytes.setBe32(out + 16, 0);
}

/** RFC 9293 3.7.1, RFC 2018 2, RFC 7323 2.2. In an answer only what the other side has offered. */
function synOptions(c: Control, nic: Nic, bytes: Bytes, at: u32): u32 {
  bytes.setBe32(at, segmentSizeWord(nic, c.high));
  let next = at + 4;
  if (c.canSack) {
    bytes.setBe32(next, SACK_PERMITTED_WORD);
    next += 4;
  }
  if (c.hasScale) {
    bytes.setBe32(next, SCALE_WORD | c.receiveShift);
    next += 4;
  }
  return next;
}

/** RFC 9293 3.7.1: without the headers of IP and TCP. */
function segmentSizeWord(nic: Nic, high: u64): u32 {
  return (MSS << 24) | (4 << 16) | largest(nic, high);
}

function times(bytes: Bytes, at: u32, value: u32, echo: u32): u32 {
  bytes.setBe32(at, TIME_WORD);
  bytes.setBe32(at + 4, value);
  bytes.setBe32(at + 8, echo);
  return at + 12;
}

/** RFC 2018 4: the block with what came last is first; RFC 2883 4: before it what came twice. As many as find room beside the data and `used` bytes of other options, at most four. */
function blocks(c: Control, bytes: Bytes, at: u32, used: u32, length: u32): u32 {
  const room = length < c.segmentSize ? min(c.segmentSize - length, 40 - used) : 0;
  // The kind and the length, two to fill up, and one block.
  if (room < 12) return at;
  const first = at + 4;
  const end = first + 8 * min((room - 4) / 8, 4);
  let next = first;
  if (c.twiceFrom != c.twiceTo) {
    next = block(bytes, next, c.twiceFrom, c.twiceTo);
    c.twiceFrom = c.twiceTo;
  }
  next = ranges(c, bytes, next, end, true);
  next = ranges(c, bytes, next, end, false);
  if (next == first) return at;
  bytes.setBe32(at, 0x01010000 | (SACK << 8) | (next - at - 2));
  return next;
}

/** The ranges that have what came last, or the others, as far as `end`. */
function ranges(c: Control, bytes: Bytes, at: u32, end: u32, hasLast: bool): u32 {
  let next = at;
  let each: Range | null = c.ranges;
  while (each != null && next < end) {
    if (holds(c, each) == hasLast) next = block(bytes, next, each.from, each.to);
    each = each.next;
  }
  return next;
}

/** Has it what came last? */
function holds(c: Control, range: Range): bool {
  return atMost(range.from, c.lastRange) && before(c.lastRange, range.to);
}

function block(bytes: Bytes, at: u32, from: u32, to: u32): u32 {
  bytes.setBe32(at, from);
  bytes.setBe32(at + 4, to);
  return at + 8;
}

/** A segment of no connection, without payload. `options` bytes of them stand behind the header. */
export function emitAlone(
  ends: Ends,
  packet: Packet,
  ports: u32,
  sequence: u32,
  acknowledgement: u32,
  flags: u32,
  window: u32,
  options: u32,
): void {
  const length = HEADER + options;
  writeHead(packet.bytes, startTo(ends.high), ports, sequence, acknowledgement, flags, window, length);
  count(Tcp.segmentsOut);
  transmit(ends.nic!, packet, ends.localHigh, ends.local, ends.high, ends.low, ends.hardware, length);
}

/** The options of an answer to a SYN of which nothing is kept; their length. */
export function synCookie(bytes: Bytes, ends: Ends, theirs: Options, time: u32, shift: u32): u32 {
  const from = startTo(ends.high) + HEADER;
  let at = from;
  bytes.setBe32(at, segmentSizeWord(ends.nic!, ends.high));
  at += 4;
  // Without timestamps there is no place for what else the other side can do.
  if (!theirs.hasTime) return at - from;
  if (theirs.canSack) {
    bytes.setBe32(at, SACK_PERMITTED_WORD);
    at += 4;
  }
  if (theirs.hasShift) {
    bytes.setBe32(at, SCALE_WORD | shift);
    at += 4;
  }
  return times(bytes, at, time, theirs.time) - from;
}
