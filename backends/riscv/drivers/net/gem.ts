/**
 * Cadence GEM, the network device of SiFive's and Microchip's processors (FU540-C000 manual, chapter 19; Zynq-7000 TRM UG585, chapter 16): one queue each
 * way. Clocks and the PHY are as the loader has left them.
 */
import { Bytes } from "../../../../stdlib/core/bytes";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../../../stdlib/core/packet";
import { Link } from "../../../../stdlib/net/link";
import { atRestart, fence, load32, physical, store32 } from "../hw";
import { byte, Node, next, rewind } from "../tree";
import { connect } from "./needs/interrupts";

namespace Register {
  export const control: u64 = 0x00;
  export const config: u64 = 0x04;
  export const dma: u64 = 0x10;
  export const sendStatus: u64 = 0x14;
  export const receiveQueue: u64 = 0x18;
  export const sendQueue: u64 = 0x1c;
  export const receiveStatus: u64 = 0x20;
  export const interrupts: u64 = 0x24;
  export const enable: u64 = 0x28;
  export const disable: u64 = 0x2c;
  export const addressLow: u64 = 0x88;
  export const addressHigh: u64 = 0x8c;
  /** Which queues there are beside the first. */
  export const queues: u64 = 0x294;
  /** Of queue 1; each further one is 4 behind. */
  export const furtherSend: u64 = 0x440;
  export const furtherReceive: u64 = 0x480;
}
namespace Control {
  export const receive: u32 = 1 << 2;
  export const send: u32 = 1 << 3;
  export const go: u32 = 1 << 9;
}
/** What the loader has set for the PHY stays: speed, duplex, how they are wired, the clock of MDIO, the width of the bus. */
const KEPT_CONFIG: u32 = 0x087c_0c03;
/** Multicast of every kind comes in, checksums of frames go. */
const MULTICAST: u32 = 1 << 6;
const LONG_FRAMES: u32 = 1 << 8;
const STRIP_CHECK: u32 = 1 << 17;
/** Buffers of 1,984 bytes, full packet memories, bursts of 16. */
const DMA: u32 = (((BUFFER - HEADROOM) / 64) << 16) | (7 << 8) | 0x10;
const RECEIVED: u32 = 1 << 1;
/** In the status of receiving: a frame came and no buffer was free. */
const NO_BUFFER: u32 = 1;
/** In the status of sending, what ends it: too many collisions, memory that does not answer or too late. */
const SEND_ERRORS: u32 = (1 << 2) | (1 << 4) | (1 << 6) | (1 << 7) | (1 << 8);
const MOST_QUEUES: u32 = 8;

/** Bits of descriptors. Received: word 0 has the first two. */
const OURS: u32 = 1;
const WRAP: u32 = 2;
const LENGTH: u32 = 0x1fff;
const WHOLE: u32 = 3 << 14;
const SENT: u32 = 1 << 31;
const SEND_WRAP: u32 = 1 << 30;
const LAST: u32 = 1 << 15;

const PAGE: u32 = 4096;
const RECEIVE: u32 = 64;
const TRANSMIT: u32 = 32;
/** One more than buffers, so that there always is an entry at which the device stops. */
const ENTRIES: u32 = TRANSMIT + 1;
const SEND_AT: u32 = 2048;
/** Behind both rings: one entry each way for queues that are not used, in which the device finds nothing. */
const IDLE_AT: u32 = 4088;
const LEAST_FRAME: u32 = 14;
const HELD_RECEIVED = 8;

const node = new Node();

function isGem(each: Node): bool {
  const compatible = each.compatible;
  return (
    compatible.has("cdns,macb") ||
    compatible.has("sifive,fu540-c000-gem") ||
    compatible.has("sifive,fu740-c000-gem") ||
    compatible.has("microchip,mpfs-macb")
  );
}

@final
export class GemLink extends Link {
  private base: u64 = 0;
  /** Of its interrupt, as `taken` has it. */
  private bit: u64 = 0;
  private ring: usize;
  /** Holds what `ring` points into. */
  rings: StaticArray<u8>;
  private at: u64 = 0;
  private buffers: Bytes;
  private receivePackets: PacketList = new PacketList();
  private sendPackets: PacketList = new PacketList();
  private head: u32 = 0;
  /** Entries from `done` to `tail` are on their way, each with the buffer that is noted for it. */
  private tail: u32 = 0;
  private done: u32 = 0;
  private sending: StaticArray<u8> = new StaticArray<u8>(<i32>ENTRIES);
  private slots: StaticArray<u8> = new StaticArray<u8>(<i32>TRANSMIT);
  private free: u32 = 0;
  private waiting: bool = false;

  constructor() {
    super();
    const rings = new StaticArray<u8>(<i32>(2 * PAGE));
    this.rings = rings;
    this.ring = (changetype<usize>(rings) + PAGE - 1) & ~(PAGE - 1);
    const memory = new StaticArray<u8>(<i32>((RECEIVE + TRANSMIT + 1) * BUFFER));
    const begin = <u32>((BUFFER - (changetype<usize>(memory) & (BUFFER - 1))) & (BUFFER - 1));
    this.buffers = new Bytes(memory, begin, (RECEIVE + TRANSMIT) * BUFFER);
    for (let n = 0; n < HELD_RECEIVED; n++)
      this.receivePackets.give(new Packet(new Bytes(memory, begin, BUFFER)));
    for (let n: u32 = 0; n < TRANSMIT; n++)
      this.sendPackets.give(new Packet(new Bytes(memory, begin, BUFFER)));
  }

  /** Drives the device that comes after `before` others in the device tree. */
  start(before: i32): void {
    this.present = false;
    let left = before;
    rewind();
    while (next(node)) if (node.isOn() && isGem(node) && left-- == 0) this.begin();
  }

  private begin(): void {
    this.base = node.base(0);
    const line = connect(node.line());
    this.bit = line == 0 ? 0 : (<u64>1) << (<u64>line);
    atRestart(this.base + Register.control, 4);
    this.write(Register.control, 0);
    this.write(Register.disable, 0xffff_ffff);
    this.readAddress();
    const config = this.read(Register.config) & KEPT_CONFIG;
    this.write(Register.config, config | MULTICAST | LONG_FRAMES | STRIP_CHECK);
    this.write(Register.addressLow, swapped(<u32>(this.mac >> 16)));
    this.write(Register.addressHigh, swapped(<u32>(this.mac << 16)));
    // Of the hash that picks multicast frames, all bits.
    this.write(0x80, 0xffff_ffff);
    this.write(0x84, 0xffff_ffff);
    this.write(Register.dma, DMA);
    this.fillRings();
    this.write(Register.sendStatus, 0xff);
    this.write(Register.receiveStatus, 0xf);
    this.write(Register.interrupts, this.read(Register.interrupts));
    fence();
    this.write(Register.receiveQueue, <u32>this.at);
    this.write(Register.sendQueue, <u32>this.at + SEND_AT);
    const queues = this.read(Register.queues);
    for (let n: u32 = 1; n < MOST_QUEUES; n++) {
      if ((queues & (1 << n)) == 0) continue;
      this.write(Register.furtherSend + 4 * <u64>(n - 1), <u32>this.at + IDLE_AT);
      this.write(Register.furtherReceive + 4 * <u64>(n - 1), <u32>this.at + IDLE_AT);
    }
    this.write(Register.control, Control.receive | Control.send);
    this.present = true;
  }

  /** The device tree has it; else the loader has left it in the device. */
  private readAddress(): void {
    this.mac = 0;
    if (node.address.length == 6)
      for (let n: u32 = 0; n < 6; n++) this.mac = (this.mac << 8) | <u64>byte(node.address.at + n);
    if (this.mac == 0)
      this.mac =
        ((<u64>swapped(this.read(Register.addressLow))) << 16) |
        <u64>(swapped(this.read(Register.addressHigh)) >> 16);
    // Without one: a local one (IEEE 802-2014 8.4) that differs between the links of a machine.
    if (this.mac == 0) this.mac = 0x0200_6170_7000 | ((this.base >> 12) & 0xff);
  }

  private fillRings(): void {
    memory.fill(this.ring, 0, PAGE);
    this.at = physical(this.ring);
    for (let n: u32 = 0; n < RECEIVE; n++) this.giveEntry(n);
    for (let n: u32 = 0; n < ENTRIES; n++) this.setEntry(n, 0, SENT);
    store32(this.at + IDLE_AT, OURS | WRAP);
    store32(this.at + IDLE_AT + 4, SENT | SEND_WRAP);
    this.head = 0;
    this.tail = 0;
    this.done = 0;
    this.waiting = false;
    this.free = TRANSMIT;
    for (let n: u32 = 0; n < TRANSMIT; n++) this.slots[n] = <u8>n;
  }

  /** Where a frame in buffer `n` begins. Memory above 4 GiB is not used. */
  private addressOf(n: u32): u32 {
    return <u32>physical(this.buffers.pointer(n * BUFFER + HEADROOM, 1));
  }

  /** Receive entry `n` is the device's, with nothing in it of what the device wrote. */
  private giveEntry(n: u32): void {
    const entry = this.at + 8 * <u64>n;
    store32(entry + 4, 0);
    fence();
    store32(entry, this.addressOf(n) | (n == RECEIVE - 1 ? WRAP : 0));
  }

  private setEntry(n: u32, address: u32, word: u32): void {
    const entry = this.at + SEND_AT + 8 * <u64>n;
    store32(entry, address);
    fence();
    store32(entry + 4, word | (n == ENTRIES - 1 ? SEND_WRAP : 0));
  }

  @inline
  private read(register: u64): u32 {
    return load32(this.base + register);
  }
  @inline
  private write(register: u64, value: u32): void {
    store32(this.base + register, value);
  }

  private hasReceived(): bool {
    return (load32(this.at + 8 * <u64>this.head) & OURS) != 0;
  }

  override receive(): Packet | null {
    while (this.hasReceived()) {
      const packet = this.receivePackets.take();
      if (packet == null) return null;
      fence();
      const slot = this.head;
      const word = load32(this.at + 8 * <u64>slot + 4);
      const length = word & LENGTH;
      this.head = slot == RECEIVE - 1 ? 0 : slot + 1;
      packet.index = slot;
      if ((word & WHOLE) != WHOLE || length < LEAST_FRAME || length > BUFFER - HEADROOM) {
        this.release(packet);
        continue;
      }
      packet.bytes.window(this.buffers, slot * BUFFER, BUFFER);
      packet.length = length;
      packet.verified = false;
      return packet;
    }
    return null;
  }

  override release(packet: Packet): void {
    this.giveEntry(packet.index);
    this.receivePackets.give(packet);
  }

  override allocate(): Packet | null {
    if (this.free == 0) this.reclaim();
    if (this.free == 0) return null;
    const packet = this.sendPackets.take();
    if (packet == null) return null;
    const slot = <u32>this.slots[--this.free];
    packet.bytes.window(this.buffers, (RECEIVE + slot) * BUFFER, BUFFER);
    packet.index = slot;
    packet.begin();
    return packet;
  }

  private reclaim(): void {
    while (this.done != this.tail) {
      if ((load32(this.at + SEND_AT + 8 * <u64>this.done + 4) & SENT) == 0) break;
      this.takeBack();
    }
    if (this.done != this.tail && (this.read(Register.sendStatus) & SEND_ERRORS) != 0) this.sendAgain();
  }

  private takeBack(): void {
    this.slots[this.free++] = this.sending[this.done];
    this.done = this.done == ENTRIES - 1 ? 0 : this.done + 1;
  }

  /** After an error the device stands still: what was on its way is lost. */
  private sendAgain(): void {
    this.write(Register.control, Control.receive);
    while (this.done != this.tail) {
      this.setEntry(this.done, 0, SENT);
      this.takeBack();
    }
    this.tail = 0;
    this.done = 0;
    this.write(Register.sendStatus, 0xffff_ffff);
    fence();
    this.write(Register.sendQueue, <u32>this.at + SEND_AT);
    this.write(Register.control, Control.receive | Control.send);
  }

  override transmit(packet: Packet): void {
    this.sending[this.tail] = <u8>packet.index;
    this.setEntry(this.tail, this.addressOf(RECEIVE + packet.index), LAST | (packet.length & LENGTH));
    this.tail = this.tail == ENTRIES - 1 ? 0 : this.tail + 1;
    this.waiting = true;
    this.sendPackets.give(packet);
  }

  override discard(packet: Packet): void {
    this.slots[this.free++] = <u8>packet.index;
    this.sendPackets.give(packet);
  }

  override flush(): void {
    if (!this.waiting) return;
    this.waiting = false;
    fence();
    this.write(Register.control, Control.receive | Control.send | Control.go);
  }

  /** Before sleep: the next frame will interrupt. False when there is one already. */
  rest(): bool {
    if (!this.present) return true;
    this.write(Register.enable, RECEIVED);
    fence();
    if (this.hasReceived()) return false;
    // All buffers were full. It is told that they are free again, or it may not look before the next frame.
    if ((this.read(Register.receiveStatus) & NO_BUFFER) != 0) {
      this.write(Register.receiveStatus, NO_BUFFER);
      this.write(Register.control, Control.receive | Control.send);
    }
    return true;
  }

  /** After sleep: the device lets go of its line, and is quiet until `rest`. */
  woken(bits: u64): void {
    if (!this.present || (this.bit & bits) == 0) return;
    this.write(Register.disable, RECEIVED);
    this.write(Register.interrupts, this.read(Register.interrupts));
  }
}

/** With its bytes the other way round. */
function swapped(value: u32): u32 {
  return bswap(value);
}
