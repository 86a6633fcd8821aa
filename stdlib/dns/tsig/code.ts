/** Message authentication codes of TSIG: RFC 8945 4.3. */
import { Bytes } from "../../core/bytes";
import { Hmac } from "../../core/hash/hmac";
import { records } from "../tables";
import { Key } from "./keys";

const HEADER: u32 = 12;
const CLASS_ANY: u32 = 255;
/** Made in `prepare`, as all memory of signatures: images without them have none of it. */
let scratch: Bytes = records;

export function makeScratch(): void {
  scratch = new Bytes(new StaticArray<u8>(32), 0, 32);
}

/** Begins with the code that this one follows: the request's for an answer, that of the message before in a transfer; none for a request. */
export function begin(hmac: Hmac, key: Key, before: Bytes | null): void {
  hmac.begin(key.secret.bytes);
  if (before == null) return;
  scratch.setBe16(0, before.length);
  hmac.update(scratch, 0, 2);
  hmac.update(before, 0, before.length);
}

/** A message of `length` bytes without its TSIG record, as it was before that came to it: with `id` and `additional` in its header. */
export function addMessage(hmac: Hmac, message: Bytes, length: u32, id: u32, additional: u32): void {
  scratch.copy(0, message, 0, HEADER);
  scratch.setBe16(0, id);
  scratch.setBe16(10, additional);
  hmac.update(scratch, 0, HEADER);
  hmac.update(message, HEADER, length - HEADER);
}

/** All of the record but the code itself: 4.3.3. */
export function addVariables(
  hmac: Hmac,
  key: Key,
  time: u64,
  fudge: u32,
  error: u32,
  other: Bytes | null,
): void {
  hmac.update(key.name, 0, key.name.length);
  scratch.setBe16(0, CLASS_ANY);
  scratch.setBe32(2, 0);
  hmac.update(scratch, 0, 6);
  hmac.update(key.algorithm, 0, key.algorithm.length);
  addTimers(hmac, time, fudge);
  const size = other == null ? 0 : other.length;
  scratch.setBe16(0, error);
  scratch.setBe16(2, size);
  hmac.update(scratch, 0, 4);
  if (other != null) hmac.update(other, 0, size);
}

/** Of the later messages of a transfer: 5.3.1. */
export function addTimers(hmac: Hmac, time: u64, fudge: u32): void {
  scratch.setBe48(0, time);
  scratch.setBe16(6, fudge);
  hmac.update(scratch, 0, 8);
}
