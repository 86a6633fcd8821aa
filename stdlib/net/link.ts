/**
 * What carries frames (interface net.Link). An implementation exports `count(): i32` and `link(index: i32): Link`; both may be called in
 * `prepare` (how many at most) and after `start` (which are there: `present`).
 */
import { Packet } from "../core/packet";

export abstract class Link {
  /** Known from `start` on. */
  present: bool = false;
  /** Hardware address, 48 bits. */
  mac: u64 = 0;
  /** The longest frame without its 14 bytes of header. */
  mtu: u32 = 1500;
  /** It has a carrier; true where the device cannot tell. */
  up: bool = true;
  /** The link computes transport checksums of sent packets that ask for it. */
  completesChecksums: bool = false;
  /** But not of those with a tag of a virtual network (IEEE 802.1Q). */
  leavesTagged: bool = false;
  /** It sends the `tail` of a packet from where that lies. */
  gathers: bool = false;
  /** It also cuts TCP segments of up to so many bytes (headers not counted) into frames, and completes all their checksums; 0: it does not. */
  cuts: u32 = 0;

  /** The next frame that has arrived; the caller owns it until `release`. */
  abstract receive(): Packet | null;
  /** Gives a received packet back. */
  abstract release(packet: Packet): void;
  /** A packet to fill and send; null when all are on their way. */
  abstract allocate(): Packet | null;
  /** Takes the packet over. It may wait for `flush`. */
  abstract transmit(packet: Packet): void;
  /** An allocated packet that is not sent after all. */
  abstract discard(packet: Packet): void;
  /** Makes what was handed over go, at the end of a turn. */
  abstract flush(): void;
}
