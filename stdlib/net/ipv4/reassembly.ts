/**
 * Puts fragments together: RFC 791 3.2, with the bounds that experience taught. A few datagrams at once, each of at most 8 KiB; a
 * fragment that overlaps another one ends the whole datagram (RFC 5722 for IPv6, and good sense here); what is not complete in 15 seconds
 * is dropped (RFC 1122 3.3.2 wants a fixed time, and says 60 to 120 seconds; a query is not worth that long).
 */
import { Bytes } from "../../core/bytes";
import { Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import {
  Datagram,
  FRAGMENT,
  FRAGMENT_OFFSET,
  IDENTIFICATION,
  IP,
  IP_HEADER,
  MORE_FRAGMENTS,
  PROTOCOL,
} from "../datagrams";
import { Nic } from "../nic";
import { now as clock } from "./needs/clock";

const CONTEXTS = 4;
const MOST: u32 = 8192;
const UNIT: u32 = 8;
const LIFETIME: u64 = 15_000_000_000;

@final
class Context {
  used: bool = false;
  nic: Nic;
  source: u32 = 0;
  destination: u32 = 0;
  identification: u32 = 0;
  protocol: u32 = 0;
  /** Bytes of payload; 0 until the last fragment has come. */
  total: u32 = 0;
  received: u32 = 0;
  until: u64 = 0;
  /** One byte for each eight of payload: has it come? */
  map: Bytes = new Bytes(new StaticArray<u8>(<i32>(MOST / UNIT)), 0, MOST / UNIT);
  packet: Packet = new Packet(
    new Bytes(new StaticArray<u8>(<i32>(IP + IP_HEADER + MOST)), 0, IP + IP_HEADER + MOST),
  );

  constructor(nic: Nic) {
    this.nic = nic;
  }
}

let contexts: StaticArray<Context> | null = null;

export function begin(nic: Nic): void {
  const made = new StaticArray<Context>(CONTEXTS);
  for (let n = 0; n < CONTEXTS; n++) made[n] = new Context(nic);
  contexts = made;
}

/** Takes a fragment; true when its datagram is complete, which `datagram` then holds. */
export function accept(datagram: Datagram): bool {
  const bytes = datagram.packet.bytes;
  const flags = bytes.be16(IP + FRAGMENT);
  const offset = (flags & FRAGMENT_OFFSET) * UNIT;
  const more = (flags & MORE_FRAGMENTS) != 0;
  const length = datagram.length;
  // All but the last are whole units.
  if (length == 0 || offset + length > MOST || (more && length % UNIT != 0)) return drop(null);
  const context = contextOf(datagram, bytes.be16(IP + IDENTIFICATION), bytes.u8(IP + PROTOCOL));
  if (!more) {
    if (context.total != 0 && context.total != offset + length) return drop(context);
    context.total = offset + length;
  }
  if (context.total != 0 && offset + length > context.total) return drop(context);
  const from = offset / UNIT;
  const to = (offset + length + UNIT - 1) / UNIT;
  for (let unit = from; unit < to; unit++) {
    if (context.map.u8(unit) != 0) return drop(context);
    context.map.setU8(unit, 1);
  }
  context.packet.bytes.copy(IP + IP_HEADER + offset, bytes, datagram.payload, length);
  // ICMP errors quote the header: the first fragment's stands before the payload.
  if (offset == 0) context.packet.bytes.copy(IP, bytes, IP, IP_HEADER);
  context.received += length;
  if (context.total == 0 || context.received != context.total) return false;
  context.used = false;
  context.packet.length = IP + IP_HEADER + context.total;
  context.packet.verified = false;
  datagram.packet = context.packet;
  datagram.headerLength = IP_HEADER;
  datagram.payload = IP + IP_HEADER;
  datagram.length = context.total;
  datagram.reassembled = true;
  return true;
}

function drop(context: Context | null): bool {
  count(Counter.fragmentDropped);
  if (context != null) context.used = false;
  return false;
}

/** The context of this datagram; a new one takes the place of the oldest when all are in use. */
function contextOf(datagram: Datagram, identification: u32, protocol: u32): Context {
  const all = contexts!;
  let chosen = all[0];
  for (let n = 0; n < CONTEXTS; n++) {
    const each = all[n];
    if (
      each.used &&
      each.identification == identification &&
      each.source == datagram.source &&
      each.destination == datagram.destination &&
      each.protocol == protocol &&
      each.nic == datagram.nic
    )
      return each;
    if (chosen.used && (!each.used || each.until < chosen.until)) chosen = each;
  }
  if (chosen.used) count(Counter.fragmentDropped);
  chosen.used = true;
  chosen.nic = datagram.nic;
  chosen.source = datagram.source;
  chosen.destination = datagram.destination;
  chosen.identification = identification;
  chosen.protocol = protocol;
  chosen.total = 0;
  chosen.received = 0;
  chosen.until = clock() + LIFETIME;
  chosen.map.fill(0, MOST / UNIT, 0);
  return chosen;
}

export function sweep(now: u64): void {
  const all = contexts;
  if (all == null) return;
  for (let n = 0; n < CONTEXTS; n++) {
    const each = all[n];
    if (!each.used || now < each.until) continue;
    each.used = false;
    count(Counter.fragmentTimeout);
  }
}
