/** The header of IPv6, RFC 8200 3, and addresses of it: RFC 4291. Offsets are from the start of the header. */
import { Packet } from "../core/packet";
import { IP, IP6_HEADER } from "./datagrams";
import { FRAME_HEADER } from "./frames";

export const ETHERTYPE6: u32 = 0x86dd;
export const ICMP6: u32 = 58;
export const LENGTH6: u32 = 4;
export const NEXT_HEADER: u32 = 6;
export const HOP_LIMIT: u32 = 7;
export const SOURCE6: u32 = 8;
export const DESTINATION6: u32 = 24;

/** Every link takes packets of this length: RFC 8200 5. */
export const LEAST_MTU: u32 = 1280;

/** Upper half of groups on this link: ff02::/64. */
export const LINK_GROUPS: u64 = 0xff02 << 48;
/** Lower halves: all nodes, all routers, MLDv2's routers (RFC 3810 5.2.14), and what groups of solicited nodes begin with (RFC 4291 2.7.1). */
export const ALL_NODES: u64 = 1;
export const ALL_ROUTERS: u64 = 2;
export const MLD_ROUTERS: u64 = 0x16;
const SOLICITED: u64 = 0x1ff000000;

/** Upper half of addresses that are made for a link. */
export const LINK_LOCAL: u64 = 0xfe80 << 48;

/** fe80::/10. */
export function isLinkLocal(high: u64): bool {
  return high >> 54 == 0x3fa;
}

export function isGroup(high: u64): bool {
  return high >> 56 == 0xff;
}

/** Lower half of the group in which whoever has this address is asked for. */
export function solicitedGroup(low: u64): u64 {
  return SOLICITED | (low & 0xffffff);
}

/** Hardware address of a group: RFC 2464 7. */
export function groupHardware(low: u64): u64 {
  return ((<u64>0x3333) << 32) | (low & 0xffffffff);
}

/** Is the address in the prefix? */
export function within(high: u64, low: u64, prefixHigh: u64, prefixLow: u64, length: u32): bool {
  return common(high, low, prefixHigh, prefixLow) >= length;
}

/** Length of the prefix that two addresses share: RFC 6724 2.2. */
export function common(aHigh: u64, aLow: u64, bHigh: u64, bLow: u64): u32 {
  return aHigh != bHigh ? <u32>clz(aHigh ^ bHigh) : 64 + <u32>clz(aLow ^ bLow);
}

/** Writes the header before a payload of `length` bytes that stands at IP + IP6_HEADER. */
export function writeHeader6(
  packet: Packet,
  sourceHigh: u64,
  source: u64,
  high: u64,
  low: u64,
  protocol: u32,
  hops: u32,
  length: u32,
): void {
  const bytes = packet.bytes;
  bytes.setBe64(IP, ((<u64>0x60000000) << 32) | <u64>((length << 16) | (protocol << 8) | hops));
  bytes.setBe64(IP + SOURCE6, sourceHigh);
  bytes.setBe64(IP + SOURCE6 + 8, source);
  bytes.setBe64(IP + DESTINATION6, high);
  bytes.setBe64(IP + DESTINATION6 + 8, low);
  packet.length = FRAME_HEADER + IP6_HEADER + length;
}
