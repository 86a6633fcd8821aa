/**
 * IP datagrams, and who takes them (interfaces net.Ip, net.Ipv4, net.Ipv6). RFC 791 3.1.
 *
 * An address is two numbers everywhere: the upper and the lower half for IPv6; 0 and the address for IPv4. No datagram of IPv6 has an upper
 * half of 0: in ::/64 are the unspecified address, loopback and what IPv4 addresses were once mapped to, and none of that may be on a wire.
 */

import { Bytes } from "../core/bytes";
import { HEADROOM, Packet } from "../core/packet";
import { FRAME_HEADER } from "./frames";
import { Nic } from "./nic";

/** Offset of the IP header in a packet's buffer. */
export const IP: u32 = HEADROOM + FRAME_HEADER;
export const IP_HEADER: u32 = 20;
export const IP6_HEADER: u32 = 40;

export const TOTAL_LENGTH: u32 = 2;
export const IDENTIFICATION: u32 = 4;
export const FRAGMENT: u32 = 6;
export const TIME_TO_LIVE: u32 = 8;
export const PROTOCOL: u32 = 9;
export const SOURCE_ADDRESS: u32 = 12;
export const DESTINATION_ADDRESS: u32 = 16;

export const MORE_FRAGMENTS: u32 = 0x2000;
export const DO_NOT_FRAGMENT: u32 = 0x4000;
export const FRAGMENT_OFFSET: u32 = 0x1fff;

/** A datagram that has passed all checks of IP. One object for all. */
@final
export class Datagram {
  nic: Nic;
  /** Holds it: the received packet, or the buffer in which fragments were put together. */
  packet: Packet;
  sourceHigh: u64 = 0;
  source: u64 = 0;
  destinationHigh: u64 = 0;
  destination: u64 = 0;
  /** Hardware address from which it came: answers go there. */
  hardware: u64 = 0;
  /** Of the IP header, with options. */
  headerLength: u32 = 0;
  /** Of the payload in the packet's buffer. */
  payload: u32 = 0;
  length: u32 = 0;
  /** It was sent to all hosts of the subnet, or to a group: errors about it are forbidden (RFC 1122 3.2.2). */
  toAll: bool = false;
  /** It was not in fragments, not even in a single one. Kept by IPv6 alone. */
  isWhole: bool = true;

  constructor(nic: Nic, packet: Packet) {
    this.nic = nic;
    this.packet = packet;
  }
}

/** Tells senders what became of their datagrams; `ipv4` calls it, `icmp` is it. */
export abstract class ErrorReporter {
  abstract protocolUnreachable(datagram: Datagram): void;
  /** `pointer`: the offset in the datagram of what is wrong; `code` is 0 for IPv4, and as in RFC 4443 3.4 for IPv6. */
  abstract parameterProblem(datagram: Datagram, code: u32, pointer: u32): void;
  /** `datagram` is the first fragment. */
  abstract reassemblyTimeExceeded(datagram: Datagram): void;
}

/** Takes datagrams of one protocol. The implementations of net.Ip, net.Ipv4 and net.Ipv6 export `register(protocol, handler)` and the functions that send. */
export abstract class DatagramHandler {
  /** What it takes, and who is asked when this is not it: kept by who hands datagrams on. */
  protocol: u32 = 0;
  next: DatagramHandler | null = null;

  abstract receive(datagram: Datagram): void;

  /** Somebody says that a datagram of ours did not arrive. It may be a lie: RFC 5927. */
  failed(_failure: Failure): void {}
}

/** What an ICMP error says of a datagram that this host is said to have sent. One object for all. */
@final
export class Failure {
  /** When it came. */
  now: u64 = 0;
  /** The longest packet that would have passed; 0: that was not the reason. */
  mtu: u32 = 0;
  /** Nobody is there who would take it, or it may not pass: trying again is in vain. */
  isHard: bool = false;
  /** Whose it is said to be: an address of ours. */
  sourceHigh: u64 = 0;
  source: u64 = 0;
  destinationHigh: u64 = 0;
  destination: u64 = 0;
  /** What is quoted of its payload; at least 8 bytes. */
  bytes: Bytes;
  payload: u32 = 0;
  length: u32 = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }
}
