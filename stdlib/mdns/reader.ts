/** Messages that others have sent, piece by piece: RFC 1035 4.1. Nothing in them is believed before it is seen. */
import { Bytes } from "../core/bytes";
import { behind } from "./names";

export const HEADER: u32 = 12;
/** Questions and records that are looked at, of one message. */
const MOST_ITEMS: u32 = 256;

/** What was read last: where its name stands, and for records what is in it. */
export let nameAt: u32 = 0;
export let type: u32 = 0;
/** With the bit for an answer to one alone, or for what is old. */
export let classOf: u32 = 0;
export let ttl: u32 = 0;
export let dataAt: u32 = 0;
export let dataLength: u32 = 0;

let message: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
let at: u32 = 0;
let left: u32 = 0;

/** Reads on behind the header. */
export function begin(bytes: Bytes): void {
  message = bytes;
  at = HEADER;
  left = MOST_ITEMS;
}

/** Where the next item is, to come back to. */
export function place(): u32 {
  return at;
}

/** What was read already is looked at once more. */
export function back(to: u32): void {
  at = to;
  left = MOST_ITEMS;
}

/** The number of items of a section: 0 questions, 1 answers, 2 authority, 3 additional. */
export function count(section: u32): u32 {
  return message.be16(4 + 2 * section);
}

export function question(): bool {
  const next = behind(message, at);
  if (next == 0 || !message.has(next, 4) || left == 0) return false;
  left -= 1;
  nameAt = at;
  type = message.be16(next);
  classOf = message.be16(next + 2);
  at = next + 4;
  return true;
}

export function record(): bool {
  const next = behind(message, at);
  if (next == 0 || !message.has(next, 10) || left == 0) return false;
  left -= 1;
  nameAt = at;
  type = message.be16(next);
  classOf = message.be16(next + 2);
  ttl = message.be32(next + 4);
  dataLength = message.be16(next + 8);
  dataAt = next + 10;
  at = dataAt + dataLength;
  return message.has(dataAt, dataLength);
}
