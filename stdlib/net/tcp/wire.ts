/** How segments reach the network. */
import { Packet } from "../../core/packet";
import { Datagram, IP6_HEADER } from "../datagrams";
import { LEAST_MTU } from "../header6";
import { Nic } from "../nic";
import { complete } from "../transport";
import * as ip from "./needs/ip";

export const PROTOCOL: u32 = 6;
/** Of a header without options. */
const HEADER: u32 = 20;
const CHECKSUM: u32 = 16;

/** The pseudo-header's share of the checksum of a segment that came. */
export function pseudo(datagram: Datagram): u64 {
  return ip.pseudo(
    datagram.sourceHigh,
    datagram.source,
    datagram.destinationHigh,
    datagram.destination,
    PROTOCOL,
    datagram.length,
  );
}

/** Offset in a packet's buffer of a segment to an address with this upper half. */
export function startTo(high: u64): u32 {
  return ip.startTo(high);
}

/** 4 or 6. */
export function familyOf(high: u64): u8 {
  return ip.V4 && (!ip.V6 || high == 0) ? 4 : 6;
}

/** The longest segment without options that goes to this side's network unfragmented: RFC 9293 3.7.1, RFC 6691. */
export function largest(nic: Nic, high: u64): u32 {
  return (ip.V4 && (!ip.V6 || high == 0) ? nic.mtu : nic.mtu6) - ip.headerTo(high) - HEADER;
}

/** A segment without options that every way takes: RFC 9293 3.7.1 for IPv4, the smallest MTU that RFC 8200 5 allows for IPv6. */
export function surely(high: u64): u32 {
  return ip.V4 && (!ip.V6 || high == 0) ? 536 : LEAST_MTU - IP6_HEADER - HEADER;
}

/** The longest segment without options that arrives there, as far as is known: RFC 1191, 8201. */
export function longest(nic: Nic, high: u64, low: u64): u32 {
  return ip.mtuTo(nic, high, low) - headers(high);
}

/** Of IP and TCP, without options. */
export function headers(high: u64): u32 {
  return ip.headerTo(high) + HEADER;
}

/** A way that takes less is not believed in: RFC 8201 4; for IPv4 what Linux takes (net.ipv4.route.min_pmtu). */
export function leastMtu(high: u64): u32 {
  return ip.V4 && (!ip.V6 || high == 0) ? 552 : LEAST_MTU;
}

/** The interface that segments to this address leave by; null: there is none. */
export function way(high: u64, low: u64): Nic | null {
  return ip.route(high, low);
}

/** The address of ours that they come from. */
export function ownHigh(nic: Nic, high: u64, low: u64): u64 {
  return ip.ownHigh(nic, high, low);
}
export function ownLow(nic: Nic, high: u64, low: u64): u64 {
  return ip.ownLow(nic, high, low);
}

/**
 * Sends the segment of `length` bytes that stands at `startTo`, its checksum field 0. `hardware`: where the other side's last segment came
 * from, so that nothing needs to be resolved; 0: not known. Takes the packet over.
 */
export function transmit(
  nic: Nic,
  packet: Packet,
  localHigh: u64,
  local: u64,
  high: u64,
  low: u64,
  hardware: u64,
  length: u32,
): void {
  const sum = ip.pseudo(localHigh, local, high, low, PROTOCOL, length);
  complete(nic, packet, startTo(high), CHECKSUM, length, sum);
  ip.send(nic, packet, localHigh, local, high, low, hardware, PROTOCOL, length);
}
