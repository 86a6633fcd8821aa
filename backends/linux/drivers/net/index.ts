/** Network devices of the process: each a file that gives and takes one frame at a time. */
import { Bytes } from "../../../../stdlib/core/bytes";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../../../stdlib/core/packet";
import { Link } from "../../../../stdlib/net/link";
import { LinkField, LinkFlag } from "../boot-record";
import { flush, gather, link as known, receive, stop, transmit } from "../system";

const MOST_LINKS = 4;

/** struct virtio_net_hdr (Linux, include/uapi/linux/virtio_net.h): before frames of devices that complete checksums. */
const HEADER: u32 = 10;
const NEEDS_CHECKSUM: u32 = 1;
const CHECKSUM_GOOD: u32 = 2;
const GSO_TYPE: u32 = 1;
const HEADERS: u32 = 2;
const GSO_SIZE: u32 = 4;
const CHECKSUM_START: u32 = 6;
const CHECKSUM_OFFSET: u32 = 8;
const TCP4: u32 = 1;
const TCP6: u32 = 4;
/** Of IP; RFC 9293 3.1: the longest header of TCP, and that of IPv6. */
const MOST_CUT: u32 = 65535 - 60 - 40;
const ETHERTYPE: u32 = HEADROOM + 12;
const IPV6: u32 = 0x86dd;

/** Packets that the stack may hold at once. */
const HELD_RECEIVED = 8;
const HELD_TO_SEND = 32;

/** Linux, include/uapi/asm-generic/errno.h: nothing there now, and it may come again. */
const AGAIN: i32 = -11;
const INTERRUPTED: i32 = -4;
const DOWN: i32 = -100;

@final
export class FileLink extends Link {
  private index: u32;
  private header: u32 = 0;
  private receivePackets: PacketList = new PacketList();
  private sendPackets: PacketList = new PacketList();

  constructor(index: u32) {
    super();
    this.index = index;
    const memory = new StaticArray<u8>(<i32>((HELD_RECEIVED + HELD_TO_SEND) * BUFFER));
    for (let n = 0; n < HELD_RECEIVED + HELD_TO_SEND; n++) {
      const packet = new Packet(new Bytes(memory, <u32>n * BUFFER, BUFFER));
      if (n < HELD_RECEIVED) this.receivePackets.give(packet);
      else this.sendPackets.give(packet);
    }
  }

  start(): void {
    const flags = known(this.index, LinkField.flags);
    this.present = (flags & LinkFlag.present) != 0;
    this.mac = known(this.index, LinkField.mac);
    this.mtu = min<u32>(<u32>known(this.index, LinkField.mtu), BUFFER - HEADROOM - 14);
    this.completesChecksums = (flags & LinkFlag.header) != 0;
    this.header = this.completesChecksums ? HEADER : 0;
    this.gathers = true;
    this.cuts = this.completesChecksums ? MOST_CUT : 0;
  }

  override receive(): Packet | null {
    const packet = this.receivePackets.take();
    if (packet == null) return null;
    const begin = HEADROOM - this.header;
    const bytes = packet.bytes;
    const most = BUFFER - begin;
    while (true) {
      const length = receive(this.index, bytes.pointer(begin, most), most);
      if (length > <i32>this.header && !this.isPiece(bytes, begin)) {
        packet.length = <u32>length - this.header;
        packet.verified = this.header != 0 && (bytes.u8(begin) & (NEEDS_CHECKSUM | CHECKSUM_GOOD)) != 0;
        return packet;
      }
      if (length > 0) continue;
      this.receivePackets.give(packet);
      // Nobody is at the other end any more, or the device is gone.
      if (length != AGAIN && length != INTERRUPTED && length != DOWN) stop(1);
      return null;
    }
  }

  /** Several frames in one, which nobody has asked for. */
  private isPiece(bytes: Bytes, begin: u32): bool {
    return this.header != 0 && bytes.u8(begin + GSO_TYPE) != 0;
  }

  override release(packet: Packet): void {
    this.receivePackets.give(packet);
  }

  override allocate(): Packet | null {
    const packet = this.sendPackets.take();
    if (packet == null) return null;
    packet.begin();
    return packet;
  }

  /** What the kernel does not take now is lost, as on any network. */
  override transmit(packet: Packet): void {
    const bytes = packet.bytes;
    const begin = HEADROOM - this.header;
    if (this.header != 0) {
      bytes.fill(begin, HEADER, 0);
      if (packet.checksumStart != 0) {
        bytes.setU8(begin, NEEDS_CHECKSUM);
        bytes.setLe16(begin + CHECKSUM_START, packet.checksumStart);
        bytes.setLe16(begin + CHECKSUM_OFFSET, packet.checksumOffset);
        if (packet.segmentSize != 0) this.cut(packet, begin);
      }
    }
    const length = this.header + packet.length - packet.tailLength;
    // No room: there may be some when what waits has gone.
    if (this.give(packet, begin, length) == AGAIN) {
      flush(this.index);
      this.give(packet, begin, length);
    }
    this.sendPackets.give(packet);
  }

  private give(packet: Packet, begin: u32, length: u32): i32 {
    const pointer = packet.bytes.pointer(begin, length);
    const tail = packet.tailLength;
    if (tail == 0) return transmit(this.index, pointer, length);
    return gather(this.index, pointer, length, packet.tail.pointer(0, tail), tail);
  }

  /** The kernel makes segments of it. */
  private cut(packet: Packet, begin: u32): void {
    const bytes = packet.bytes;
    const headers = packet.checksumStart + (bytes.u8(HEADROOM + packet.checksumStart + 12) >> 4) * 4;
    bytes.setU8(begin + GSO_TYPE, bytes.be16(ETHERTYPE) == IPV6 ? TCP6 : TCP4);
    bytes.setLe16(begin + HEADERS, headers);
    bytes.setLe16(begin + GSO_SIZE, packet.segmentSize);
  }

  override discard(packet: Packet): void {
    this.sendPackets.give(packet);
  }

  override flush(): void {
    flush(this.index);
  }
}

const links = new StaticArray<FileLink | null>(MOST_LINKS);

/** How many links there may be. */
export function count(): i32 {
  return MOST_LINKS;
}

export function link(index: i32): Link {
  let found = links[index];
  if (found == null) {
    found = new FileLink(<u32>index);
    links[index] = found;
  }
  return found;
}

/** Devices become links in the order in which they were given. */
export function start(): void {
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each != null) each.start();
  }
}
