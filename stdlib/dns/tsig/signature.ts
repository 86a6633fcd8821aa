/** Signed questions, and their answers: RFC 8945 5.2, 5.3. */
import { Bytes } from "../../core/bytes";
import { isSame } from "../../core/hash/hmac";
import { count, Dns } from "../counters";
import * as wall from "../needs/wall";
import { NO_KEY, setKey } from "../server/asker";
import { BADKEY, BADSIG, BADTIME, BADTRUNC, FORMERR, NOERROR, NOTAUTH } from "../server/codes";
import { course, MOST_MAC, showBefore, showOwn } from "../server/course";
import { records } from "../tables";
import { append, FUDGE, macAt } from "./append";
import * as code from "./code";
import { find as findKey, Key, keyOf } from "./keys";
import * as record from "./record";

const SECOND: u64 = 1_000_000_000;
/** RFC 8945 5.2.2.1: a code that is shorter is none. */
const SHORTEST: u32 = 10;

/** The question has a TSIG record. */
export let isThere: bool = false;
/** What is wrong with it; its own code goes into the answer's record. */
let error: u32 = NOERROR;
let key: i32 = NO_KEY;
let now: u64 = 0;

let computed: Bytes = records;
let given: Bytes = records;
let clock: Bytes = records;
/** Views. */
let before: Bytes = records;
let requested: Bytes = records;

/** In `prepare`. */
export function makeSignatures(): void {
  computed = new Bytes(new StaticArray<u8>(<i32>MOST_MAC), 0, MOST_MAC);
  given = new Bytes(new StaticArray<u8>(<i32>MOST_MAC), 0, MOST_MAC);
  clock = new Bytes(new StaticArray<u8>(6), 0, 6);
  before = new Bytes(new StaticArray<u8>(0), 0, 0);
  requested = new Bytes(new StaticArray<u8>(0), 0, 0);
}

/** Looks at the signature of a question. Gives FORMERR if it has a record that is none, NOTAUTH if it is not right, else NOERROR. */
export function open(query: Bytes): u32 {
  setKey(NO_KEY);
  error = NOERROR;
  key = NO_KEY;
  isThere = false;
  const found = record.find(query);
  if (found == record.Found.none) return NOERROR;
  if (found == record.Found.malformed) return FORMERR;
  if (course().time == 0) course().time = max<u64>(wall.wall() / SECOND, 1);
  now = course().time;
  isThere = true;
  key = findKey(record.name, record.nameLength, record.algorithm, record.algorithmLength);
  if (key == NO_KEY) return refuse(BADKEY);
  const shared = keyOf(key);
  const size = shared.size;
  if (record.macSize > size || record.macSize < max(SHORTEST, size / 2)) {
    isThere = false;
    return FORMERR;
  }
  code.begin(shared.code, shared, null);
  code.addMessage(shared.code, query, record.start, record.id, query.be16(10) - 1);
  requested.window(query, record.other, record.otherSize);
  code.addVariables(shared.code, shared, record.time, record.fudge, record.error, requested);
  shared.code.finish(computed, 0);
  if (!isSame(computed, 0, query, record.mac, record.macSize)) return refuse(BADSIG);
  given.copy(0, computed, 0, size);
  // Outside of what the clocks may differ by, and when nobody knows the time: 5.2.3.
  const apart = now > record.time ? now - record.time : record.time - now;
  if (apart > <u64>record.fudge) return refuse(BADTIME);
  if (record.macSize != size) return refuse(BADTRUNC);
  setKey(key);
  return NOERROR;
}

function refuse(why: u32): u32 {
  error = why;
  count(Dns.badSignature);
  return NOTAUTH;
}

/** Where the record begins, which is not part of the question. */
export function end(): u32 {
  return record.start;
}

/** Bytes that the answer's record needs. */
export function room(): u32 {
  if (!isThere) return 0;
  return key == NO_KEY ? record.nameLength + record.algorithmLength + 32 : keyOf(key).record;
}

/** Signs the answer of `length` bytes; gives its length with the record. */
export function sign(reply: Bytes, length: u32): u32 {
  const isUnsigned = error == BADKEY || error == BADSIG;
  const size = isUnsigned ? 0 : keyOf(key).size;
  const id = reply.be16(0);
  const additional = reply.be16(10);
  // RFC 8945 5.2.3: the client's time, and ours besides.
  const time = error == BADTIME || isUnsigned ? record.time : now;
  const other = error == BADTIME ? now : 0;
  const whole = append(
    reply,
    length,
    record.name,
    record.nameLength,
    record.algorithm,
    record.algorithmLength,
    time,
    size,
    id,
    error,
    other,
  );
  if (isUnsigned) return whole;
  const shared = keyOf(key);
  if (course().from == 0) before.window(given, 0, size);
  else showBefore(before, size);
  code.begin(shared.code, shared, before);
  code.addMessage(shared.code, reply, length, id, additional);
  if (course().from == 0) addVariables(shared, time, other);
  else code.addTimers(shared.code, time, FUDGE);
  shared.code.finish(reply, macAt);
  showOwn(before, size);
  before.copy(0, reply, macAt, size);
  return whole;
}

function addVariables(shared: Key, time: u64, other: u64): void {
  clock.setBe48(0, other);
  code.addVariables(shared.code, shared, time, FUDGE, error, other == 0 ? null : clock);
}
