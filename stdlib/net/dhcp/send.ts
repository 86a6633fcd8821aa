/** Messages to servers: RFC 2131 4.4.1, table 5. */
import { Bytes } from "../../core/bytes";
import { Client, State } from "./client";
import { count, Dhcp } from "./counters";
import { begin as beginMessage, EVERYBODY, send } from "./datagram";
import { BROADCAST_FLAG, COOKIE, Field, LEAST, Option, REQUEST_HEAD, Type } from "./message";

const SECOND: u64 = 1_000_000_000;
/** Headers of IPv4 and UDP. */
const HEADERS: u32 = 28;
/** From this try on the answer is asked for to everybody: somebody on the way may not know how to reach who has no address. */
const BROADCAST_FROM: u32 = 2;

/** Where the next option goes. */
let at: u32 = 0;

/** DISCOVER. */
export function discover(client: Client, now: u64): void {
  const message = begin(client, Type.discover, now);
  wishes(message, client);
  end(message, client, EVERYBODY);
}

/** REQUEST, as it is in the client's state: 4.3.2. */
export function request(client: Client, now: u64): void {
  const state = client.state;
  const lease = client.lease;
  const message = begin(client, Type.request, now);
  if (state == State.renewing || state == State.rebinding)
    message.setBe32(Field.clientAddress, lease.address);
  else number(message, Option.requested, lease.address);
  if (state == State.requesting) number(message, Option.server, lease.server);
  wishes(message, client);
  end(message, client, state == State.renewing ? lease.server : EVERYBODY);
}

/** DECLINE: somebody else has the address. */
export function decline(client: Client, now: u64): void {
  const message = begin(client, Type.decline, now);
  message.setBe16(Field.flags, 0);
  number(message, Option.requested, client.lease.address);
  number(message, Option.server, client.lease.server);
  end(message, client, EVERYBODY);
}

/** All that messages have in common. */
function begin(client: Client, type: u32, now: u64): Bytes {
  const nic = client.nic;
  const message = beginMessage();
  message.setBe32(Field.operation, REQUEST_HEAD);
  message.setBe32(Field.transaction, client.transaction);
  message.setBe16(Field.seconds, <u32>min<u64>((now - client.begunAt) / SECOND, 0xffff));
  if (!client.isHolding && client.tries >= BROADCAST_FROM) message.setBe16(Field.flags, BROADCAST_FLAG);
  message.setBe48(Field.hardware, nic.mac);
  message.setBe32(Field.cookie, COOKIE);
  at = Field.options;
  message.setU8(at, Option.type);
  message.setU8(at + 1, 1);
  message.setU8(at + 2, type);
  at += 3;
  text(message, Option.client, client.identifier);
  return message;
}

/** What is asked for: RFC 3442 wants its routes before the routers. */
function wishes(message: Bytes, client: Client): void {
  message.setU8(at, Option.largest);
  message.setU8(at + 1, 2);
  message.setBe16(at + 2, client.mtu - HEADERS);
  at += 4;
  message.setU8(at, Option.wanted);
  message.setU8(at + 1, 8);
  message.setBe32(at + 2, WANTED_FIRST);
  message.setBe32(at + 6, WANTED_THEN);
  at += 10;
  if (client.hostName.length > 0) text(message, Option.hostName, client.hostName);
}

/** Mask, ways, routers, name servers; MTU, length of the lease, T1, T2. */
const WANTED_FIRST: u32 = 0x01790306;
const WANTED_THEN: u32 = 0x1a333a3b;

function number(message: Bytes, option: u32, value: u32): void {
  message.setU8(at, option);
  message.setU8(at + 1, 4);
  message.setBe32(at + 2, value);
  at += 6;
}

function text(message: Bytes, option: u32, value: Bytes): void {
  message.setU8(at, option);
  message.setU8(at + 1, value.length);
  message.copy(at + 2, value, 0, value.length);
  at += 2 + value.length;
}

function end(message: Bytes, client: Client, to: u32): void {
  message.setU8(at, Option.end);
  count(Dhcp.messagesOut);
  // 4.1: whose address is not certain has none.
  const source: u32 = client.state == State.rebooting ? 0 : client.nic.address;
  send(client.nic, source, to, max(at + 1, LEAST));
}
