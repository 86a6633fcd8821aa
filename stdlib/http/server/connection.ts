/** One connection: requests in, answers out, one after the other. */
import { Bytes } from "../../core/bytes";
import { Sums } from "../../core/sums";
import { Place } from "../../net/places";
import { Stream } from "../../net/tcp";
import { Timed } from "../../net/timed";
import { keep, kept } from "../access/kept";
import { write } from "../access/line";
import { bodyMost, headMost } from "../limits";
import { now } from "../needs/clock";
import { access, auth } from "../parts";
import { heads } from "../request/heads";
import { Event, Intake, request } from "../request/intake";
import { Method } from "../request/request";
import { Ranges } from "../response/ranges";
import { Variant } from "../response/resource";
import { Site } from "../site/model";
import { Status } from "../status";
import { Deed } from "../things/deed";
import * as guard from "../things/guard";
import { State } from "../things/state";
import * as answers from "./answer";
import * as clients from "./clients";
import { countAnswer } from "./counters";
import * as envelope from "./envelope";
import * as waiting from "./waiting";
import * as writer from "./writer";

export namespace Phase {
  /** Waits for a request. */
  export const idle: u32 = 0;
  /** A request is coming in. */
  export const asking: u32 = 1;
  /** An answer is going out. */
  export const answering: u32 = 2;
  /** All is said; what still comes is thrown away until the other side closes. RFC 9112 9.6. */
  export const closing: u32 = 3;
}

const SECOND: u64 = 1_000_000_000;
/** Who takes fewer bytes in a second, seen over at least so many nanoseconds, gives way to others. */
const SLOW_RATE: u64 = 2000;
const SLOW_TIME: u64 = 500_000_000;
const noIntake = new Intake();
const nothing = new Bytes(new StaticArray<u8>(0), 0, 0);
const noRanges = new Ranges([], []);

/** Whose password is looked at. */
let judged: Connection | null = null;

/** In every turn, while a password is looked at. */
export function judge(): void {
  guard.work();
  const whose = judged;
  if (!guard.isDone || whose == null) return;
  const isGranted = guard.isGranted;
  judged = null;
  guard.stop();
  whose.hear(isGranted);
}

@final
export class Connection extends Timed {
  stream: Stream | null = null;
  phase: u32 = Phase.idle;
  isSecure: bool = false;
  /** There are too many: all it hears is that. */
  isTooMany: bool = false;
  /** Of those that are free. */
  next: Connection | null = null;
  private intake: Intake = noIntake;
  /** The other side sends no more. */
  private isHeard: bool = false;
  private isClosing: bool = false;
  /** A head that has found no room yet. */
  private head: Place | null = null;
  private turn: u64 = 0;
  private headLength: u32 = 0;
  private body: Bytes = nothing;
  private from: u32 = 0;
  private length: u32 = 0;
  private sums: Sums | null = null;
  private parts: Variant | null = null;
  private ranges: Ranges = noRanges;
  private part: u32 = 0;
  /** What it waits for: see `wait`. */
  private isJudged: bool = false;
  private deed: Deed | null = null;
  private state: State | null = null;
  private site: Site | null = null;
  private isHead: bool = false;
  private minor: u32 = 0;
  private isPartBegun: bool = false;
  /** When its last answer was begun, and what was under way then. */
  private begunAt: u64 = 0;
  private begunWith: u32 = 0;

  /** Once, when it is made: what it needs for itself. */
  equip(intake: Intake, body: Bytes, ranges: Ranges): void {
    this.intake = intake;
    this.body = body;
    this.ranges = ranges;
  }

  open(stream: Stream, isSecure: bool): void {
    this.stream = stream;
    this.isSecure = isSecure;
    this.isHeard = false;
    this.isClosing = false;
    this.isTooMany = false;
    this.length = 0;
    this.parts = null;
    this.intake.reset();
    this.rest(Phase.idle);
  }

  /** It is in this phase from now on, and waits as long as that allows. */
  private rest(phase: u32): void {
    this.phase = phase;
    waiting.rest(this);
  }

  receive(bytes: Bytes): u32 {
    if (this.phase == Phase.closing) return bytes.length;
    let at: u32 = 0;
    while (at < bytes.length) {
      if (this.phase == Phase.answering) return at;
      // An answer that finds no room would hold up the next one: better it waits here.
      if (!this.intake.isInBody && !this.stream!.hasRoom()) return at;
      at = this.intake.take(bytes, at, headMost, bodyMost);
      const event = this.intake.event;
      if (event == Event.head) this.answer();
      else if (event == Event.refused) this.refuse(this.intake.status);
      else if (event == Event.end) this.rest(Phase.idle);
      else if (this.phase == Phase.idle && (this.intake.isInHead || this.intake.isInBody))
        this.rest(Phase.asking);
      if (this.isOver) return bytes.length;
    }
    return at;
  }

  /** Nothing is heard any more. */
  private get isOver(): bool {
    return this.phase == Phase.closing || this.stream == null;
  }

  private answer(): void {
    const time = now();
    if (this.isTooMany) answers.refuse(Status.unavailable, time);
    else if (!clients.mayAsk(this.stream!, time)) answers.refuse(Status.tooMany, time);
    else answers.answer(request, this.isSecure, time);
    if (auth && answers.isWaiting) return this.wait();
    if (access) write(this.stream!, request, answers.status, answers.size, time);
    this.begin();
  }

  /** It is being found out whether this client may have what he wants. */
  private wait(): void {
    this.isJudged = true;
    this.deed = answers.waitingFor;
    this.state = answers.waitingState;
    this.site = answers.waitingSite;
    this.isHead = request.method == Method.head;
    this.minor = request.minor;
    if (access) keep(request);
    this.isClosing = answers.isClosing;
    this.length = 0;
    this.begunAt = now();
    this.begunWith = 0;
    this.rest(Phase.answering);
    judged = this;
  }

  /** It is known now. */
  hear(isGranted: bool): void {
    const time = now();
    this.isJudged = false;
    answers.resume(this.minor, this.isHead, this.isClosing);
    answers.finish(isGranted, this.deed, this.state, this.site!, time);
    if (access) write(this.stream!, kept, answers.status, answers.size, time);
    this.begin();
    if (this.phase == Phase.idle || this.phase == Phase.asking) this.stream!.resume();
  }

  /** Says this and nothing more. */
  refuse(status: u32): void {
    const time = now();
    answers.refuse(status, time);
    if (access) write(this.stream!, null, status, answers.size, time);
    this.begin();
  }

  private begin(): void {
    countAnswer(answers.status);
    this.isClosing = answers.isClosing;
    this.body.window(answers.body, 0, answers.body.length);
    this.from = answers.from;
    this.sums = answers.sums;
    this.length = answers.length;
    this.parts = answers.parts;
    if (this.parts != null) this.ranges.take(answers.ranges);
    this.part = 0;
    this.isPartBegun = false;
    this.begunAt = now();
    this.rest(Phase.answering);
    const stream = this.stream!;
    if (!stream.write(writer.written, 0, writer.length)) this.keep();
    this.push();
    this.begunWith = stream.queued();
  }

  /** Room may come later. */
  private keep(): void {
    const head = heads.take();
    if (head.bytes.length < writer.length) {
      this.abort();
      return;
    }
    this.head = head;
    this.turn = head.turn;
    this.headLength = writer.length;
    head.bytes.copy(0, writer.written, 0, writer.length);
  }

  /** Sends what there is room for, and goes on when all is sent. */
  private push(): void {
    const stream = this.stream;
    if (stream == null) return;
    const head = this.head;
    if (head != null) {
      if (!heads.isOf(head, this.turn)) {
        this.abort();
        return;
      }
      if (!stream.write(head.bytes, 0, this.headLength)) return;
      heads.give(head, this.turn);
      this.head = null;
    }
    if (this.parts != null) {
      if (!this.pushParts(stream)) return;
    } else if (this.length > 0) {
      if (!stream.send(this.body, this.from, this.length, this.sums)) return;
      this.length = 0;
    }
    this.finish(stream);
  }

  /** False while there is no room. */
  private pushParts(stream: Stream): bool {
    const variant = this.parts!;
    while (this.part < this.ranges.count) {
      const n = <i32>this.part;
      if (!this.isPartBegun) {
        envelope.beforePart(variant, this.ranges, n);
        if (!stream.write(writer.written, 0, writer.length)) return false;
        this.isPartBegun = true;
      }
      const first = this.ranges.first[n];
      if (!stream.send(variant.body, first, this.ranges.last[n] - first + 1, variant.sums)) return false;
      this.isPartBegun = false;
      this.part += 1;
    }
    envelope.behindParts(variant);
    if (!stream.write(writer.written, 0, writer.length)) return false;
    this.parts = null;
    return true;
  }

  private finish(stream: Stream): void {
    if (!this.isClosing && !this.isHeard) {
      this.rest(this.intake.isInBody ? Phase.asking : Phase.idle);
      return;
    }
    this.intake.reset();
    this.rest(Phase.closing);
    stream.close();
  }

  finished(): void {
    this.isHeard = true;
    if (this.phase == Phase.answering || this.phase == Phase.closing) return;
    // RFC 9112 8: a request that is cut off is not answered.
    this.rest(Phase.closing);
    this.stream!.close();
  }

  writable(): void {
    if (auth && this.isJudged) return;
    if (this.phase != Phase.answering) {
      if (!this.isOver) this.stream!.resume();
      return;
    }
    waiting.rest(this);
    this.push();
    if (this.phase == Phase.idle || this.phase == Phase.asking) this.stream!.resume();
  }

  ended(_reason: i32): void {
    this.free();
  }

  /** Its time is over. */
  expire(): void {
    const stream = this.stream!;
    if (this.phase == Phase.asking && !this.intake.isInBody) {
      this.refuse(Status.timeout);
      return;
    }
    if (this.phase == Phase.idle) {
      // Its answer is still on the way.
      if (!this.isSent()) {
        waiting.rest(this);
        return;
      }
      this.rest(Phase.closing);
      stream.close();
      return;
    }
    // While something is under way it may arrive: TCP gives up when it does not.
    if (this.phase == Phase.closing && !this.isSent()) waiting.rest(this);
    else this.abort();
  }

  /** Nothing of what it has said is under way. */
  isSent(): bool {
    const stream = this.stream;
    return stream == null || stream.queued() == 0;
  }

  /** It has had its answer for a while, and takes too little of it. Asked only while others find no place. */
  isTooSlow(time: u64): bool {
    const passed = time - this.begunAt;
    const taken = <i64>this.begunWith - <i64>this.stream!.queued();
    return passed >= SLOW_TIME && taken < <i64>((passed * SLOW_RATE) / SECOND);
  }

  abort(): void {
    const stream = this.stream;
    if (stream == null) return;
    this.free();
    stream.abort();
  }

  private free(): void {
    if (auth && this.isJudged) {
      this.isJudged = false;
      judged = null;
      guard.stop();
    }
    this.intake.reset();
    const head = this.head;
    if (head != null) heads.give(head, this.turn);
    this.head = null;
    this.stream = null;
    waiting.free(this);
  }
}
