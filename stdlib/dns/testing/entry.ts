/** The DNS module by itself, for tests: zones come in as bytes, messages go in and out of two buffers. */
import { Bytes } from "../../core/bytes";
import { Declared } from "../../core/slots/slot";
import { BytesSlot } from "../../core/slots/text";
import { File, Ip, Prefix, Rate, Socket } from "../../core/values";
import { set as setClock } from "../../net/simulation/clock";
import { Peer } from "../../net/udp";
import {
  Config,
  Limits,
  OptionalI32,
  OptionalU64,
  Primary,
  Query,
  Secondary,
  Transfer,
  Tsig,
  Zone,
} from "../config";
import { counted } from "../counters";
import { prepare } from "../prepare";
import { deadline, poll, start } from "../run";
import { ASKERS, set as setAsker } from "../server/asker";
import { respond } from "../server/respond";
import { DnsResponder } from "../server/responder";
import { used } from "../stream/limits";
import { records, slots } from "../tables";
import { addInline } from "./inline";

const MOST = 65536;
const query = new StaticArray<u8>(MOST);
const reply = new StaticArray<u8>(MOST);
const question = new Bytes(query, 0, 0);
const answer = new Bytes(reply, 0, MOST);
const whole = new Bytes(query, 0, MOST);
const config = new Config();
config.listen.push(new Socket(null, 53));
let file = new StaticArray<u8>(0);

export function queryAt(): usize {
  return whole.pointer(0, 1);
}

export function replyAt(): usize {
  return answer.pointer(0, 1);
}

/** Answers the message of `size` bytes in the query buffer; a reply that has room for `room` bytes. */
export function ask(size: u32, room: u32): u32 {
  question.window(whole, 0, size);
  answer.length = room;
  return respond(question, answer);
}

/** Room for a zone file of `size` bytes. */
export function stage(size: u32): usize {
  file = new StaticArray<u8>(size);
  return new Bytes(file, 0, size).pointer(0, size);
}

/** A zone with the staged file; its name, of `size` bytes, is in the query buffer. */
export function addZone(size: u32, index: i32): void {
  const zone = new Zone();
  zone.at = index;
  zone.label.domainName = text(size);
  const primary = new Primary();
  primary.at = index;
  primary.master = new File(`${text(size)}.zone`, file, index);
  zone.primary = primary;
  config.zone.push(zone);
}

/** What the tests of transfers, keys and access ask for: `zone` is a number in the order in which zones were added. */
export function addTransfer(zone: i32, address: u32, key: i32): void {
  const transfer = new Transfer();
  transfer.to.push(addressOf(address));
  if (key >= 0) transfer.key = new OptionalI32(key);
  config.zone[zone].transfer = transfer;
}

/** A zone that is copied; its name, of `size` bytes, is in the query buffer. */
export function addSecondary(size: u32, address: u32, other: u32, key: i32, memory: u32, expire: u64): void {
  const zone = new Zone();
  zone.label.domainName = text(size);
  zone.role = 1;
  const secondary = new Secondary();
  secondary.from.push(addressOf(address));
  if (other != 0) secondary.from.push(addressOf(other));
  if (key >= 0) secondary.key = new OptionalI32(key);
  if (expire != 0) secondary.expire = new OptionalU64(expire);
  secondary.memory = memory;
  zone.secondary = secondary;
  config.zone.push(zone);
}

export function restrict(zone: i32, address: u32, length: u8): void {
  const query = new Query();
  query.allow.tag = 2;
  query.allow.only = [new Prefix(addressOf(address), length)];
  config.zone[zone].query = query;
}

export function setRate(count: u64, per: u64): void {
  config.rate = new Rate(count, per);
}

/** Its name, of `size` bytes, and then its secret are in the query buffer. */
export function addKey(size: u32, algorithm: i32, secretSize: u32): void {
  const slot = new BytesSlot(new Declared("", "", true, "", [], []), 64);
  for (let n: u32 = 0; n < secretSize; n++) secret.setU8(n, query[size + n]);
  secret.length = secretSize;
  slot.bytes.window(secret, 0, secretSize);
  const tsig = new Tsig(slot);
  tsig.label = text(size);
  tsig.algorithm = algorithm;
  config.tsig.push(tsig);
}
const secret = new Bytes(new StaticArray<u8>(64), 0, 64);

function addressOf(address: u32): Ip {
  const bytes = new StaticArray<u8>(16);
  for (let n = 0; n < 4; n++) bytes[n] = <u8>(address >> <u32>(24 - 8 * n));
  return new Ip(4, bytes);
}

/** Whoever asks over UDP next. */
export function askFrom(address: u32): void {
  if (ASKERS) setAsker(0, address);
}

/** As `ask`, through the responder, which limits. */
export function askResponder(size: u32, address: u32): u32 {
  question.window(whole, 0, size);
  peer.low = address;
  answer.length = 4096;
  return responder.respond(question, answer, peer);
}
const peer = new Peer();
const responder = new DnsResponder(1232);

export { set as setWall } from "../../net/simulation/wall";
export { sentAt, sentSize, sentTo } from "./udp";

/** The zones of `inline.ts`. */
export function addInlineZones(): void {
  addInline(config);
}

export function setIdentity(size: u32): void {
  config.identity = text(size);
}

export function setVersion(size: u32): void {
  config.version.str = text(size);
}

export function setUdpSize(size: u32): void {
  config.udpSize = size;
}

export function run(): void {
  prepare(config);
  start();
  file = new StaticArray<u8>(0);
  config.zone = [];
  __collect();
}

/** Bytes of the tables that the server keeps. */
export function tableSize(): u32 {
  return records.length + 8 * slots.length;
}

export function recordsAt(): usize {
  return records.pointer(0, 1);
}

export function recordsSize(): u32 {
  return records.length;
}

function text(size: u32): string {
  const bytes = new Uint8Array(size);
  for (let i: u32 = 0; i < size; i++) bytes[i] = query[i];
  return String.UTF8.decode(bytes.buffer);
}

export {
  arrive,
  endIt,
  finish,
  inputAt,
  isAborted,
  isClosed,
  left,
  open,
  outputAt,
  setRoom,
  setRoomSilently,
  setThere,
  taken,
} from "../../net/simulation/tcp";

export function setTime(now: u64): void {
  setClock(now);
  poll(now);
}

/** Connections over TCP at once, and nanoseconds that one may be idle. */
export function limit(connections: i64, idle: u64): void {
  const limits = new Limits();
  limits.connections = connections;
  limits.idle = idle;
  config.limits = limits;
}

/** Of TCP alone, since the server answers one after the other. */
export function connections(): u32 {
  return used;
}

export function dnsCounted(reason: i32): u64 {
  return counted(reason);
}

/** When it wants to be called again, in nanoseconds. */
export function nextAt(): u64 {
  return deadline();
}
export { taken as saidSize, textAt as saidAt } from "./log";
