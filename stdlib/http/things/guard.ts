/**
 * Holds passwords against their hashes: PBKDF2 with HMAC-SHA-256, RFC 8018 5.2. That takes long on purpose, so it is done a piece at a time, between which
 * everything else goes on; one password after the other. Who was right is known again by a hash of all that he said, with a key of this start.
 */
import { Bytes } from "../../core/bytes";
import { Hmac, isSame } from "../../core/hash/hmac";
import { Sha256 } from "../../core/hash/sha256";
import { TextSlot } from "../../core/slots/text";
import * as chance from "../needs/random";
import { Request } from "../request/request";
import * as credentials from "./credentials";
import { sextet } from "./credentials";
import { Door, Kind, Verdict } from "./door";

/** Rounds in one turn: some milliseconds of a slow processor. */
const PIECE: u32 = 128;
const SIZE: u32 = 32;
/** A key of HMAC that is longer would be hashed first. */
const MOST_PASSWORD: u32 = 64;
const MOST_SALT: u32 = 64;
const MOST_ROUNDS: u64 = 10_000_000;

const hmac = new Hmac(new Sha256());
function room(size: u32): Bytes {
  return new Bytes(new StaticArray<u8>(<i32>size), 0, size);
}
const password = room(MOST_PASSWORD);
const key = room(MOST_PASSWORD);
const salt = room(MOST_SALT + 4);
const wanted = room(SIZE);
const round = room(SIZE);
const sum = room(SIZE);
/** Of this start, and what was right last. */
const own = room(SIZE);
const said = room(SIZE);
const right = room(SIZE);
let rightFor: Door | null = null;

let left: u64 = 0;
let isUserRight: bool = false;
let saltLength: u32 = 0;
export let isBusy: bool = false;
export let isDone: bool = false;
export let isGranted: bool = false;
let under: Door | null = null;

export function start(): void {
  for (let n: u32 = 0; n < SIZE; n += 8) own.setBe64(n, chance.random());
  rightFor = null;
  stop();
}

export function stop(): void {
  isBusy = false;
  isDone = false;
  isGranted = false;
  under = null;
  password.fill(0, MOST_PASSWORD, 0);
}

/** `Verdict.later`: `work` comes to an end some time, and `isGranted` says which. */
export function judge(request: Request, door: Door): u32 {
  if (door.kind == Kind.everybody) return Verdict.granted;
  const secret = door.secret;
  if (secret == null || !secret.has || !credentials.read(request, door.kind)) return Verdict.denied;
  if (door.kind == Kind.bearer) return isToken(secret.bytes) ? Verdict.granted : Verdict.denied;
  hash(own, credentials.room, credentials.length, said);
  if (rightFor == door && isSame(said, 0, right, 0, SIZE)) return Verdict.granted;
  if (isBusy) return Verdict.busy;
  return begin(door, secret) ? Verdict.later : Verdict.denied;
}

function hash(by: Bytes, bytes: Bytes, length: u32, to: Bytes): void {
  hmac.begin(by);
  hmac.update(bytes, 0, length);
  hmac.finish(to, 0);
}

/** However much of it is right, it takes as long. */
function isToken(token: Bytes): bool {
  hash(own, token, token.length, round);
  hash(own, credentials.room, credentials.length, said);
  return isSame(round, 0, said, 0, SIZE);
}

/** `$pbkdf2-sha256$29000$salt$hash`, as its type says; false for what cannot be right. */
function begin(door: Door, secret: TextSlot): bool {
  const text = secret.bytes;
  const size = credentials.length - credentials.passwordAt;
  if (size > MOST_PASSWORD || size == 0) return false;
  let at = text.find(36, 1, text.length) + 1;
  left = 0;
  for (; at < text.length && text.u8(at) != 36; at++) left = left * 10 + <u64>(text.u8(at) - 48);
  const end = text.find(36, at + 1, text.length);
  saltLength = decode(text, at + 1, end, salt, MOST_SALT);
  if (left == 0 || left > MOST_ROUNDS || end >= text.length) return false;
  if (decode(text, end + 1, text.length, wanted, SIZE) != SIZE) return false;
  password.fill(0, MOST_PASSWORD, 0);
  password.copy(0, credentials.room, credentials.passwordAt, size);
  key.window(password, 0, size);
  const user = credentials.passwordAt - 1;
  // The password is looked at all the same: how long it takes tells nothing of the name.
  isUserRight = user == door.user.length && isSame(credentials.room, 0, door.user, 0, user);
  salt.setBe32(saltLength, 1);
  hash(key, salt, saltLength + 4, round);
  sum.copy(0, round, 0, SIZE);
  left -= 1;
  isBusy = true;
  isDone = false;
  under = door;
  return true;
}

function decode(text: Bytes, from: u32, to: u32, out: Bytes, most: u32): u32 {
  let bits: u32 = 0;
  let count: u32 = 0;
  let size: u32 = 0;
  for (let n = from; n < to && size < most; n++) {
    bits = (bits << 6) | sextet(text.u8(n));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.setU8(size++, (bits >> count) & 255);
  }
  return size;
}

/** One piece more. */
export function work(): void {
  if (!isBusy || isDone) return;
  for (let n: u32 = 0; n < PIECE && left > 0; n++) {
    hash(key, round, SIZE, round);
    for (let m: u32 = 0; m < SIZE; m += 8) sum.setBe64(m, sum.be64(m) ^ round.be64(m));
    left -= 1;
  }
  if (left > 0) return;
  isDone = true;
  isGranted = isSame(sum, 0, wanted, 0, SIZE) && isUserRight;
  if (!isGranted) return;
  rightFor = under;
  right.copy(0, said, 0, SIZE);
}
