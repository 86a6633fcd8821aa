/** The connection to a server that a zone is copied from: one at a time. RFC 5936 4.1, RFC 1995 2. */
import { Bytes } from "../../core/bytes";
import { Session, Stream } from "../../net/tcp";
import { AFTER_NAME, FIRST_ZONE, HEADER } from "../layout";
import { now } from "../needs/clock";
import * as random from "../needs/random";
import * as tcp from "../needs/tcp";
import { secondary, tsig } from "../parts";
import { NO_KEY } from "../server/asker";
import { MOST_MAC } from "../server/course";
import { startName } from "../server/place";
import * as out from "../server/reply";
import { buffer, PREFIX } from "../stream/whole";
import { records, useTable } from "../tables";
import * as zones from "../transfer/out";
import * as exchange from "../tsig/exchange";
import { keyOf } from "../tsig/keys";
import { AXFR, CLASS_IN, IXFR } from "../types";
import { Copy, NEVER } from "./copies";
import * as reader from "./reader";
import { Read } from "./reader";
import { Fault } from "./say";

const SECOND: u64 = 1_000_000_000;
const PORT: u32 = 53;
const CONNECT: u64 = 8 * SECOND;
/** From one message to the next. */
const SILENCE: u64 = 20 * SECOND;
const LARGEST: u32 = 65535;

/** What has come of it. */
export namespace Outcome {
  export const pending: i32 = 0;
  export const copied: i32 = 1;
  export const current: i32 = 2;
  export const failed: i32 = 3;
}

/** Connections: one that is asked, and others that end. */
const SESSIONS: i32 = 3;
let sessions: StaticArray<Client> = [];
let active: Client | null = null;
let turn: i32 = 0;
let copy: Copy | null = null;
let isWhole: bool = false;
let isAsked: bool = false;
let filled: u32 = 0;
let incoming: Bytes = records;
let message: Bytes = records;
let mac: Bytes = records;
export let outcome: i32 = Outcome.pending;
export let fault: i32 = Fault.none;
/** The server does not know of steps, or these lead astray: the zone is to be asked for as a whole. */
export let wantsWhole: bool = false;
/** When it has taken too long. */
export let deadline: u64 = NEVER;

@final
class Client extends Session {
  stream: Stream | null = null;

  // What overrides is compiled wherever the file is: `secondary` keeps it out of appliances that copy nothing.
  receive(bytes: Bytes): u32 {
    let at: u32 = 0;
    while (secondary && at < bytes.length && this == active) at += take(bytes, at);
    return bytes.length;
  }

  finished(): void {
    if (secondary && this == active) end(Outcome.failed, Fault.silent);
  }

  writable(): void {
    if (secondary && this == active && !isAsked) ask(this);
  }

  ended(_reason: i32): void {
    this.stream = null;
    if (secondary && this == active) end(Outcome.failed, isAsked ? Fault.silent : Fault.unreachable);
  }

  abort(): void {
    const stream = this.stream;
    this.stream = null;
    if (stream != null) stream.abort();
  }
}

/** In `prepare`. */
export function make(): void {
  const made: Client[] = [];
  for (let n = 0; n < SESSIONS; n++) made.push(new Client());
  sessions = StaticArray.fromArray(made);
  incoming = new Bytes(new StaticArray<u8>(<i32>(PREFIX + LARGEST)), 0, PREFIX + LARGEST);
  message = new Bytes(new StaticArray<u8>(0), 0, 0);
  mac = new Bytes(new StaticArray<u8>(<i32>MOST_MAC), 0, MOST_MAC);
}

export function reset(): void {
  for (let n = 0; n < sessions.length; n++) sessions[n].stream = null;
  active = null;
  copy = null;
  deadline = NEVER;
}

/** Asks the server whose turn it is for what is later than what is here; `whole`: for all of it. */
export function begin(about: Copy, whole: bool): void {
  copy = about;
  isWhole = whole || about.current == null;
  isAsked = false;
  wantsWhole = false;
  filled = 0;
  outcome = Outcome.pending;
  fault = Fault.none;
  deadline = now() + CONNECT;
  if (tsig && about.servers.key != NO_KEY && exchange.isTimeless())
    return end(Outcome.failed, Fault.timeless);
  const addresses = about.servers.addresses;
  turn = (turn + 1) % SESSIONS;
  const session = sessions[turn];
  session.abort();
  session.stream = tcp.connect(addresses[2 * about.server], addresses[2 * about.server + 1], PORT, session);
  active = session;
  if (session.stream == null) end(Outcome.failed, Fault.unreachable);
}

/** It is over; the next one may begin. */
export function close(): void {
  copy = null;
  deadline = NEVER;
}

/** It has taken too long. */
export function expire(): void {
  end(Outcome.failed, isAsked ? Fault.silent : Fault.unreachable);
}

/** What is right is closed, as it should be; of everything else no more is to come. */
function end(how: i32, why: i32): void {
  outcome = how;
  fault = why;
  deadline = NEVER;
  const session = active;
  active = null;
  if (session == null) return;
  const stream = session.stream;
  if (how == Outcome.failed || stream == null) session.abort();
  else stream.close();
}

function ask(session: Client): void {
  const about = copy!;
  isAsked = true;
  deadline = now() + SILENCE;
  const query = buffer();
  const id = <u32>random.random() & 0xffff;
  const length = about.name.length;
  query.setBe32(0, id << 16);
  query.setBe64(4, ((<u64>1) << 48) | (isWhole ? 0 : (<u64>1) << 16));
  query.copy(HEADER, about.name, 0, length);
  query.setBe32(HEADER + length, ((isWhole ? AXFR : IXFR) << 16) | CLASS_IN);
  let size = HEADER + length + AFTER_NAME;
  if (!isWhole) {
    // RFC 1995 3: which version is here.
    useTable(about.current!);
    out.startReply(query, size, query.length);
    startName(length);
    size = zones.putSoa(FIRST_ZONE);
  }
  const key = about.servers.key;
  if (tsig && key != NO_KEY) {
    size = exchange.sign(keyOf(key), query, size, mac);
    exchange.begin(keyOf(key), mac);
  }
  reader.begin(about, id, about.current != null);
  incoming.setBe16(0, size);
  incoming.copy(PREFIX, query, 0, size);
  if (!session.stream!.write(incoming, 0, PREFIX + size)) end(Outcome.failed, Fault.unreachable);
}

/** Takes what belongs to the message that is coming in. */
function take(bytes: Bytes, from: u32): u32 {
  const wanted = filled < PREFIX ? PREFIX : PREFIX + incoming.be16(0);
  const part = min(wanted - filled, bytes.length - from);
  incoming.copy(filled, bytes, from, part);
  filled += part;
  if (filled >= PREFIX && filled == PREFIX + incoming.be16(0)) {
    message.window(incoming, PREFIX, filled - PREFIX);
    filled = 0;
    deadline = now() + SILENCE;
    handle();
  }
  return part;
}

function handle(): void {
  let length = message.length;
  let isSigned = true;
  const key = copy!.servers.key;
  if (tsig && key != NO_KEY) {
    const verdict = exchange.verify(keyOf(key), message);
    // RFC 8945 5.3.2: an error of the server may be unsigned, and proves nothing; but it is all that there is to say.
    if (verdict == exchange.Verdict.bad) return end(Outcome.failed, Fault.badSignature);
    isSigned = verdict == exchange.Verdict.good;
    length = exchange.end;
  }
  const how = reader.read(message, length);
  if (how == Read.more) return;
  wantsWhole = !isWhole && how != Read.done && how != Read.current;
  if (how == Read.refused) return end(Outcome.failed, Fault.refused);
  if (how == Read.full) return end(Outcome.failed, Fault.full);
  if (how == Read.malformed || how == Read.astray) return end(Outcome.failed, Fault.malformed);
  if (!isSigned) return end(Outcome.failed, Fault.badSignature);
  end(how == Read.done ? Outcome.copied : Outcome.current, Fault.none);
}
