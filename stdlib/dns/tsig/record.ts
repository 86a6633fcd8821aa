/** The TSIG record at the end of a message: RFC 8945 4.2. */
import { Bytes } from "../../core/bytes";
import { after, afterName, afterRecord, NAME_LIMIT, readName } from "../server/names";
import { records } from "../tables";
import { CLASS_ANY, TSIG } from "../types";

const HEADER: u32 = 12;
/** A message has at most so many records; one more is no message that we look through. */
const MOST: u32 = 65_535;

export namespace Found {
  export const none: i32 = 0;
  export const malformed: i32 = 1;
  export const record: i32 = 2;
}

/** Where it begins, and what it says. */
export let start: u32 = 0;
export let name: Bytes = records;
export let nameLength: u32 = 0;
export let algorithm: Bytes = records;
export let algorithmLength: u32 = 0;
/** Seconds since 1970, and by how many clocks may differ. */
export let time: u64 = 0;
export let fudge: u32 = 0;
/** Its code, in the message. */
export let mac: u32 = 0;
export let macSize: u32 = 0;
export let id: u32 = 0;
export let error: u32 = 0;
/** Other data, in the message. */
export let other: u32 = 0;
export let otherSize: u32 = 0;

/** In `prepare`. */
export function makeNames(): void {
  name = new Bytes(new StaticArray<u8>(<i32>NAME_LIMIT), 0, NAME_LIMIT);
  algorithm = new Bytes(new StaticArray<u8>(<i32>NAME_LIMIT), 0, NAME_LIMIT);
}

/** Looks for the record of a message with one question or none. */
export function find(message: Bytes): i32 {
  if (!message.has(0, HEADER)) return Found.none;
  const additional = message.be16(10);
  const before = <u32>message.be16(6) + message.be16(8) + additional;
  if (additional == 0 || before > MOST) return Found.none;
  let at: u32 = HEADER;
  for (let left = message.be16(4); left > 0; left--) {
    at = afterName(message, at);
    if (at == 0 || !message.has(at, 4)) return Found.none;
    at += 4;
  }
  for (let left = before; left > 1; left--) {
    const next = afterRecord(message, at);
    // RFC 8945 5.1: one that is not the last is an error.
    if (next == 0) return Found.none;
    if (typeAt(message, at) == TSIG) return Found.malformed;
    at = next;
  }
  if (afterRecord(message, at) != message.length || typeAt(message, at) != TSIG) return Found.none;
  start = at;
  return read(message) ? Found.record : Found.malformed;
}

/** Of a record that is whole. */
function typeAt(message: Bytes, at: u32): u32 {
  return message.be16(afterName(message, at));
}

function read(message: Bytes): bool {
  nameLength = readName(message, start, name);
  if (nameLength == 0) return false;
  let at = after;
  if (message.be16(at + 2) != CLASS_ANY || message.be32(at + 4) != 0) return false;
  at += 10;
  algorithmLength = readName(message, at, algorithm);
  at = after;
  if (algorithmLength == 0 || !message.has(at, 10)) return false;
  time = message.be48(at);
  fudge = message.be16(at + 6);
  macSize = message.be16(at + 8);
  mac = at + 10;
  at = mac + macSize;
  if (!message.has(at, 6)) return false;
  id = message.be16(at);
  error = message.be16(at + 2);
  otherSize = message.be16(at + 4);
  other = at + 6;
  return other + otherSize == message.length;
}
