/**
 * IP as transports see it: IPv4 and IPv6 behind one set of functions. What a description does not have is a constant `false` here, so
 * that its branch, and the module behind it, is not compiled. The conditions are written out, because only then the compiler knows them.
 */
import { Bytes } from "../../core/bytes";
import { Packet } from "../../core/packet";
import { AddressWatcher } from "../addresses";
import { Datagram, DatagramHandler, IP, IP_HEADER, IP6_HEADER } from "../datagrams";
import { Nic } from "../nic";
import { pseudo4, pseudo6 } from "../transport";
import * as icmp from "./needs/icmp";
import * as icmp6 from "./needs/icmp6";
import * as v4 from "./needs/ipv4";
import * as v6 from "./needs/ipv6";
import { ipv4, ipv6 } from "./parts";

/** Has this appliance addresses of IPv4, of IPv6? */
export const V4: bool = ipv4;
export const V6: bool = ipv6;

/** In `prepare`: segments of `protocol` go to handlers, one for each family. */
export function register(protocol: u32, first: DatagramHandler, second: DatagramHandler): void {
  if (V4) v4.register(protocol, first);
  if (V6) v6.register(protocol, second);
}

/** In `prepare`: who is told when an address is gone. */
export function watch(watcher: AddressWatcher): void {
  if (V4) v4.watch(watcher);
}

/** Length of the IP header of segments to an address with this upper half. */
export function headerTo(high: u64): u32 {
  return V4 && (!V6 || high == 0) ? IP_HEADER : IP6_HEADER;
}

/** Offset of such a segment in a packet's buffer. */
export function startTo(high: u64): u32 {
  return IP + headerTo(high);
}

/** The longest packet to this address. */
export function mtuTo(nic: Nic, high: u64, low: u64): u32 {
  return V4 && (!V6 || high == 0) ? v4.mtuTo(nic, low) : v6.mtuTo(nic, high, low);
}

/** The interface that packets to this address leave by; null: there is no way, or it is no single host's. */
export function route(high: u64, low: u64): Nic | null {
  return V4 && (!V6 || high == 0) ? v4.route(low) : v6.route(high, low);
}

/** The upper and the lower half of the address of ours that packets to this one come from: RFC 6724. */
export function ownHigh(nic: Nic, high: u64, low: u64): u64 {
  return V4 && (!V6 || high == 0) ? 0 : v6.ownHigh(nic, high, low);
}
export function ownLow(nic: Nic, high: u64, low: u64): u64 {
  return V4 && (!V6 || high == 0) ? <u64>nic.from(<u32>low) : v6.ownLow(nic, high, low);
}

/** The pseudo-header's share of a segment's checksum. */
export function pseudo(
  sourceHigh: u64,
  source: u64,
  destinationHigh: u64,
  destination: u64,
  protocol: u32,
  length: u32,
): u64 {
  return V4 && (!V6 || destinationHigh == 0)
    ? pseudo4(source, destination, protocol, length)
    : pseudo6(sourceHigh, source, destinationHigh, destination, protocol, length);
}

/** Sends a segment that answers `datagram` back to the hardware address that it came from. It stands at `startTo`; takes the packet over. */
export function answer(datagram: Datagram, packet: Packet, protocol: u32, length: u32): void {
  if (V4 && (!V6 || datagram.sourceHigh == 0)) v4.answer(datagram, packet, protocol, length);
  else v6.answer(datagram, packet, protocol, length);
}

/** As `answer`, for a segment in `from` that may be longer than the link takes: then in fragments. */
export function answerLong(datagram: Datagram, from: Bytes, at: u32, protocol: u32, length: u32): void {
  if (V4 && (!V6 || datagram.sourceHigh == 0)) v4.answerLong(datagram, from, at, protocol, length);
  else v6.answerLong(datagram, from, at, protocol, length);
}

/**
 * Sends a segment of our own making by the interface that `route` gave. `hardware`: where the other side was heard last, so that nothing needs to
 * be resolved; 0: not known. Takes the packet over.
 */
export function send(
  nic: Nic,
  packet: Packet,
  sourceHigh: u64,
  source: u64,
  high: u64,
  low: u64,
  hardware: u64,
  protocol: u32,
  length: u32,
): void {
  if (V4 && (!V6 || high == 0)) v4.send(nic, packet, source, low, hardware, protocol, length);
  else v6.send(nic, packet, sourceHigh, source, high, low, hardware, protocol, length);
}

/** Does a packet to this address wait for an answer of whoever is next on its way? Another one would take its place. */
export function isHeld(nic: Nic, high: u64, low: u64): bool {
  return V4 && (!V6 || high == 0) ? v4.isHeld(nic, low) : v6.isHeld(nic, high, low);
}

/** Nobody listens on the port of this datagram. */
export function portUnreachable(datagram: Datagram): void {
  if (V4 && (!V6 || datagram.sourceHigh == 0)) icmp.portUnreachable(datagram);
  else icmp6.portUnreachable(datagram);
}
