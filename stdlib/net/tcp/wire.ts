/** How segments reach the network: the one file that knows addresses of IPv4. */
import { double, folded, word } from "../../core/checksum";
import { Packet } from "../../core/packet";
import { IP, IP_HEADER } from "../datagrams";
import { FRAME_HEADER } from "../frames";
import { Nic } from "../nic";
import * as ipv4 from "./needs/ipv4";

export const PROTOCOL: u32 = 6;
/** Offset of a segment of ours in a packet's buffer. */
export const OUT: u32 = IP + IP_HEADER;
const CHECKSUM: u32 = 16;

/** The pseudo-header's share of the checksum: RFC 9293 3.1. */
export function pseudo(source: u32, destination: u32, length: u32): u64 {
  return double(source) + double(destination) + word(PROTOCOL) + word(length);
}

/** The longest segment without options that goes to this side's network unfragmented: RFC 9293 3.7.1. */
export function largest(nic: Nic): u32 {
  return nic.mtu - IP_HEADER - 20;
}

/** The interface that segments to this address leave by; null: there is none. */
export function way(to: u64): Nic | null {
  const nic = ipv4.route(<u32>to);
  return nic == null || nic.isBroadcast(<u32>to) ? null : nic;
}

/**
 * Sends the segment of `length` bytes that stands at OUT, its checksum field 0. `hardware`: where the other side's last segment came
 * from, so that nothing needs to be resolved; 0: not known. Takes the packet over.
 */
export function transmit(nic: Nic, packet: Packet, to: u64, hardware: u64, length: u32): void {
  const destination = <u32>to;
  const sum = pseudo(nic.address, destination, length);
  if (nic.link.completesChecksums) {
    // The link adds the segment to what stands in the field: the sum of the pseudo-header.
    packet.bytes.setBe16(OUT + CHECKSUM, folded(sum));
    packet.checksumStart = FRAME_HEADER + IP_HEADER;
    packet.checksumOffset = CHECKSUM;
  } else {
    packet.checksumStart = 0;
    packet.bytes.setBe16(OUT + CHECKSUM, folded(packet.bytes.sum(OUT, length, sum)) ^ 0xffff);
  }
  ipv4.sendTo(nic, packet, destination, hardware, PROTOCOL, length);
}
