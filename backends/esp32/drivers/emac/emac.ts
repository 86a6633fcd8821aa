/**
 * Frames: two rings of descriptors and their buffers in memory, which the MAC reads and writes by itself. Where it is in them is what this driver counts, never
 * what the device says; of what it writes, only whose a descriptor is, a length and flags are looked at, each inside of its bounds.
 */
import { Bytes } from "../../../../stdlib/core/bytes";
import { HEADROOM, Packet, PacketList } from "../../../../stdlib/core/packet";
import { Link } from "../../../../stdlib/net/link";
import { Machine } from "../boot-record";
import { ownAddress } from "../hardware-address";
import { atRestart, boot, fence, load32, physical, store32, ticks } from "../hw";
import { connect } from "./needs/interrupts";
import { Bus, Config, Dma, Interrupt, Mac, Mode, MULTICAST, Status } from "./registers";

/** Descriptors, of eight words: whose, size of the buffer, the buffer, the next one. */
const DESCRIPTOR: u32 = 32;
/** The device's until it takes away this. */
const GIVEN: u32 = 1 << 31;
/** Sent: one frame in one buffer, and a pointer to the next descriptor. */
const SEND: u32 = (1 << 29) | (1 << 28) | (1 << 20);
/** Received: the same in the second word. */
const CHAINED: u32 = 1 << 14;
const LENGTH: u32 = 0x3fff;
const LENGTH_AT: u32 = 16;
const WHOLE: u32 = (1 << 9) | (1 << 8);
const DAMAGED: u32 = 1 << 15;
/** Behind every received frame. */
const CHECK_BYTES: u32 = 4;

const RECEIVE: u32 = 8;
const TRANSMIT: u32 = 6;
const LEAST_FRAME: u32 = 14;
const HELD_RECEIVED = 8;
/** Behind the header of Ethernet words lie where words should. */
const SHIFT: u32 = 2;
/** What the device may write of a frame, in whole words; a longer one goes over two buffers and is not whole. */
const MOST_FRAME: u32 = 1536;
/** From one buffer to the next, in whole words. */
const BUFFER: u32 = 1616;
const ROOM: u32 = BUFFER - SHIFT;
/** What a reset with a clock takes is less than this, in parts of a second. */
const RESETS_PER_SECOND: u64 = 10_000;

@final
export class Emac extends Link {
  base: u64 = 0;
  private rings: StaticArray<u8> = new StaticArray<u8>(<i32>((RECEIVE + TRANSMIT) * DESCRIPTOR + 4));
  /** Physical address of the first descriptor: those to receive, then those to send. */
  private at: u64 = 0;
  private buffers: Bytes;
  private receivePackets: PacketList = new PacketList();
  private sendPackets: PacketList = new PacketList();
  private head: u32 = 0;
  /** Received frames that somebody looks at, by descriptor: the device has them not. */
  private held: StaticArray<bool> = new StaticArray<bool>(<i32>RECEIVE);
  /** Descriptors from `done` on, `used` of them, are on their way, each with its own buffer. */
  private tail: u32 = 0;
  private done: u32 = 0;
  private used: u32 = 0;
  /** Buffers that are neither on their way nor in somebody's hands. */
  private slots: StaticArray<u8> = new StaticArray<u8>(<i32>TRANSMIT);
  private sending: StaticArray<u8> = new StaticArray<u8>(<i32>TRANSMIT);
  private free: u32 = 0;
  private waiting: bool = false;
  /** The device has refused to go on. */
  private failed: bool = false;
  /** Nothing of what is on its way went since `isWell` was last asked. */
  private stuck: u32 = 0;

  constructor() {
    super();
    const memory = new StaticArray<u8>(<i32>((RECEIVE + TRANSMIT) * BUFFER + 4));
    const begin = <u32>((4 - (changetype<usize>(memory) & 3)) & 3);
    this.buffers = new Bytes(memory, begin, (RECEIVE + TRANSMIT) * BUFFER);
    for (let n = 0; n < HELD_RECEIVED; n++)
      this.receivePackets.give(new Packet(new Bytes(memory, begin, BUFFER)));
    for (let n: u32 = 0; n < TRANSMIT; n++)
      this.sendPackets.give(new Packet(new Bytes(memory, begin, BUFFER)));
  }

  start(): void {
    this.base = boot(Machine.network);
    this.present = true;
    this.up = false;
    this.mac = ownAddress();
    this.at = (physical(changetype<usize>(this.rings)) + 3) & ~3;
    this.free = TRANSMIT;
    for (let n: u32 = 0; n < TRANSMIT; n++) this.slots[n] = <u8>n;
    // Both halves end with the frame that they are at.
    atRestart(this.base + Mac.config, 4);
    atRestart(this.base + Dma.mode, 4);
    connect(<u32>boot(Machine.networkInterrupt));
  }

  /** False if there is no reference clock: then a reset does not end (ESP32 Technical Reference Manual, 10.3). */
  reset(): bool {
    this.write(Dma.bus, Bus.reset);
    const began = ticks();
    const most = boot(Machine.hertz) / RESETS_PER_SECOND;
    while ((load32(this.base + Dma.bus) & Bus.reset) != 0) if (ticks() - began > most) return false;
    return true;
  }

  /** Frames come and go from now on, as the two ends have agreed. False if the device cannot be reset. */
  begin(isFast: bool, isFull: bool): bool {
    if (!this.reset()) return false;
    this.write(Mac.mask, 0xffff_ffff);
    const config = Config.mii | (isFast ? Config.fast : 0) | (isFull ? Config.fullDuplex : 0);
    this.write(Mac.config, config);
    this.write(Mac.filter, MULTICAST);
    // What is written to the lower half counts: it comes last.
    this.write(Mac.addressHigh, swapped(<u32>this.mac & 0xffff) >> 16);
    this.write(Mac.addressLow, swapped(<u32>(this.mac >> 16)));
    this.write(Dma.bus, Bus.usual);
    const mode = Mode.wholeReceived | Mode.wholeSent | Mode.secondFrame;
    this.write(Dma.mode, mode);
    this.fillRings();
    this.write(Dma.receiveList, <u32>this.at);
    this.write(Dma.sendList, <u32>this.descriptor(RECEIVE));
    this.write(Dma.status, Status.every);
    this.write(Dma.interrupts, Interrupt.received | Interrupt.normal);
    // Another order may leave the sending half standing still (ESP-IDF, emac_hal_start).
    this.write(Mac.config, config | Config.send);
    this.write(Dma.mode, mode | Mode.send);
    this.write(Dma.mode, mode | Mode.send | Mode.receive);
    this.write(Mac.config, config | Config.send | Config.receive);
    this.failed = false;
    this.stuck = 0;
    this.up = true;
    return true;
  }

  /** No frames any more; what was on its way is lost. */
  halt(): void {
    this.up = false;
    this.write(Dma.interrupts, 0);
    this.write(Dma.mode, 0);
    this.write(Mac.config, Config.mii);
    // The device may be at a frame still: nothing is used again before it is reset.
    this.reset();
    this.takeAllBack();
  }

  private takeAllBack(): void {
    while (this.used > 0) this.takeBack();
    this.tail = 0;
    this.done = 0;
    this.waiting = false;
  }

  private fillRings(): void {
    this.takeAllBack();
    for (let n: u32 = 0; n < TRANSMIT; n++) this.setSend(n, 0, 0, 0);
    this.head = 0;
    for (let n: u32 = 0; n < RECEIVE; n++) this.setReceive(n, this.held[n] ? 0 : GIVEN);
  }

  @inline
  private descriptor(n: u32): u64 {
    return this.at + <u64>(DESCRIPTOR * n);
  }

  /** Where a frame in buffer `n` begins. */
  private addressOf(n: u32): u32 {
    return <u32>physical(this.buffers.pointer(n * BUFFER + SHIFT + HEADROOM, 1));
  }

  /** All of the descriptor is written, whatever it has become. */
  private setReceive(n: u32, word: u32): void {
    const at = this.descriptor(n);
    store32(at + 4, MOST_FRAME | CHAINED);
    store32(at + 8, this.addressOf(n));
    store32(at + 12, <u32>this.descriptor(n == RECEIVE - 1 ? 0 : n + 1));
    fence();
    store32(at, word);
  }

  /** All of it is written here, too. */
  private setSend(n: u32, length: u32, buffer: u32, word: u32): void {
    const at = this.descriptor(RECEIVE + n);
    store32(at + 4, length);
    store32(at + 8, buffer);
    store32(at + 12, <u32>this.descriptor(RECEIVE + (n == TRANSMIT - 1 ? 0 : n + 1)));
    fence();
    store32(at, word);
  }

  @inline
  private write(register: u64, value: u32): void {
    store32(this.base + register, value);
  }

  private hasReceived(): bool {
    return !this.held[this.head] && (load32(this.descriptor(this.head)) & GIVEN) == 0;
  }

  override receive(): Packet | null {
    while (this.up && this.hasReceived()) {
      const packet = this.receivePackets.take();
      if (packet == null) return null;
      const slot = this.head;
      const word = load32(this.descriptor(slot));
      fence();
      this.head = slot == RECEIVE - 1 ? 0 : slot + 1;
      this.held[slot] = true;
      packet.index = slot;
      const length = (word >> LENGTH_AT) & LENGTH;
      if (
        (word & (WHOLE | DAMAGED)) != WHOLE ||
        length < LEAST_FRAME + CHECK_BYTES ||
        length - CHECK_BYTES > MOST_FRAME
      ) {
        this.release(packet);
        continue;
      }
      packet.bytes.window(this.buffers, slot * BUFFER + SHIFT, ROOM);
      packet.length = length - CHECK_BYTES;
      packet.verified = false;
      return packet;
    }
    return null;
  }

  override release(packet: Packet): void {
    this.held[packet.index] = false;
    this.receivePackets.give(packet);
    if (!this.up) return;
    this.setReceive(packet.index, GIVEN);
    // It may have stood still for want of one.
    this.write(Dma.receivePoll, 0);
  }

  override allocate(): Packet | null {
    this.reclaim();
    if (this.free == 0) return null;
    const packet = this.sendPackets.take();
    if (packet == null) return null;
    const slot = <u32>this.slots[--this.free];
    packet.bytes.window(this.buffers, (RECEIVE + slot) * BUFFER + SHIFT, ROOM);
    packet.index = slot;
    packet.begin();
    return packet;
  }

  /** In the order in which they went: one that comes back earlier waits for those before it. */
  private reclaim(): void {
    while (this.used > 0 && (load32(this.descriptor(RECEIVE + this.done)) & GIVEN) == 0) {
      this.stuck = 0;
      this.takeBack();
    }
  }

  private takeBack(): void {
    this.slots[this.free++] = this.sending[this.done];
    this.done = this.done == TRANSMIT - 1 ? 0 : this.done + 1;
    this.used--;
  }

  override transmit(packet: Packet): void {
    if (!this.up) return this.discard(packet);
    const entry = this.tail;
    this.tail = entry == TRANSMIT - 1 ? 0 : entry + 1;
    this.used++;
    this.sending[entry] = <u8>packet.index;
    this.setSend(entry, packet.length & 0x1fff, this.addressOf(RECEIVE + packet.index), GIVEN | SEND);
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
    this.write(Dma.sendPoll, 0);
  }

  /** Before sleep: the next frame will interrupt. False when there is one already. */
  rest(): bool {
    if (!this.up) return true;
    if ((load32(this.base + Dma.status) & Status.fatal) != 0) this.failed = true;
    this.write(Dma.status, Status.every);
    fence();
    return !this.hasReceived();
  }

  /** Asked twice a second: false if the device stands still although there is a link. */
  isWell(): bool {
    this.reclaim();
    const status = load32(this.base + Dma.status);
    if (this.failed || (status & Status.fatal) != 0) return false;
    if ((status & Status.receiving) == 0 || (status & Status.sending) == 0) return false;
    if (this.used == 0) this.stuck = 0;
    return this.used == 0 || ++this.stuck <= 2;
  }
}

function swapped(value: u32): u32 {
  return bswap(value);
}
