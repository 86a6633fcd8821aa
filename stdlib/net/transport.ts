/** What transports add to their segments, over IPv4 and IPv6 alike: checksums over a pseudo-header. */
import { double, folded, turned, word } from "../core/checksum";
import { HEADROOM, Packet } from "../core/packet";
import { Nic } from "./nic";

/** The pseudo-header's share of a checksum over IPv4: RFC 9293 3.1, RFC 768. */
export function pseudo4(source: u64, destination: u64, protocol: u32, length: u32): u64 {
  return double(<u32>source) + double(<u32>destination) + word(protocol) + word(length);
}

/** Over IPv6: RFC 8200 8.1. */
export function pseudo6(
  sourceHigh: u64,
  source: u64,
  destinationHigh: u64,
  destination: u64,
  protocol: u32,
  length: u32,
): u64 {
  return (
    quadruple(sourceHigh) +
    quadruple(source) +
    quadruple(destinationHigh) +
    quadruple(destination) +
    word(protocol) +
    word(length)
  );
}

/** A 64-bit number as it counts in a sum of bytes. */
function quadruple(value: u64): u64 {
  return double(<u32>value) + double(<u32>(value >> 32));
}

/**
 * Completes the segment of `length` bytes that stands at `at`, its checksum field (`field` bytes behind) 0: by the link if it does that, else
 * here. `sum` is that of the pseudo-header.
 */
export function complete(nic: Nic, packet: Packet, at: u32, field: u32, length: u32, sum: u64): void {
  if (nic.link.completesChecksums) {
    // The link adds the segment to what stands in the field: the sum of the pseudo-header.
    packet.bytes.setBe16(at + field, folded(sum));
    packet.checksumStart = at - HEADROOM;
    packet.checksumOffset = field;
  } else {
    packet.checksumStart = 0;
    packet.bytes.setBe16(at + field, folded(summed(packet, at, length, sum)) ^ 0xffff);
  }
}

/** The sum of `length` bytes at `at`, on top of `sum`; those at the end may be known, and need not be in the buffer. */
function summed(packet: Packet, at: u32, length: u32, sum: u64): u64 {
  const known = packet.known;
  if (known == 0) return packet.bytes.sum(at, length, sum);
  const other = packet.bytes.sum(at, length - known, sum);
  // Behind an odd number of bytes its words lie the other way round.
  return other + (((length - known) & 1) == 0 ? packet.knownSum : <u64>turned(<u32>packet.knownSum));
}
