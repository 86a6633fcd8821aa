/** Telling other servers that a zone has changed: RFC 1996. A machine that has just started may hold a new version of each. */
import { Bytes } from "../../core/bytes";
import { count, Dns } from "../counters";
import { FIRST_ZONE, HEADER, NODE_NAME } from "../layout";
import * as random from "../needs/random";
import * as udp from "../needs/udp";
import { secondary, tsig } from "../parts";
import { numbered } from "../secondary/copies";
import { NO_KEY } from "../server/asker";
import { AA, NOTIFY } from "../server/codes";
import { MOST_MAC } from "../server/course";
import { apexOf, lengthOf } from "../server/node";
import { startName } from "../server/place";
import { startReply } from "../server/reply";
import { records, useImage, useTable, zoneNumbered } from "../tables";
import * as zones from "../transfer/out";
import * as exchange from "../tsig/exchange";
import { keyOf } from "../tsig/keys";
import { CLASS_IN, SOA } from "../types";

const SECOND: u64 = 1_000_000_000;
/** Until a server that has not answered is told again: then twice as long each time (RFC 1996 3.6). */
const FIRST: u64 = SECOND;
const TRIES: u32 = 8;
/** While there is no way to it. */
const AGAIN: u64 = SECOND;
const NEVER: u64 = u64.MAX_VALUE;
const PORT: u32 = 53;

/** A server that is told of one zone. */
@final
export class Told {
  due: u64 = NEVER;
  tries: u32 = 0;
  id: u32 = 0;

  constructor(
    /** The zone's place in the description. */
    public zone: u32,
    public high: u64,
    public low: u64,
    public key: i32,
    /** The code of the question that it was sent last. */
    public mac: Bytes,
  ) {}
}

let all: StaticArray<Told> = [];
let port: u32 = PORT;

/** In `prepare`. Messages come from port `from`, where answers arrive. */
export function make(told: Array<Told>, from: u32): void {
  all = StaticArray.fromArray(told);
  port = from;
}

/** Room for the code of a message. */
export function room(): Bytes {
  return new Bytes(new StaticArray<u8>(<i32>MOST_MAC), 0, MOST_MAC);
}

/** The zone of this number is another one than before. */
export function changed(zone: u32, now: u64): void {
  for (let n = 0; n < all.length; n++) {
    const told = all[n];
    if (told.zone != zone) continue;
    told.tries = 0;
    told.due = now;
  }
}

/** Every zone that is part of the image may be new. */
export function start(now: u64): void {
  for (let n = 0; n < all.length; n++) {
    all[n].tries = 0;
    all[n].due = zoneAt(all[n].zone) == 0 ? NEVER : now;
  }
}

export function poll(now: u64): void {
  for (let n = 0; n < all.length; n++) if (all[n].due <= now) tell(all[n], now);
}

export function deadline(): u64 {
  let earliest = NEVER;
  for (let n = 0; n < all.length; n++) earliest = min(earliest, all[n].due);
  return earliest;
}

/** Where the zone is, in the table that is in use then; 0: there is none. */
function zoneAt(number: u32): u32 {
  if (!secondary) return zoneNumbered(number);
  useImage();
  const copy = numbered(number);
  if (copy == null) return zoneNumbered(number);
  const table = copy.current;
  if (table == null || copy.isExpired) return 0;
  useTable(table);
  return FIRST_ZONE;
}

function tell(told: Told, now: u64): void {
  if (told.tries == TRIES) {
    count(Dns.notifyUnanswered);
    told.due = NEVER;
    return;
  }
  const message = udp.outgoing(told.high, told.low);
  const zone = zoneAt(told.zone);
  if (message == null || zone == 0) {
    told.due = now + AGAIN;
    return;
  }
  told.id = <u32>random.random() & 0xffff;
  let size = write(message, zone, told.id);
  if (tsig && told.key != NO_KEY) size = exchange.sign(keyOf(told.key), message, size, told.mac);
  udp.send(port, PORT, size);
  told.due = now + (FIRST << (<u64>told.tries));
  told.tries += 1;
}

/** RFC 1996 3.7: the question, and as a hint the zone's SOA. */
function write(message: Bytes, zone: u32, id: u32): u32 {
  const apex = apexOf(zone);
  const length = lengthOf(apex);
  message.setBe32(0, (id << 16) | NOTIFY | AA);
  message.setBe64(4, ((<u64>1) << 48) | ((<u64>1) << 32));
  message.copy(HEADER, records, apex + NODE_NAME, length);
  message.setBe32(HEADER + length, (SOA << 16) | CLASS_IN);
  startReply(message, HEADER + length + 4, message.length);
  startName(length);
  return zones.putSoa(zone);
}

/** An answer has come: whoever gives one to a question that is waited for need not be told again. */
export function answered(message: Bytes, high: u64, low: u64): void {
  const id = message.be16(0);
  for (let n = 0; n < all.length; n++) {
    const told = all[n];
    if (told.due == NEVER || told.tries == 0 || told.id != id || told.high != high || told.low != low)
      continue;
    if (tsig && told.key != NO_KEY) {
      const key = keyOf(told.key);
      exchange.begin(key, told.mac);
      if (exchange.verify(key, message) != exchange.Verdict.good) continue;
    }
    told.due = NEVER;
  }
}
