/** What is heard: questions are answered, now or a little later; who has a name of ours makes us take another. RFC 6762 5 to 9. */
import { Bytes } from "../core/bytes";
import { Heard } from "../net/listener";
import { Nic } from "../net/nic";
import { Lane, NEVER, State } from "./lane";
import { contradicts, knownRecords, TOP, wanted } from "./match";
import { random } from "./needs/random";
import * as reader from "./reader";
import { host, MOST_RECORDS, services, unique } from "./records";
import * as say from "./say";
import { precedes } from "./tie";

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
const PORT: u32 = 5353;
const RESPONSE: u32 = 0x8000;
const OPCODE_AND_RCODE: u32 = 0x780f;
const TRUNCATED: u32 = 0x0200;
/** RFC 6762 6: nothing is told to all more often; in defence of a name a little more often. */
const APART: u64 = SECOND;
const APART_IN_DEFENCE: u64 = 250 * MILLISECOND;
/** A quarter of the shortest time that a record is kept is too long where that may be a second: RFC 6762 5.4 has it so. */
const RECENT: u64 = 30 * SECOND;
/** Answers to one alone in a second: what is longer than the question must not be had without end. */
const MOST_ALONE: u32 = 20;

/** True: a name of ours is somebody else's. */
export function hear(lane: Lane, on: Nic, message: Bytes, from: Heard, now: u64): bool {
  if (!message.has(0, reader.HEADER)) return false;
  const flags = message.be16(2);
  if ((flags & OPCODE_AND_RCODE) != 0) return false;
  reader.begin(message);
  // RFC 6762 6: who answers does so from the port of all.
  if ((flags & RESPONSE) != 0) return from.port == PORT && respond(lane, message, on);
  query(lane, on, message, from, flags, now);
  return false;
}

/** Does somebody say otherwise of a name of ours? */
function respond(lane: Lane, message: Bytes, on: Nic): bool {
  for (let n = reader.count(0); n > 0; n--) if (!reader.question()) return false;
  for (let n = reader.count(1) + reader.count(2) + reader.count(3); n > 0; n--) {
    if (!reader.record()) return false;
    if (lane.state != State.off && contradicts(message, on)) return true;
  }
  return false;
}

function query(lane: Lane, on: Nic, message: Bytes, from: Heard, flags: u32, now: u64): void {
  let all: u64 = 0;
  let alone: u64 = 0;
  const questions = reader.count(0);
  for (let n = questions; n > 0; n--) {
    if (!reader.question()) return;
    const found = wanted(message, on);
    if ((reader.classOf & TOP) != 0 || !from.isToAll) alone |= found;
    else all |= found;
  }
  let known: u64 = 0;
  for (let n = reader.count(1); n > 0; n--) {
    if (!reader.record()) return;
    known |= knownRecords(message, on);
  }
  const isProbe = reader.count(2) > 0;
  if (lane.state == State.probing) return contend(lane, message, on, now);
  if (lane.state == State.off) return;
  forget(lane, from, known, flags);
  all &= ~known;
  alone &= ~known;
  if (from.port != PORT) {
    if ((all | alone) != 0 && mayAnswerAlone(lane, now)) say.reply(lane, all | alone, from, message);
    return;
  }
  // What was not told to all for long is, whoever wants it for himself: RFC 6762 5.4.
  const recent = toldWithin(lane, RECENT, now);
  all |= alone & ~recent;
  alone &= recent;
  if (alone != 0 && mayAnswerAlone(lane, now)) say.reply(lane, alone, from, null);
  all &= ~toldWithin(lane, isProbe ? APART_IN_DEFENCE : APART, now);
  if (all == 0) return;
  lane.pending |= all;
  lane.pendingAt = min(lane.pendingAt, now + patience(all, flags, questions, from, lane));
}

/** RFC 6762 6: what nobody else has is told at once; what others have too, and what may still be known, a little later. */
function patience(records: u64, flags: u32, questions: u32, from: Heard, lane: Lane): u64 {
  if ((flags & TRUNCATED) != 0) {
    lane.waitsForHigh = from.high;
    lane.waitsForLow = from.low;
    return (400 + (random() % 100)) * MILLISECOND;
  }
  if ((records & ~unique) == 0 && questions == 1) return 0;
  return (20 + (random() % 100)) * MILLISECOND;
}

/** What somebody knows who has said that more comes: RFC 6762 7.2. */
function forget(lane: Lane, from: Heard, known: u64, flags: u32): void {
  if (lane.waitsForLow != from.low || lane.waitsForHigh != from.high || known == 0) return;
  lane.pending &= ~known;
  if (lane.pending == 0) lane.pendingAt = NEVER;
  if ((flags & TRUNCATED) == 0) lane.waitsForLow = 0;
}

function toldWithin(lane: Lane, time: u64, now: u64): u64 {
  let found: u64 = 0;
  for (let n = 0; n < MOST_RECORDS; n++)
    if (lane.toldAt[n] != 0 && now - lane.toldAt[n] < time) found |= (<u64>1) << (<u64>n);
  return found;
}

function mayAnswerAlone(lane: Lane, now: u64): bool {
  if (now - lane.tokensAt >= SECOND) {
    lane.tokensAt = now;
    lane.tokens = MOST_ALONE;
  }
  if (lane.tokens == 0) return false;
  lane.tokens -= 1;
  return true;
}

/** Somebody asks at the same time whether a name is free. Whose records come first waits: RFC 6762 8.2. */
function contend(lane: Lane, message: Bytes, on: Nic, now: u64): void {
  const from = reader.place();
  let isBehind = precedes(message, from, host, null, on);
  for (let n = 0; n < services.length && !isBehind; n++)
    isBehind = precedes(message, from, services[n].instance, services[n], on);
  if (isBehind) lane.probe(now + SECOND);
}
