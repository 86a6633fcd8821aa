/**
 * A frame on its way through the machine. Each packet has one owner at a time: the device's ring, the code that looks at it, or a pool.
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
  /** Bytes of the frame, from HEADROOM on. */
  length: u32 = 0;
  /** The link has verified the transport checksum of a received frame. */
  verified: bool = false;
  /** To be sent: offset in the frame from where the link computes the transport checksum; 0: it is complete. */
  checksumStart: u32 = 0;
  /** Offset of the checksum field from there. */
  checksumOffset: u32 = 0;
  /** In a pool: the next free one. */
  next: Packet | null = null;
  /** Its number in its pool; drivers may keep track by it. */
  index: u32 = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
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

  clear(): void {
    this.first = null;
  }
}

/** Packets with buffers of their own. */
@final
export class PacketPool {
  private free: PacketList = new PacketList();
  /** All packets by their index. */
  all: StaticArray<Packet>;

  constructor(count: u32) {
    const memory = new StaticArray<u8>(<i32>((count + 1) * BUFFER));
    const begin: u32 = (BUFFER - (<u32>changetype<usize>(memory) & (BUFFER - 1))) & (BUFFER - 1);
    this.all = new StaticArray<Packet>(<i32>count);
    for (let n: u32 = 0; n < count; n++) {
      const packet = new Packet(new Bytes(memory, begin + n * BUFFER, BUFFER));
      packet.index = n;
      this.all[n] = packet;
      this.give(packet);
    }
  }

  take(): Packet | null {
    return this.free.take();
  }

  give(packet: Packet): void {
    this.free.give(packet);
  }

  /** Everything is free again: after a warm restart the memory already says so; a driver that resets its device calls it. */
  reset(): void {
    this.free.clear();
    for (let n = this.all.length - 1; n >= 0; n--) this.give(this.all[n]);
  }
}
