/**
 * A frame on its way through the machine. Each packet has one owner at a time: the device's ring, the code that looks at it, or a list of
 * free ones.
 * All are made in `prepare`.
 */
import { Bytes } from "./bytes";

/** Where a frame begins in its buffer: a driver may put its own header before it. */
export const HEADROOM: u32 = 64;
/** Buffers begin on a multiple of this, so none crosses a page and a device needs one address for it. */
export const BUFFER: u32 = 2048;

@final
export class Packet {
  /** The whole buffer. */
  bytes: Bytes;
  /** Bytes of the frame, from HEADROOM on, `tail` included. */
  length: u32 = 0;
  /** The link has verified the transport checksum of a received frame. */
  verified: bool = false;
  /** To be sent: offset in the frame from where the link computes the transport checksum; 0: it is complete. */
  checksumStart: u32 = 0;
  /** Offset of the checksum field from there. */
  checksumOffset: u32 = 0;
  /** To be sent behind what is in the buffer, by a link that `gathers`: bytes that never change. */
  tail: Bytes;
  tailLength: u32 = 0;
  /** To be sent: the link cuts the payload of this TCP segment into segments of so many bytes; 0: it is one frame. */
  segmentSize: u32 = 0;
  /** To be sent: what the last `known` bytes add to a checksum, summed up before. */
  known: u32 = 0;
  knownSum: u64 = 0;
  /** In a list: the next one. */
  next: Packet | null = null;
  /** For the driver: the descriptor that its buffer belongs to. */
  index: u32 = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
    this.tail = new Bytes(new StaticArray<u8>(0), 0, 0);
  }

  /** For the link that gives it out: nothing is in it. */
  @inline
  begin(): void {
    this.length = 0;
    this.checksumStart = 0;
    this.tailLength = 0;
    this.segmentSize = 0;
    this.known = 0;
  }

  /** The last `count` bytes add this to a checksum. */
  @inline
  know(count: u32, sum: u64): void {
    this.known = count;
    this.knownSum = sum;
  }
}

/** Packets that nobody uses, last in first out: the warmest is used first. */
@final
export class PacketList {
  private first: Packet | null = null;

  @inline
  get isEmpty(): bool {
    return this.first == null;
  }

  @inline
  take(): Packet | null {
    const packet = this.first;
    if (packet != null) this.first = packet.next;
    return packet;
  }

  @inline
  give(packet: Packet): void {
    packet.next = this.first;
    this.first = packet;
  }
}
