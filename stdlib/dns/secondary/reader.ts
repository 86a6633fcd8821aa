/** Reads the messages of a transfer: RFC 5936 2.2, RFC 1995 4. Nothing that they say is believed before it was looked at. */
import { Bytes } from "../../core/bytes";
import { AFTER_NAME, FIRST_ZONE, HEADER } from "../layout";
import { QR, RCODE } from "../server/codes";
import * as courses from "../server/course";
import { afterName, NAME_LIMIT, readName } from "../server/names";
import { startName } from "../server/place";
import * as out from "../server/reply";
import { buffer } from "../stream/whole";
import { records, useTable } from "../tables";
import * as zones from "../transfer/out";
import { isLater, NUMBERS } from "../transfer/serial";
import { CLASS_IN, OPT, SOA } from "../types";
import { Copy } from "./copies";
import * as incoming from "./incoming";

export namespace Read {
  export const more: i32 = 0;
  /** All is there. */
  export const done: i32 = 1;
  /** What we have is what there is. */
  export const current: i32 = 2;
  export const malformed: i32 = 3;
  export const full: i32 = 4;
  /** The server has refused; `code` says how. */
  export const refused: i32 = 5;
  /** It is told in steps from a version that we do not have. */
  export const astray: i32 = 6;
}

namespace Mode {
  export const first: i32 = 0;
  export const second: i32 = 1;
  export const whole: i32 = 2;
  export const leaving: i32 = 3;
  export const coming: i32 = 4;
}

/** Types that are no data: RFC 6895 3.1. */
const FIRST_QUESTION: u32 = 128;
const LAST_QUESTION: u32 = 255;

let copy: Copy | null = null;
let id: u32 = 0;
let hasOld: bool = false;
let mode: i32 = Mode.first;
/** The serial number that it comes to, that of the step, and the timers of the SOA in seconds. */
export let serial: u32 = 0;
export let refresh: u32 = 0;
export let retry: u32 = 0;
export let expire: u32 = 0;
let step: u32 = 0;
export let code: u32 = 0;
let name: Bytes = records;

/** In `prepare`. */
export function makeReader(): void {
  name = new Bytes(new StaticArray<u8>(<i32>NAME_LIMIT), 0, NAME_LIMIT);
}

/** Answers to the question with this number follow. `old`: it was told which version is here. */
export function begin(about: Copy, number: u32, old: bool): void {
  copy = about;
  id = number;
  hasOld = old;
  mode = Mode.first;
  incoming.clear();
}

/** Reads the next message, of `length` bytes. */
export function read(message: Bytes, length: u32): i32 {
  if (length < HEADER || message.be16(0) != id) return Read.malformed;
  const flags = message.be16(2);
  if ((flags & QR) == 0 || (flags & 0x7a00) != 0) return Read.malformed;
  code = flags & RCODE;
  if (code != 0) return Read.refused;
  const questions = message.be16(4);
  let left = message.be16(6);
  let at: u32 = HEADER;
  if (questions > 1 || left == 0) return Read.malformed;
  if (questions == 1) {
    at = afterName(message, at) + 4;
    if (at == 4) return Read.malformed;
  }
  for (; left > 0; left--) {
    const head = afterName(message, at);
    if (head == 0 || head + 10 > length) return Read.malformed;
    const type = message.be16(head);
    const size = message.be16(head + 8);
    const value = head + 10;
    if (value + size > length || message.be16(head + 2) != CLASS_IN) return Read.malformed;
    const result =
      type == SOA
        ? start(message, at, head, value, size, left == 1)
        : record(message, at, type, message.be32(head + 4), value, size);
    if (result != Read.more) return result;
    at = value + size;
  }
  return Read.more;
}

/** A SOA begins a transfer, a step, or ends it. */
function start(message: Bytes, at: u32, head: u32, value: u32, size: u32, isLast: bool): i32 {
  const apex = copy!.name;
  const length = readName(message, at, name);
  if (length != apex.length || !name.equals(0, apex, 0, length)) return Read.malformed;
  const mname = afterName(message, value);
  const numbers = mname == 0 ? 0 : afterName(message, mname);
  if (numbers == 0 || numbers + NUMBERS != value + size) return Read.malformed;
  const own = message.be32(numbers);
  if (mode == Mode.first) {
    serial = own;
    refresh = message.be32(numbers + 4);
    retry = message.be32(numbers + 8);
    expire = message.be32(numbers + 12);
    // What is older than what is here is not taken, nor what is the same.
    if (hasOld && !isLater(own, copy!.serial)) return Read.current;
    mode = Mode.second;
    return taken(incoming.add(message, at, SOA, message.be32(head + 4), value, size, apex, false));
  }
  if (mode == Mode.second && own != serial) {
    if (!hasOld || own != copy!.serial) return Read.astray;
    mode = Mode.leaving;
    step = own;
    return load();
  }
  if (mode == Mode.leaving) {
    mode = Mode.coming;
    step = own;
    return Read.more;
  }
  if (mode == Mode.coming && (step != serial || own != serial)) {
    if (own != step) return Read.astray;
    mode = Mode.leaving;
    return Read.more;
  }
  // RFC 5936 2.2: the SOA again, and nothing behind it.
  return own == serial && isLast ? Read.done : Read.malformed;
}

function record(message: Bytes, at: u32, type: u32, ttl: u32, value: u32, size: u32): i32 {
  if (mode == Mode.first) return Read.malformed;
  if (mode == Mode.second) mode = Mode.whole;
  const isQuestion = type >= FIRST_QUESTION && type <= LAST_QUESTION;
  if (type == 0 || type == OPT || isQuestion) return Read.malformed;
  return taken(incoming.add(message, at, type, ttl, value, size, copy!.name, mode == Mode.leaving));
}

/** What lies outside of the zone is none of the server's business, and not taken. */
function taken(how: i32): i32 {
  if (how == incoming.Taken.malformed) return Read.malformed;
  return how == incoming.Taken.full ? Read.full : Read.more;
}

/** Steps change what is here: it is written as for another server, and taken in first. */
function load(): i32 {
  const own = copy!;
  useTable(own.current!);
  courses.begin(null);
  do {
    const length = writeOwn(own);
    const how = out.truncated ? Read.full : readOwn(own, length);
    if (how != Read.more) return how;
  } while (courses.advance());
  return Read.more;
}

/** The next message, behind a question for the zone's name. */
function writeOwn(own: Copy): u32 {
  const message = buffer();
  const size = own.name.length;
  message.copy(HEADER, own.name, 0, size);
  out.startReply(message, HEADER + size + AFTER_NAME, message.length);
  startName(size);
  zones.putNext(FIRST_ZONE);
  message.setBe16(6, zones.count);
  return out.at;
}

/** All of it but the SOA. */
function readOwn(own: Copy, length: u32): i32 {
  const message = buffer();
  let at = HEADER + own.name.length + AFTER_NAME;
  for (let left = message.be16(6); left > 0; left--) {
    const head = afterName(message, at);
    const type = message.be16(head);
    const size = message.be16(head + 8);
    if (type != SOA) {
      const how = incoming.add(message, at, type, message.be32(head + 4), head + 10, size, own.name, false);
      if (how != incoming.Taken.yes) return taken(how);
    }
    at = head + 10 + size;
  }
  return at == length ? Read.more : Read.malformed;
}
