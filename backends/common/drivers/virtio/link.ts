/** Virtio network devices (Virtual I/O Device 1.2, 5.1): one queue to receive, one to send. */
import { Bytes } from "../../../../stdlib/core/bytes";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../../../stdlib/core/packet";
import { Counter, count } from "../../../../stdlib/net/counters";
import { Link } from "../../../../stdlib/net/link";
import { physical, readable, restart } from "../hw";
import { claim, watch } from "./devices";
import { Pieces } from "./pieces";
import { Queue, WRITE } from "./queue";
import { Transport } from "./transport";

const NETWORK: u32 = 1;

namespace Feature {
  export const checksum: u64 = 1 << 0;
  export const guestChecksum: u64 = 1 << 1;
  export const mtu: u64 = 1 << 3;
  export const mac: u64 = 1 << 5;
  export const cuts4: u64 = 1 << 11;
  export const cuts6: u64 = 1 << 12;
  export const status: u64 = 1 << 16;
  export const eventIndex: u64 = 1 << 29;
}
/** Fields of the device's configuration. */
const CONFIG_MAC: u64 = 0;
const CONFIG_STATUS: u64 = 6;
const CONFIG_MTU: u64 = 10;
const LINK_UP: u32 = 1;
/** Virtual I/O Device 1.2, 5.1.4.1; RFC 791 3.2. */
const LEAST_MTU: u32 = 68;

/** struct virtio_net_hdr, of version 1: before every frame. */
const HEADER: u32 = 12;
const NEEDS_CHECKSUM: u32 = 1;
const CHECKSUM_GOOD: u32 = 2;
/** `gso_type`: 5.1.6. */
const CUT4: u64 = 1;
const CUT6: u64 = 4;
/** Of IP; RFC 9293 3.1: the longest header of TCP, and that of IPv6. */
const MOST_CUT: u32 = 65535 - 60 - 40;
const ETHERTYPE: u32 = HEADROOM + 12;
const IPV6: u32 = 0x86dd;

/** Frames that may wait until they are looked at, and that may be on their way. */
const RECEIVE: u32 = 128;
const TRANSMIT: u32 = 64;
/** A queue that is shorter has descriptors for buffers only. */
const LEAST_TO_GATHER: u32 = 32;
/** Packets that the stack may hold at once. Those in queues are only buffers. */
const HELD_RECEIVED = 8;
const HELD_TO_SEND = 32;

/** Where the device's part of a buffer begins. */
const BEGIN: u32 = HEADROOM - HEADER;

@final
export class VirtioLink extends Link {
  private transport: Transport | null = null;
  private received: Queue = new Queue();
  private sent: Queue = new Queue();
  /** All buffers: first those to receive into, by their slot, then those to send from. */
  private buffers: Bytes;
  private receivePackets: PacketList = new PacketList();
  private sendPackets: PacketList = new PacketList();
  /** Free slots to send from. */
  private slots: StaticArray<u8> = new StaticArray<u8>(<i32>TRANSMIT);
  private free: u32 = 0;
  /** Descriptors for tails: those behind the slots. */
  private pieces: Pieces = new Pieces();

  constructor() {
    super();
    const memory = new StaticArray<u8>(<i32>((RECEIVE + TRANSMIT + 1) * BUFFER));
    const begin = <u32>((BUFFER - (changetype<usize>(memory) & (BUFFER - 1))) & (BUFFER - 1));
    this.buffers = new Bytes(memory, begin, (RECEIVE + TRANSMIT) * BUFFER);
    for (let n = 0; n < HELD_RECEIVED; n++)
      this.receivePackets.give(new Packet(new Bytes(memory, begin, BUFFER)));
    for (let n = 0; n < HELD_TO_SEND; n++)
      this.sendPackets.give(new Packet(new Bytes(memory, begin, BUFFER)));
  }

  start(): void {
    this.present = false;
    const transport = claim(NETWORK);
    if (transport == null) return;
    const wanted =
      Feature.checksum |
      Feature.guestChecksum |
      Feature.cuts4 |
      Feature.cuts6 |
      Feature.mtu |
      Feature.mac |
      Feature.status |
      Feature.eventIndex;
    const agreed = transport.begin(wanted);
    if (agreed == 0) return;
    this.transport = transport;
    const events = (agreed & Feature.eventIndex) != 0;
    if (!this.received.open(transport, 0, RECEIVE, events, true)) return;
    if (!this.sent.open(transport, 1, 2 * TRANSMIT, events, false)) return;
    this.completesChecksums = (agreed & Feature.checksum) != 0;
    this.gathers = this.sent.size >= LEAST_TO_GATHER;
    const both = Feature.cuts4 | Feature.cuts6;
    this.cuts = this.gathers && this.completesChecksums && (agreed & both) == both ? MOST_CUT : 0;
    this.readConfig(transport, agreed);
    this.fillQueues();
    transport.go();
    this.received.publish();
    watch(this.received);
    this.present = true;
  }

  private readConfig(transport: Transport, agreed: u64): void {
    this.mtu = 1500;
    if ((agreed & Feature.mtu) != 0) this.mtu = max(LEAST_MTU, transport.config16(CONFIG_MTU));
    this.mac = 0;
    if ((agreed & Feature.mac) != 0)
      for (let n: u64 = 0; n < 6; n++) this.mac = (this.mac << 8) | <u64>transport.config8(CONFIG_MAC + n);
    // Without an address of its own: a local one (IEEE 802-2014 8.4) that differs between the links of a machine.
    else this.mac = 0x0200_6170_7000 | (transport.base & 0xff);
    this.up = (agreed & Feature.status) == 0 || (transport.config16(CONFIG_STATUS) & LINK_UP) != 0;
  }

  private fillQueues(): void {
    for (let n: u32 = 0; n < this.received.size; n++) {
      this.received.describe(n, physical(this.buffers.pointer(n * BUFFER + BEGIN, 1)), BUFFER - BEGIN, WRITE);
      this.received.give(n);
    }
    this.free = this.gathers ? this.sent.size / 2 : min(this.sent.size, TRANSMIT);
    this.pieces.begin(this.sent, this.free);
    for (let n: u32 = 0; n < this.free; n++) {
      this.sent.describe(n, physical(this.buffers.pointer((RECEIVE + n) * BUFFER + BEGIN, 1)), 0, 0);
      this.slots[n] = <u8>n;
    }
  }

  override receive(): Packet | null {
    const queue = this.received;
    while (queue.hasUsed()) {
      const slot = queue.usedSlot();
      const length = queue.usedLength();
      const packet = this.receivePackets.take();
      if (packet == null) return null;
      queue.take();
      if (length < HEADER || length > BUFFER - BEGIN) {
        queue.give(slot);
        this.receivePackets.give(packet);
        continue;
      }
      packet.bytes.window(this.buffers, slot * BUFFER, BUFFER);
      packet.index = slot;
      packet.length = length - HEADER;
      packet.verified = (packet.bytes.u8(BEGIN) & (NEEDS_CHECKSUM | CHECKSUM_GOOD)) != 0;
      return packet;
    }
    if (this.transport!.changed) this.look(this.transport!);
    return null;
  }

  /** The carrier came or went, or the device has failed: then everything starts again, which resets it. */
  private look(transport: Transport): void {
    transport.changed = false;
    if (transport.hasFailed()) restart();
    this.up = (transport.config16(CONFIG_STATUS) & LINK_UP) != 0;
  }

  override release(packet: Packet): void {
    this.received.give(packet.index);
    this.receivePackets.give(packet);
  }

  override allocate(): Packet | null {
    if (this.free == 0 || this.isShort) this.reclaim();
    if (this.free == 0 || this.isShort) return null;
    const packet = this.sendPackets.take();
    if (packet == null) return null;
    const slot = <u32>this.slots[--this.free];
    packet.bytes.window(this.buffers, (RECEIVE + slot) * BUFFER, BUFFER);
    packet.index = slot;
    packet.begin();
    return packet;
  }

  /** Are there too few descriptors for what may follow a buffer? */
  private get isShort(): bool {
    return this.gathers && this.pieces.areFew;
  }

  /** Takes back what was sent. Only when no free buffer is left: no interrupt tells of it. */
  private reclaim(): void {
    const queue = this.sent;
    while (queue.hasUsed() && this.free < TRANSMIT) {
      const slot = queue.usedSlot();
      // No device says so; it must not make slots of what is none.
      if (slot < TRANSMIT) {
        this.pieces.give(slot);
        this.slots[this.free++] = <u8>slot;
      }
      queue.take();
    }
    queue.quiet();
  }

  override transmit(packet: Packet): void {
    const bytes = packet.bytes;
    if (packet.checksumStart != 0) {
      const how = packet.segmentSize == 0 ? 0 : this.cut(packet);
      bytes.setLe64(BEGIN, <u64>NEEDS_CHECKSUM | how | ((<u64>packet.checksumStart) << 48));
      bytes.setLe32(BEGIN + 8, packet.checksumOffset);
    } else {
      bytes.setLe64(BEGIN, 0);
      bytes.setLe32(BEGIN + 8, 0);
    }
    const slot = packet.index;
    const tail = packet.tailLength;
    this.sent.setLength(slot, packet.length - tail + HEADER);
    if (tail == 0) {
      this.sent.unchain(slot);
      this.sent.give(slot);
    } else if (this.pieces.append(this.sent, slot, packet.tail, tail)) this.sent.give(slot);
    else {
      // It lies in more pieces than there are descriptors: it is lost, as on any network.
      this.slots[this.free++] = <u8>slot;
      count(Counter.linkLost);
    }
    this.sendPackets.give(packet);
  }

  /** What the header says of a segment that the device cuts: of IPv4 or IPv6, length of all headers, bytes for each. */
  private cut(packet: Packet): u64 {
    const bytes = packet.bytes;
    const kind = bytes.be16(ETHERTYPE) == IPV6 ? CUT6 : CUT4;
    const headers = packet.checksumStart + (bytes.u8(HEADROOM + packet.checksumStart + 12) >> 4) * 4;
    return (kind << 8) | ((<u64>headers) << 16) | ((<u64>packet.segmentSize) << 32);
  }

  override discard(packet: Packet): void {
    this.slots[this.free++] = <u8>packet.index;
    this.sendPackets.give(packet);
  }

  override flush(): void {
    this.sent.publish();
    this.received.publish();
  }
}
