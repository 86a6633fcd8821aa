/** Messages as RFC 5424 has them: ASCII, in which every byte of UTF-8 below 128 is itself, so without a mark of order. */
import { Bytes } from "../core/bytes";
import { dateOf, day, month, year } from "../core/calendar";
import { name as appliance, digest } from "../core/identity";
import { Writer } from "../core/writer";
import { wall } from "./needs/wall";
import { facility, machineName } from "./settings";

const SECOND: u64 = 1_000_000_000;
const DAY: u64 = 86_400;
/** RFC 5424 7.3.1: then it begins with 1 again. */
const LAST: u32 = 2_147_483_647;
/** RFC 5424 7.2.4: `swVersion` is no longer. */
const VERSION: u32 = 32;
/** Head, structured data and the longest line; RFC 5426 3.2 has every path take 480 bytes of IPv4, and 1180 of IPv6. */
const ROOM: u32 = 1180;

/** The message that was written last. */
export const message = new Writer(new Bytes(new StaticArray<u8>(<i32>ROOM), 0, ROOM));
let sequence: u32 = 0;
const room = new Bytes(new StaticArray<u8>(64), 0, 64);

/** From the beginning. */
export function restart(): void {
  sequence = 0;
}

/** The head: RFC 5424 6.2. The text follows. `up`: how long the machine is up, in nanoseconds. */
export function begin(level: u32, by: string, up: u64): void {
  message.begin();
  message.text("<");
  message.number(facility * 8 + level);
  message.text(">1 ");
  time(wall());
  message.text(" ");
  const name = machineName();
  if (name == null) message.put(room, 0, appliance(room));
  else message.put(name, 0, name.length);
  message.text(" ");
  message.text(by);
  message.text(' - - [meta sequenceId="');
  sequence = sequence == LAST ? 1 : sequence + 1;
  message.number(sequence);
  message.text('" sysUpTime="');
  message.number(up / 10_000_000);
  message.text('"]');
}

/** The first message: who this is, and of which image. */
export function greet(up: u64): void {
  begin(5, "log", up);
  message.text('[origin software="appl" swVersion="');
  digest(room, 0);
  message.put(room, 0, VERSION);
  message.text('"] started: ');
  message.put(room, 0, appliance(room));
  message.text(" sha256:");
  digest(room, 0);
  message.put(room, 0, 64);
}

/** Lines have been lost. */
export function miss(count: u64, up: u64): void {
  begin(4, "log", up);
  message.text(" ");
  message.number(count);
  message.text(" lines were not sent: too many were waiting");
}

/** RFC 5424 6.2.3; `-` when nobody knows. */
function time(nanoseconds: u64): void {
  if (nanoseconds == 0) return message.text("-");
  const seconds = nanoseconds / SECOND;
  dateOf(seconds / DAY);
  const inDay = seconds % DAY;
  message.digits(year, 4);
  message.text("-");
  message.digits(month, 2);
  message.text("-");
  message.digits(day, 2);
  message.text("T");
  message.digits(inDay / 3600, 2);
  message.text(":");
  message.digits((inDay / 60) % 60, 2);
  message.text(":");
  message.digits(inDay % 60, 2);
  message.text(".");
  message.digits((nanoseconds % SECOND) / 1000, 6);
  message.text("Z");
}
