/**
 * XenStore (Xen, docs/misc/xenstore.txt, include/public/io/xs_wire.h): a tree of names and texts, in which the two sides of a device find each other. A
 * request is built with `begin`, `text`, `number` and `copy`, and sent by `read`, `list`, `write`, `remove` or `watch`, which wait for the answer. Who
 * answers is not trusted: his indexes and lengths are looked at, and what makes no sense ends all talk with him.
 */
import { Level } from "../../../../stdlib/core/level";
import { Parameter, parameter, send } from "../calls";
import { fence, load8, load32, store8, store32 } from "../hw";
import { forget, listen, sleep, systemTime } from "./needs/events";
import * as log from "./needs/log";

namespace Type {
  export const list: u32 = 1;
  export const read: u32 = 2;
  export const watch: u32 = 4;
  export const unwatch: u32 = 5;
  export const transactionStart: u32 = 6;
  export const transactionEnd: u32 = 7;
  export const write: u32 = 11;
  export const remove: u32 = 13;
  export const event: u32 = 15;
  export const error: u32 = 16;
  export const resetWatches: u32 = 21;
}

/** struct xenstore_domain_interface. */
const RING: u32 = 1024;
const ANSWERS: u64 = 1024;
namespace Index {
  export const requestConsumer: u64 = 2048;
  export const requestProducer: u64 = 2052;
  export const answerConsumer: u64 = 2056;
  export const answerProducer: u64 = 2060;
}
const HEADER: u32 = 16;
/** The longest answer that the protocol has. */
const LONGEST: u32 = 4096;
const LONGEST_REQUEST: u32 = 512;

const MILLISECOND: u64 = 1_000_000;
/** How long an answer may take. */
const PATIENCE: u64 = 5000 * MILLISECOND;
/** A sleep in between; then the ring is looked at again in any case. */
const NAP: u64 = 100 * MILLISECOND;

let ring: u64 = 0;
let port: u32 = 0;
/** The other side has broken the rules, or does not answer. */
let broken = false;
let lastId: u32 = 0;
let transaction: u32 = 0;

const request = new StaticArray<u8>(<i32>LONGEST_REQUEST);
let requestLength: u32 = 0;
let tooLong = false;

/** The answer to the last request; `length` bytes of it. */
export const answer = new StaticArray<u8>(<i32>LONGEST);
export let length: u32 = 0;

const header = new StaticArray<u8>(<i32>HEADER);
/** What an event says: path, 0, token, 0. */
const event = new StaticArray<u8>(<i32>LONGEST);

/** Bit n: a watch with the token n has fired. */
let fired: u64 = 0;

export function start(): void {
  ring = parameter(Parameter.storeFrame) << 12;
  port = <u32>parameter(Parameter.storeEvent);
  broken = ring == 0;
  transaction = 0;
  fired = 0;
  listen(port);
  if (broken) return;
  // What a former life of this guest has not read is nobody's, and neither is what it watched.
  store32(ring + Index.answerConsumer, load32(ring + Index.answerProducer));
  begin();
  byte(0);
  ask(Type.resetWatches);
}

// ---- what is asked

export function begin(): void {
  requestLength = 0;
  tooLong = false;
}

export function text(value: string): void {
  for (let n = 0; n < value.length; n++) byte(<u32>value.charCodeAt(n) & 0xff);
}

export function number(value: u64): void {
  let unit: u64 = 1;
  while (value / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) byte(48 + <u32>((value / unit) % 10));
}

export function copy(from: StaticArray<u8>, count: u32): void {
  for (let n: u32 = 0; n < count; n++) byte(from[<i32>n]);
}

export function byte(value: u32): void {
  if (requestLength == LONGEST_REQUEST) {
    tooLong = true;
    return;
  }
  request[<i32>requestLength] = <u8>value;
  requestLength++;
}

// ---- what is done with it

/** The text at a path. False when there is none. */
export function read(): bool {
  byte(0);
  return ask(Type.read);
}

/** The names below a path, each with a 0 behind it. */
export function list(): bool {
  byte(0);
  return ask(Type.list);
}

/** The request is a path, `byte(0)` and a text. */
export function write(): bool {
  return ask(Type.write);
}

export function remove(): bool {
  byte(0);
  return ask(Type.remove);
}

/** `takeFired` has the bit `token`, at most 63, whenever something at or below the path has changed; and once now. */
export function watch(token: u32): bool {
  withToken(token);
  return ask(Type.watch);
}

/** Ends what `watch` began with this path and this token. */
export function unwatch(token: u32): bool {
  withToken(token);
  return ask(Type.unwatch);
}

function withToken(token: u32): void {
  byte(0);
  number(<u64>token);
  byte(0);
}

/** What follows happens together, or not at all. */
export function beginTransaction(): bool {
  begin();
  byte(0);
  transaction = 0;
  if (!ask(Type.transactionStart)) return false;
  transaction = <u32>decimal(0);
  return true;
}

/** False when others were faster: it is to be done again. */
export function endTransaction(): bool {
  begin();
  byte(84); // T
  byte(0);
  const done = ask(Type.transactionEnd);
  transaction = 0;
  return done;
}

/** The number at the front of the answer; `otherwise` when there is none. */
export function decimal(otherwise: u64): u64 {
  let value: u64 = 0;
  let n: u32 = 0;
  for (; n < length && n < 18; n++) {
    const digit = <u32>answer[<i32>n] - 48;
    if (digit > 9) break;
    value = value * 10 + <u64>digit;
  }
  return n == 0 ? otherwise : value;
}

/** The tokens whose watches have fired since the last call. */
export function takeFired(): u64 {
  let some = false;
  while (!broken && receive(header, HEADER, false)) {
    some = true;
    if (!takeMessage()) break;
  }
  // Who has filled the ring waits to hear that there is room.
  if (some) send(port);
  const bits = fired;
  fired = 0;
  return bits;
}

// ---- the ring

function ask(type: u32): bool {
  length = 0;
  if (broken || tooLong) return false;
  const id = ++lastId;
  putWord(type);
  putWord(id);
  putWord(type == Type.transactionStart || type == Type.watch || type == Type.unwatch ? 0 : transaction);
  putWord(requestLength);
  for (let n: u32 = 0; n < requestLength; n++) put(request[<i32>n]);
  send(port);
  while (!broken && receive(header, HEADER, true)) {
    const isMine = word(header, 4) == id && word(header, 0) != Type.event;
    if (!takeMessage()) break;
    if (isMine) return word(header, 0) == type;
  }
  return false;
}

/** The rest of the message of which the header was read. */
function takeMessage(): bool {
  const size = word(header, 12);
  if (size > LONGEST) return fail("says too much");
  if (word(header, 0) != Type.event) {
    length = size;
    return receive(answer, size, true);
  }
  if (!receive(event, size, true)) return false;
  let at: u32 = 0;
  while (at < size && event[<i32>at] != 0) at++;
  let token: u32 = 0;
  for (at++; at < size && event[<i32>at] != 0; at++) token = token * 10 + (<u32>event[<i32>at] - 48);
  if (token < 64) fired |= (<u64>1) << (<u64>token);
  return true;
}

function word(from: StaticArray<u8>, at: i32): u32 {
  return load<u32>(changetype<usize>(from) + <usize>at);
}

function putWord(value: u32): void {
  for (let shift: u32 = 0; shift < 32; shift += 8) put((value >> shift) & 0xff);
}

function put(value: u32): void {
  const until = systemTime() + PATIENCE;
  const producer = load32(ring + Index.requestProducer);
  while (!broken) {
    const used = producer - load32(ring + Index.requestConsumer);
    if (used > RING) fail("has lost its place");
    else if (used < RING) break;
    else nap(until);
  }
  if (broken) return;
  store8(ring + <u64>(producer & (RING - 1)), value);
  fence();
  store32(ring + Index.requestProducer, producer + 1);
}

/** `count` bytes; without `patient` only if there is something now. */
function receive(to: StaticArray<u8>, count: u32, patient: bool): bool {
  const until = systemTime() + PATIENCE;
  let consumer = load32(ring + Index.answerConsumer);
  let done: u32 = 0;
  while (done < count && !broken) {
    const there = load32(ring + Index.answerProducer) - consumer;
    if (there > RING) return fail("has lost its place");
    if (there == 0) {
      if (!patient && done == 0) return false;
      nap(until);
      continue;
    }
    to[<i32>done] = <u8>load8(ring + ANSWERS + <u64>(consumer & (RING - 1)));
    done++;
    consumer++;
    fence();
    store32(ring + Index.answerConsumer, consumer);
  }
  return !broken;
}

/** Until the other side has done something, but not for ever. */
function nap(until: u64): void {
  const now = systemTime();
  if (now >= until) {
    fail("does not answer");
    return;
  }
  send(port);
  sleep(min(until, now + NAP));
  // Others' events are seen by who looks at their rings before the next sleep.
  forget();
}

function fail(why: string): bool {
  if (!broken && log.at(Level.error)) {
    log.text("xenstore ");
    log.text(why);
    log.text(": no device appears or goes any more");
    log.end();
  }
  broken = true;
  return false;
}
