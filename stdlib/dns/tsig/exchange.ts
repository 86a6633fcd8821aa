/** Signed questions of our own, and the answers to them: RFC 8945 5.1, 5.3. One stream of answers at a time. */
import { Bytes } from "../../core/bytes";
import { isSame } from "../../core/hash/hmac";
import * as wall from "../needs/wall";
import { MOST_MAC } from "../server/course";
import { records } from "../tables";
import { append, FUDGE, macAt } from "./append";
import * as code from "./code";
import { Key } from "./keys";
import * as record from "./record";

const SECOND: u64 = 1_000_000_000;
const UNSIGNED: u32 = 99;

export namespace Verdict {
  export const good: i32 = 0;
  /** It is not signed, and need not be: it stands in the middle of a transfer. */
  export const unsigned: i32 = 1;
  export const bad: i32 = 2;
}

let computed: Bytes = records;
/** A view. */
let other: Bytes = records;

/** In `prepare`. */
export function makeExchange(): void {
  computed = new Bytes(new StaticArray<u8>(<i32>MOST_MAC), 0, MOST_MAC);
  other = new Bytes(new StaticArray<u8>(0), 0, 0);
}

/** Nobody knows what time it is, so that nothing can be signed. */
export function isTimeless(): bool {
  return wall.wall() == 0;
}

/** Signs a question of `length` bytes; gives its length then. Its code is kept in `mac`. */
export function sign(key: Key, message: Bytes, length: u32, mac: Bytes): u32 {
  const time = wall.wall() / SECOND;
  const id = message.be16(0);
  code.begin(key.code, key, null);
  code.addMessage(key.code, message, length, id, message.be16(10));
  code.addVariables(key.code, key, time, FUDGE, 0, null);
  key.code.finish(mac, 0);
  const whole = append(
    message,
    length,
    key.name,
    key.name.length,
    key.algorithm,
    key.algorithm.length,
    time,
    key.size,
    id,
    0,
    0,
  );
  message.copy(macAt, mac, 0, key.size);
  return whole;
}

/** Answers to the question with this code follow: `verify` takes one after the other. */
let first: bool = true;
let unsigned: u32 = 0;
let running: bool = false;

export function begin(key: Key, mac: Bytes): void {
  mac.length = key.size;
  code.begin(key.running, key, mac);
  running = true;
  first = true;
  unsigned = 0;
}

/** How long the message is that was verified last, without its record. */
export let end: u32 = 0;

/** Is this message one of the answers? `isLast`: no other follows, so that it must be signed. */
export function verify(key: Key, message: Bytes): i32 {
  const hmac = key.running;
  const found = record.find(message);
  if (!running || found == record.Found.malformed) return Verdict.bad;
  if (found == record.Found.none) {
    // RFC 8945 5.3.1: at least every hundredth is signed, and the first.
    if (first || unsigned == UNSIGNED) return Verdict.bad;
    unsigned += 1;
    end = message.length;
    hmac.update(message, 0, end);
    return Verdict.unsigned;
  }
  if (!isOurs(key)) return Verdict.bad;
  end = record.start;
  code.addMessage(hmac, message, end, record.id, message.be16(10) - 1);
  if (first) {
    other.window(message, record.other, record.otherSize);
    code.addVariables(hmac, key, record.time, record.fudge, record.error, other);
  } else code.addTimers(hmac, record.time, record.fudge);
  hmac.finish(computed, 0);
  running = false;
  if (!isSame(computed, 0, message, record.mac, key.size) || !isNow() || record.error != 0)
    return Verdict.bad;
  other.window(computed, 0, key.size);
  code.begin(hmac, key, other);
  running = true;
  first = false;
  unsigned = 0;
  return Verdict.good;
}

function isOurs(key: Key): bool {
  return (
    record.macSize == key.size &&
    record.nameLength == key.name.length &&
    key.name.equals(0, record.name, 0, record.nameLength) &&
    record.algorithmLength == key.algorithm.length &&
    key.algorithm.equals(0, record.algorithm, 0, record.algorithmLength)
  );
}

function isNow(): bool {
  const now = wall.wall() / SECOND;
  const apart = now > record.time ? now - record.time : record.time - now;
  return apart <= <u64>record.fudge;
}
