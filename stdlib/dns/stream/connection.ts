/** One connection: questions in, answers out, one after the other. RFC 7766. */
import { Bytes } from "../../core/bytes";
import { Stream } from "../../net/tcp";
import { Timed } from "../../net/timed";
import { count, countAnswer, Dns } from "../counters";
import { HEADER } from "../layout";
import { measured, secondary, transfer } from "../parts";
import * as asker from "../server/asker";
import * as courses from "../server/course";
import { Course } from "../server/course";
import { respondStream } from "../server/respond";
import { Gathered, LONGEST } from "./message";
import * as waiting from "./waiting";
import { buffer, PREFIX, whole } from "./whole";

export namespace Phase {
  /** Waits for a question. */
  export const idle: i32 = 0;
  /** A question is coming in. */
  export const asking: i32 = 1;
  /** An answer waits until the other side has taken more. */
  export const answering: i32 = 2;
  /** An answer waits until others leave memory for it. */
  export const starved: i32 = 3;
  /** All is said. */
  export const closing: i32 = 4;
}

/** An answer longer than this goes out in pieces, as there is room. */
const AT_ONCE: u32 = 4096;
const PIECE: u32 = 1024;
/** Bytes of a zone that one connection has on its way. */
const COPIES: u32 = 32768;
/** So often memory is looked for, twenty milliseconds apart. */
const TRIES: u16 = 500;

const question = new Bytes(new StaticArray<u8>(0), 0, 0);

@final
export class Connection extends Timed {
  stream: Stream | null = null;
  /** Of those that are free. */
  next: Connection | null = null;
  private phase: i32 = Phase.idle;
  private gathered: Gathered = new Gathered();
  /** Bytes of the current answer that are out. */
  private sent: u32 = 0;
  private tries: u16 = 0;
  /** The other side sends no more. */
  private isHeard: bool = false;
  /** What the rest of the current answer is made from. */
  private course: Course | null = null;

  open(stream: Stream): void {
    this.stream = stream;
    this.sent = 0;
    this.tries = 0;
    this.isHeard = false;
    this.rest(Phase.idle);
  }

  private rest(phase: i32): void {
    this.phase = phase;
    waiting.rest(this, phase);
  }

  /** What it leaves is a question whose answer has found no room, and what is behind it: it comes again by `resume`. */
  receive(bytes: Bytes): u32 {
    let at: u32 = 0;
    while (at < bytes.length) {
      if (this.phase == Phase.closing) return bytes.length;
      if (this.isStuck) return at;
      if (!this.gathered.isBegun) {
        const size = wholeAt(bytes, at);
        if (size != 0) {
          question.window(bytes, at + PREFIX, size - PREFIX);
          if (!this.answer()) return at;
          if (this.isGone) return bytes.length;
          at += size;
          continue;
        }
        this.gathered.begin();
        // However slowly it comes: its time begins now, not with each piece.
        if (this.phase == Phase.idle) this.rest(Phase.asking);
      }
      if (!this.gathered.isKept) {
        count(Dns.noPlace);
        this.abort();
        return bytes.length;
      }
      at += this.gathered.take(bytes, at);
      if (this.gathered.hasSize && !isSound(this.gathered.size)) this.refuse();
      else if (this.gathered.isWhole) this.answerGathered();
      if (this.isGone) return bytes.length;
    }
    return at;
  }

  /** A whole message waits for its answer to be sent. */
  private get isStuck(): bool {
    return this.gathered.isBegun && this.gathered.isKept && this.gathered.isWhole;
  }

  /** An answer could not be finished. */
  private get isGone(): bool {
    return secondary && this.stream == null;
  }

  private answerGathered(): void {
    this.gathered.show(question);
    if (this.answer()) this.gathered.end();
  }

  /** Answers `question`; false when not all of the answer has found room. */
  private answer(): bool {
    if (!isSound(question.length)) {
      this.refuse();
      return true;
    }
    if (asker.ASKERS) asker.set(this.stream!.high, this.stream!.low);
    if (courses.COURSES) {
      const course = this.course;
      if (course != null && !courses.isCurrent(course)) {
        // Part of an answer is out that cannot be finished.
        this.abort();
        return true;
      }
      courses.begin(course);
    }
    while (true) {
      const reply = buffer();
      const size = respondStream(question, reply);
      if (measured) countAnswer(Dns.overTcp, reply, size);
      whole.setBe16(0, size);
      if (size != 0 && !this.push(PREFIX + size)) {
        if (courses.COURSES) this.course = courses.keep();
        this.wait();
        return false;
      }
      this.sent = 0;
      this.tries = 0;
      if (!transfer || !courses.advance()) break;
    }
    this.finishCourse();
    this.rest(Phase.idle);
    return true;
  }

  private finishCourse(): void {
    if (!courses.COURSES) return;
    const course = this.course;
    if (course != null) courses.release(course);
    this.course = null;
  }

  private push(length: u32): bool {
    const stream = this.stream!;
    // Copies of zones leave memory for the answers of others.
    if (transfer && stream.queued() > COPIES && courses.course().rest + courses.course().from != 0)
      return false;
    while (this.sent < length) {
      const left = length - this.sent;
      const part = left <= AT_ONCE ? left : PIECE;
      if (!stream.write(whole, this.sent, part)) return false;
      this.sent += part;
    }
    return true;
  }

  private wait(): void {
    // With nothing on its way nobody would tell when there is room.
    if (this.stream!.queued() > 0) {
      this.tries = 0;
      this.rest(Phase.answering);
    } else this.rest(Phase.starved);
  }

  /** Goes on with the answer that found no room. */
  writable(): void {
    if (this.phase != Phase.answering && this.phase != Phase.starved) return;
    if (this.isStuck) this.answerGathered();
    else if (this.gathered.isBegun) return this.abort();
    // The question is with TCP still, or it is answered now and the next ones are.
    if (this.isStuck || this.isGone) return;
    if (this.isHeard) this.close();
    else this.stream!.resume();
  }

  /** What no question of DNS is: whoever sends it is not understood from here on. */
  private refuse(): void {
    count(Dns.badLength);
    this.close();
  }

  finished(): void {
    this.isHeard = true;
    // RFC 7766 6.2.4: a question that is cut off is not answered; one that is being answered is.
    if (this.phase == Phase.idle || this.phase == Phase.asking) this.close();
  }

  private close(): void {
    this.gathered.end();
    this.rest(Phase.closing);
    this.stream!.close();
  }

  ended(_reason: i32): void {
    this.free();
  }

  /** Its time is over. */
  expire(): void {
    if (this.phase == Phase.starved && this.tries < TRIES) {
      this.tries += 1;
      // Also when nothing comes of it, it waits again.
      this.rest(Phase.starved);
      return this.writable();
    }
    // While something is under way it may arrive: TCP gives up when it does not.
    if (this.phase == Phase.closing && this.stream!.queued() > 0) return this.rest(Phase.closing);
    if (this.phase != Phase.closing) count(Dns.expired);
    if (this.phase == Phase.idle) this.close();
    else this.abort();
  }

  abort(): void {
    const stream = this.stream;
    if (stream == null) return;
    this.free();
    stream.abort();
  }

  private free(): void {
    this.gathered.end();
    this.finishCourse();
    this.stream = null;
    waiting.free(this);
  }
}

/** Bytes of the message with its length at `at`, if all of it is there; 0 if not. */
function wholeAt(bytes: Bytes, at: u32): u32 {
  if (!bytes.has(at, PREFIX)) return 0;
  const size = PREFIX + bytes.be16(at);
  return bytes.has(at, size) ? size : 0;
}

function isSound(size: u32): bool {
  return size >= HEADER && size <= LONGEST;
}
