/**
 * Puts fragments of IPv4 and IPv6 together: RFC 791 3.2, RFC 8200 4.5, with the bounds that experience taught. A few datagrams at once, each of
 * at most 8 KiB (2 KiB on small machines; RFC 8200 5 wants 1500 bytes); a fragment that overlaps another one ends the whole datagram (RFC 5722 for IPv6, and good sense for IPv4), unless it is the same
 * once more; what is not complete in 15 seconds is dropped (RFC 1122 3.3.2 wants a fixed time, and says 60 to 120 seconds, as RFC 8200 does; a
 * query is not worth that long).
 */

import { Bytes } from "../core/bytes";
import { isSmall } from "../core/machine";
import { HEADROOM, Packet } from "../core/packet";
import { Counter, count } from "./counters";
import { Datagram, IP, IP_HEADER, IP6_HEADER } from "./datagrams";
import { LENGTH6, NEXT_HEADER } from "./header6";
import { Nic } from "./nic";

const CONTEXTS = isSmall ? 2 : 4;
const MOST: u32 = isSmall ? 2048 : 8192;
const BUFFER: u32 = IP + IP6_HEADER + MOST;
const UNIT: u32 = 8;
const LIFETIME: u64 = 15_000_000_000;

/** One datagram of which a part has come. */
@final
class Context {
  used: bool = false;
  /** Something of it overlapped: the rest is not taken either. */
  isSpoiled: bool = false;
  nic: Nic;
  /** Length of the IP header, without options: which family it is of. */
  header: u32 = 0;
  sourceHigh: u64 = 0;
  destinationHigh: u64 = 0;
  source: u64 = 0;
  destination: u64 = 0;
  hardware: u64 = 0;
  identification: u32 = 0;
  protocol: u32 = 0;
  toAll: bool = false;
  /** Bytes of payload; 0 until the last fragment has come. */
  total: u32 = 0;
  received: u32 = 0;
  /** Where the farthest fragment ends. */
  end: u32 = 0;
  /** Payload of the first fragment, which errors quote; 0 until it has come. */
  first: u32 = 0;
  until: u64 = 0;
  /** One byte for each eight of payload: has it come? */
  map: Bytes = new Bytes(new StaticArray<u8>(<i32>(MOST / UNIT)), 0, MOST / UNIT);
  /** The first fragment's header without options, and the payload. */
  packet: Packet = new Packet(new Bytes(new StaticArray<u8>(<i32>BUFFER), 0, BUFFER));

  constructor(nic: Nic) {
    this.nic = nic;
  }
}

let contexts: StaticArray<Context> | null = null;
/** When the oldest datagram times out. */
let earliest: u64 = u64.MAX_VALUE;

export function begin(nic: Nic): void {
  if (contexts != null) return;
  const made = new StaticArray<Context>(CONTEXTS);
  for (let n = 0; n < CONTEXTS; n++) made[n] = new Context(nic);
  contexts = made;
}

/**
 * Takes a fragment, the payload of `datagram`; true when its datagram is complete, which `datagram` then holds. `header` is the length of an IP header
 * of its family; `protocol` what the first fragment says of the payload.
 */
export function accept(
  datagram: Datagram,
  header: u32,
  identification: u32,
  protocol: u32,
  offset: u32,
  more: bool,
  now: u64,
): bool {
  const bytes = datagram.packet.bytes;
  const length = datagram.length;
  const end = offset + length;
  // All but the last are whole units.
  if (length == 0 || end > MOST || (more && length % UNIT != 0)) return drop(null);
  const context = contextOf(datagram, header, identification, protocol, now);
  if (context.isSpoiled) return drop(null);
  if (!more) {
    if (end < context.end || (context.total != 0 && context.total != end)) return drop(context);
    context.total = end;
  }
  if (context.total != 0 && end > context.total) return drop(context);
  const state = mark(context, offset, end);
  if (state == Units.some) return drop(context);
  if (state == Units.all) {
    const same = context.packet.bytes.equals(IP + header + offset, bytes, datagram.payload, length);
    return same ? false : drop(context);
  }
  context.packet.bytes.copy(IP + header + offset, bytes, datagram.payload, length);
  if (offset == 0) keepFirst(context, datagram, protocol);
  context.received += length;
  context.end = max(context.end, end);
  if (context.total == 0 || context.received != context.total) return false;
  context.used = false;
  give(context, datagram, context.total);
  return true;
}

/** How much of a fragment had come before. */
namespace Units {
  export const none = 0;
  export const some = 1;
  export const all = 2;
}

/** Marks the units of a fragment as come. */
function mark(context: Context, offset: u32, end: u32): i32 {
  const from = offset / UNIT;
  const to = (end + UNIT - 1) / UNIT;
  let before: u32 = 0;
  for (let unit = from; unit < to; unit++) {
    before += context.map.u8(unit);
    context.map.setU8(unit, 1);
  }
  return before == 0 ? Units.none : before == to - from ? Units.all : Units.some;
}

/** The header that errors quote; no options, which is what it must say. */
function keepFirst(context: Context, datagram: Datagram, protocol: u32): void {
  const to = context.packet.bytes;
  const from = datagram.packet.bytes;
  to.copy(IP, from, IP, context.header);
  if (context.header == IP_HEADER) to.setU8(IP, 0x45);
  else to.setU8(IP + NEXT_HEADER, protocol);
  context.protocol = protocol;
  context.first = datagram.length;
}

/** `datagram` from now on is what was put together. */
function give(context: Context, datagram: Datagram, length: u32): void {
  const header = context.header;
  context.packet.length = IP - HEADROOM + header + length;
  if (header == IP6_HEADER) context.packet.bytes.setBe16(IP + LENGTH6, length);
  datagram.nic = context.nic;
  datagram.packet = context.packet;
  datagram.sourceHigh = context.sourceHigh;
  datagram.source = context.source;
  datagram.destinationHigh = context.destinationHigh;
  datagram.destination = context.destination;
  datagram.hardware = context.hardware;
  datagram.toAll = context.toAll;
  datagram.headerLength = header;
  datagram.payload = IP + header;
  datagram.length = length;
}

function drop(context: Context | null): bool {
  count(Counter.fragmentDropped);
  if (context == null) return false;
  // RFC 8200 4.5: those that are still to come are dropped as well. IPv4 uses its few identifications again soon.
  if (context.header == IP6_HEADER) context.isSpoiled = true;
  else context.used = false;
  return false;
}

/** The context of this datagram; a new one takes the place of the oldest when all are in use. */
function contextOf(datagram: Datagram, header: u32, identification: u32, protocol: u32, now: u64): Context {
  const all = contexts!;
  let chosen = all[0];
  for (let n = 0; n < CONTEXTS; n++) {
    const each = all[n];
    if (
      each.used &&
      each.identification == identification &&
      each.source == datagram.source &&
      each.destination == datagram.destination &&
      each.sourceHigh == datagram.sourceHigh &&
      each.destinationHigh == datagram.destinationHigh &&
      each.header == header &&
      // RFC 8200 4.5: only the first one's counts.
      (header == IP6_HEADER || each.protocol == protocol) &&
      each.nic == datagram.nic
    )
      return each;
    if (chosen.used && (!each.used || each.until < chosen.until)) chosen = each;
  }
  if (chosen.used) count(Counter.fragmentDropped);
  chosen.used = true;
  chosen.isSpoiled = false;
  chosen.nic = datagram.nic;
  chosen.header = header;
  chosen.sourceHigh = datagram.sourceHigh;
  chosen.destinationHigh = datagram.destinationHigh;
  chosen.source = datagram.source;
  chosen.destination = datagram.destination;
  chosen.hardware = datagram.hardware;
  chosen.toAll = datagram.toAll;
  chosen.identification = identification;
  chosen.protocol = protocol;
  chosen.total = 0;
  chosen.received = 0;
  chosen.end = 0;
  chosen.first = 0;
  chosen.until = now + LIFETIME;
  earliest = min(earliest, chosen.until);
  chosen.map.fill(0, MOST / UNIT, 0);
  return chosen;
}

/** When `sweep` may have something to do. */
export function nextTimeout(): u64 {
  return earliest;
}

/** Drops what of one family is too old. True: the first fragment of `datagram` was among it, its sender is to be told; call again. */
export function sweep(now: u64, datagram: Datagram, header: u32): bool {
  const all = contexts!;
  earliest = u64.MAX_VALUE;
  for (let n = 0; n < CONTEXTS; n++) {
    const each = all[n];
    if (!each.used) continue;
    if (now < each.until || each.header != header) {
      earliest = min(earliest, each.until);
      continue;
    }
    each.used = false;
    count(Counter.fragmentTimeout);
    if (each.first == 0 || each.isSpoiled) continue;
    give(each, datagram, each.first);
    return true;
  }
  return false;
}
