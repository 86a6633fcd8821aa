/**
 * Answers that are not out at once: of several messages (transfers), or signed, which says when. What is left of them is made anew from the question
 * when there is room for more, so what must not change meanwhile is kept here.
 */
import { Bytes } from "../../core/bytes";
import { Pool } from "../../core/pool";
import { secondary, transfer, tsig } from "../parts";
import { records, version } from "../tables";

/** Are there such answers? */
export const COURSES: bool = transfer || tsig || secondary;

/** The longest message authentication code. */
export const MOST_MAC: u32 = 64;

@final
export class Course {
  /** Of those that are free. */
  next: Course | null = null;
  /** Place of its code in `macs`. */
  number: u32 = 0;
  /** Where in a zone the message that is being sent begins (0: at the beginning), and where the one after it does (0: there is none). */
  from: u64 = 0;
  rest: u64 = 0;
  /** Seconds since 1970 when the answer was begun; 0: nobody has asked. */
  time: u64 = 0;
  /** The version of zones that it is made from. */
  version: u32 = 0;
}

/** That of the question that is being answered, and that of those which are answered at once. Made in `prepare`, if there are such answers. */
let current: Course | null = null;
let fresh: Course | null = null;
let pool: Pool<Course> | null = null;
let spare: Course | null = null;
let made: u32 = 0;
/** Of each course the code of the message before the one that is being sent, then that of this one. */
let macs: Bytes = records;

/** In `prepare`: so many answers may be on their way. */
export function make(count: u32): void {
  const first = new Course();
  fresh = first;
  current = first;
  pool = new Pool<Course>(first, count);
  const size = (count + 1) * MOST_MAC * 2;
  macs = new Bytes(new StaticArray<u8>(<i32>size), 0, size);
}

export function reset(): void {
  pool!.reset();
  spare = null;
  made = 0;
}

/** That of the question that is being answered. */
export function course(): Course {
  return current!;
}

/** A question is answered whose answer is `kept`, or not yet begun. */
export function begin(kept: Course | null): void {
  if (kept != null) {
    current = kept;
    return;
  }
  const one = fresh!;
  current = one;
  one.from = 0;
  one.rest = 0;
  one.time = 0;
  one.version = version;
}

/** Is what is left of the answer made from the same zones as what is out? */
export function isCurrent(kept: Course): bool {
  return !secondary || kept.version == version;
}

/** The answer is not out yet. */
export function keep(): Course {
  const begun = course();
  if (begun != fresh) return begun;
  const free = spare;
  let one: Course;
  if (free != null) {
    one = free;
    spare = free.next;
  } else {
    one = pool!.next()!;
    made += 1;
    one.number = made;
  }
  one.next = null;
  one.from = begun.from;
  one.rest = begun.rest;
  one.time = begun.time;
  one.version = begun.version;
  macs.copy(place(one), macs, place(begun), MOST_MAC * 2);
  current = one;
  return one;
}

export function release(kept: Course): void {
  kept.next = spare;
  spare = kept;
}

/** The message is out: true if another follows. */
export function advance(): bool {
  const one = course();
  if (one.rest == 0) return false;
  one.from = one.rest;
  one.rest = 0;
  macs.copy(place(one), macs, place(one) + MOST_MAC, MOST_MAC);
  return true;
}

/** `view` shows the code of the message before. */
export function showBefore(view: Bytes, size: u32): void {
  view.window(macs, place(course()), size);
}
/** `view` takes that of the message itself. */
export function showOwn(view: Bytes, size: u32): void {
  view.window(macs, place(course()) + MOST_MAC, size);
}

function place(one: Course): u32 {
  return one.number * MOST_MAC * 2;
}
