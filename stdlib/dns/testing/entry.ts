/** The DNS module by itself, for tests: zones come in as bytes, messages go in and out of two buffers. */
import { Bytes } from "../../core/bytes";
import { File, Socket } from "../../core/values";
import { set as setClock } from "../../net/simulation/clock";
import { Config, Limits, Primary, Zone } from "../config";
import { counted } from "../counters";
import { prepare } from "../prepare";
import { poll, start } from "../run";
import { respond } from "../server/respond";
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

/** The zones of `inline.ts`. */
export function addInlineZones(): void {
  addInline(config);
}

export function setIdentity(size: u32): void {
  config.identity = text(size);
}

export function setVersion(size: u32): void {
  config.version = text(size);
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
