/** TSIG by itself, with the HMAC of Node: RFC 8945 4. */
import { createHmac } from "node:crypto";
import { wireName } from "./zones.ts";

export interface TestKey {
  readonly name: string;
  /** Number of the algorithm in dns.appl. */
  readonly algorithm: number;
  readonly secret: Uint8Array;
}

export interface Tsig {
  readonly time: number;
  readonly fudge?: number;
  readonly error?: number;
  readonly other?: Uint8Array;
  /** Bytes of the code that are sent. */
  readonly size?: number;
}

const hashes = ["sha256", "sha384", "sha512"] as const;
const be = (value: number, bytes: number) =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, n) => Math.floor(value / 256 ** (bytes - 1 - n)) & 255));
const prefixed = (mac: Uint8Array) => (mac.length === 0 ? [] : [be(mac.length, 2), mac]);
const algorithmOf = (key: TestKey) => wireName(`hmac-${hashes[key.algorithm]}.`);

/** The code of a message; `before` is the one that it follows. `timersOnly`: not the first of a transfer. */
export function macOf(
  key: TestKey,
  message: Uint8Array,
  tsig: Tsig,
  before: Uint8Array = new Uint8Array(),
  timersOnly = false,
): Buffer {
  const { time, fudge = 300, error = 0, other = new Uint8Array() } = tsig;
  const hmac = createHmac(hashes[key.algorithm]!, key.secret);
  for (const part of [...prefixed(before), message]) hmac.update(part);
  const timers = [be(time, 6), be(fudge, 2)];
  const rest = [be(error, 2), be(other.length, 2), other];
  const variables = [wireName(key.name), be(255, 2), be(0, 4), algorithmOf(key), ...timers, ...rest];
  for (const part of timersOnly ? timers : variables) hmac.update(part);
  return hmac.digest();
}

/** The message with its record. */
export function signed(
  key: TestKey,
  message: Uint8Array,
  tsig: Tsig,
  mac = macOf(key, message, tsig),
): Buffer {
  const { time, fudge = 300, error = 0, other = new Uint8Array(), size = mac.length } = tsig;
  const data = Buffer.concat([
    algorithmOf(key),
    be(time, 6),
    be(fudge, 2),
    be(size, 2),
    mac.subarray(0, size),
    message.subarray(0, 2),
    be(error, 2),
    be(other.length, 2),
    other,
  ]);
  const head = Buffer.from(message);
  head.writeUInt16BE(head.readUInt16BE(10) + 1, 10);
  return Buffer.concat([
    head,
    wireName(key.name),
    be(250, 2),
    be(255, 2),
    be(0, 4),
    be(data.length, 2),
    data,
  ]);
}

export interface ReadTsig {
  /** The message as it was before the record came to it. */
  readonly message: Buffer;
  readonly name: string;
  readonly time: number;
  readonly fudge: number;
  readonly mac: Buffer;
  readonly error: number;
  readonly other: Buffer;
}

/** The record at the end of a message, for which it must be the only or the last additional one. */
export function readTsig(bytes: Uint8Array): ReadTsig {
  const all = Buffer.from(bytes);
  const start = lastRecord(all);
  let [name, at] = nameAt(all, start);
  if (all.readUInt16BE(at) !== 250) throw new Error("no TSIG");
  [, at] = nameAt(all, at + 10);
  const size = all.readUInt16BE(at + 8);
  const after = at + 10 + size;
  const message = Buffer.from(all.subarray(0, start));
  message.writeUInt16BE(message.readUInt16BE(10) - 1, 10);
  return {
    message,
    name,
    time: all.readUIntBE(at, 6),
    fudge: all.readUInt16BE(at + 6),
    mac: all.subarray(at + 10, after),
    error: all.readUInt16BE(after + 2),
    other: all.subarray(after + 6, after + 6 + all.readUInt16BE(after + 4)),
  };
}

function lastRecord(all: Buffer): number {
  let at = 12;
  for (let n = all.readUInt16BE(4); n > 0; n--) at = nameAt(all, at)[1] + 4;
  const records = all.readUInt16BE(6) + all.readUInt16BE(8) + all.readUInt16BE(10);
  for (let n = 1; n < records; n++) {
    const [, after] = nameAt(all, at);
    at = after + 10 + all.readUInt16BE(after + 8);
  }
  return at;
}

/** A name's own labels, and the offset behind it. */
function nameAt(all: Buffer, from: number): [string, number] {
  let text = "";
  let at = from;
  while (all[at] !== 0) {
    if (all[at]! >= 0xc0) return [text, at + 2];
    text += `${all.subarray(at + 1, at + 1 + all[at]!).toString("latin1")}.`;
    at += all[at]! + 1;
  }
  return [text, at + 1];
}
