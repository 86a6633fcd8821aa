/** Messages to servers: RFC 9915 18.2.1 to 18.2.8. */
import { Bytes } from "../../core/bytes";
import { Client, State } from "./client";
import { count, Dhcp6 } from "./counters";
import { send as sendDatagram } from "./datagram";
import { ADDRESS, HEAD, IDENTITY, LONGEST_DUID, OPTIONS, Option, Type } from "./message";

const HUNDREDTH: u64 = 10_000_000;
/** All that there is to say, and the longest names of both sides. */
const MOST: u32 = 384;
/** RFC 4704 4.1: flags, and the name as labels. The server is to make its entry in the DNS. */
const NAME: u32 = 39;
const SERVER_UPDATES: u32 = 1;

const message = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
/** Where the next option goes. */
let at: u32 = 0;

/** What the client's state has it ask. False: it cannot send now. */
export function send(client: Client, now: u64): bool {
  const state = client.state;
  const type = typeIn(state);
  message.setBe32(0, (type << 24) | client.transaction);
  at = OPTIONS;
  option(Option.client, client.duid.length);
  message.copy(at, client.duid, 0, client.duid.length);
  at += client.duid.length;
  const isToOne = type == Type.request || type == Type.renew || type == Type.decline;
  if (isToOne) server(client);
  elapsed(client, now);
  if (type != Type.information) identity(client, type != Type.solicit);
  if (type != Type.confirm && type != Type.decline) wishes(client, type);
  if (type == Type.solicit) option(Option.rapidCommit, 0);
  if (!sendDatagram(client.nic, message, at)) return false;
  client.tries += 1;
  count(Dhcp6.messagesOut);
  return true;
}

function typeIn(state: i32): u32 {
  switch (state) {
    case State.requesting:
      return Type.request;
    case State.declining:
      return Type.decline;
    case State.renewing:
      return Type.renew;
    case State.rebinding:
      return Type.rebind;
    case State.confirming:
      return Type.confirm;
    case State.informing:
      return Type.information;
    default:
      return Type.solicit;
  }
}

function option(code: u32, length: u32): void {
  message.setBe16(at, code);
  message.setBe16(at + 2, length);
  at += HEAD;
}

function server(client: Client): void {
  const lease = client.lease;
  assert(lease.duidLength <= LONGEST_DUID);
  option(Option.server, lease.duidLength);
  message.copy(at, lease.duid, 0, lease.duidLength);
  at += lease.duidLength;
}

/** 21.9: hundredths of a second since the exchange was begun. */
function elapsed(client: Client, now: u64): void {
  const since = client.tries == 0 ? 0 : (now - client.begunAt) / HUNDREDTH;
  option(Option.elapsed, 2);
  message.setBe16(at, <u32>min<u64>(since, 0xffff));
  at += 2;
}

/** The one association, with the address that it is about. Times are a server's to say: 21.4, 21.6. */
function identity(client: Client, hasAddress: bool): void {
  option(Option.identity, hasAddress ? IDENTITY + HEAD + ADDRESS : IDENTITY);
  message.setBe32(at, client.identity);
  message.setBe64(at + 4, 0);
  at += IDENTITY;
  if (!hasAddress) return;
  option(Option.address, ADDRESS);
  // Who asks for another one may still hold the one before.
  const isHeld = client.isHolding && client.state != State.requesting;
  message.setBe64(at, isHeld ? client.high : client.lease.high);
  message.setBe64(at + 8, isHeld ? client.low : client.lease.low);
  message.setBe64(at + 16, 0);
  at += ADDRESS;
}

/** 21.7: what is wanted besides; and the name of the host. */
function wishes(client: Client, type: u32): void {
  const isInformation = type == Type.information;
  const name = client.hostName;
  option(Option.wanted, name.length == 0 || isInformation ? 6 : 8);
  message.setBe16(at, Option.nameServers);
  message.setBe16(at + 2, isInformation ? Option.refresh : Option.solicitMost);
  message.setBe16(at + 4, Option.informationMost);
  at += 6;
  if (name.length == 0 || isInformation) return;
  // RFC 4704 5: who tells its name asks for it, too.
  message.setBe16(at, NAME);
  at += 2;
  option(NAME, 2 + name.length);
  message.setU8(at, SERVER_UPDATES);
  message.setU8(at + 1, name.length);
  message.copy(at + 2, name, 0, name.length);
  at += 2 + name.length;
}
