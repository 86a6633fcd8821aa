/** Writes messages of neighbour discovery: RFC 4861 4. */
import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { IP, IP6_HEADER } from "../datagrams";
import {
  ALL_NODES,
  ALL_ROUTERS,
  ETHERTYPE6,
  groupHardware,
  ICMP6,
  LINK_GROUPS,
  solicitedGroup,
  writeHeader6,
} from "../header6";
import { Nic } from "../nic";
import { Own } from "../own";
import { pseudo6 } from "../transport";
import * as ethernet from "./needs/ethernet";

export const ROUTER_SOLICITATION: u32 = 133;
export const ROUTER_ADVERTISEMENT: u32 = 134;
export const SOLICITATION: u32 = 135;
export const ADVERTISEMENT: u32 = 136;

/** Flags of an advertisement: RFC 4861 4.4. */
export const SOLICITED: u32 = 0x40000000;
export const OVERRIDE: u32 = 0x20000000;

export const SOURCE_HARDWARE: u32 = 1;
export const TARGET_HARDWARE: u32 = 2;
/** RFC 3971 5.3.2. */
export const NONCE: u32 = 14;

/** RFC 4861 3.1: what has passed no router still has this. */
export const HOPS: u32 = 255;
const OUT: u32 = IP + IP6_HEADER;

/** Completes and sends the ICMPv6 message of `length` bytes that stands at OUT. */
export function finish(
  nic: Nic,
  packet: Packet,
  sourceHigh: u64,
  source: u64,
  high: u64,
  low: u64,
  hardware: u64,
  length: u32,
): void {
  const bytes = packet.bytes;
  bytes.setBe16(OUT + 2, 0);
  const sum = pseudo6(sourceHigh, source, high, low, ICMP6, length);
  bytes.setBe16(OUT + 2, folded(bytes.sum(OUT, length, sum)) ^ 0xffff);
  packet.checksumStart = 0;
  writeHeader6(packet, sourceHigh, source, high, low, ICMP6, HOPS, length);
  ethernet.send(nic, packet, hardware, ETHERTYPE6);
}

/** Type, a word, an address: how both messages about neighbours begin. */
function begin(bytes: Bytes, type: u32, flags: u32, high: u64, low: u64): u32 {
  bytes.setBe32(OUT, type << 24);
  bytes.setBe32(OUT + 4, flags);
  bytes.setBe64(OUT + 8, high);
  bytes.setBe64(OUT + 16, low);
  return 24;
}

function option(bytes: Bytes, length: u32, kind: u32, value: u64): u32 {
  bytes.setBe16(OUT + length, (kind << 8) | 1);
  bytes.setBe48(OUT + length + 2, value);
  return length + 8;
}

/** Asks who has an address, from one of ours; `hardware` 0: everybody who might. */
export function solicit(nic: Nic, from: Own, high: u64, low: u64, hardware: u64): void {
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  let length = begin(packet.bytes, SOLICITATION, 0, high, low);
  length = option(packet.bytes, length, SOURCE_HARDWARE, nic.mac);
  if (hardware != 0) return finish(nic, packet, from.high, from.low, high, low, hardware, length);
  const group = solicitedGroup(low);
  finish(nic, packet, from.high, from.low, LINK_GROUPS, group, groupHardware(group), length);
}

/** Asks whether somebody else has this address: RFC 4862 5.4.2, with the nonce of RFC 7527 4. */
export function detect(own: Own): void {
  const nic = own.nic!;
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  let length = begin(packet.bytes, SOLICITATION, 0, own.high, own.low);
  length = option(packet.bytes, length, NONCE, own.nonce);
  const group = solicitedGroup(own.low);
  finish(nic, packet, 0, 0, LINK_GROUPS, group, groupHardware(group), length);
}

/** Says that an address is ours; to all if nobody has asked. */
export function advertise(own: Own, flags: u32, high: u64, low: u64, hardware: u64): void {
  const nic = own.nic!;
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  let length = begin(packet.bytes, ADVERTISEMENT, flags, own.high, own.low);
  length = option(packet.bytes, length, TARGET_HARDWARE, nic.mac);
  finish(nic, packet, own.high, own.low, high, low, hardware, length);
}

export function advertiseToAll(own: Own): void {
  advertise(own, OVERRIDE, LINK_GROUPS, ALL_NODES, groupHardware(ALL_NODES));
}

/** Asks routers to tell of themselves: RFC 4861 4.1. */
export function solicitRouters(nic: Nic, from: Own): void {
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  packet.bytes.setBe64(OUT, (<u64>ROUTER_SOLICITATION) << 56);
  const length = option(packet.bytes, 8, SOURCE_HARDWARE, nic.mac);
  finish(nic, packet, from.high, from.low, LINK_GROUPS, ALL_ROUTERS, groupHardware(ALL_ROUTERS), length);
}
