/**
 * OpenCores' Ethernet MAC (Ethernet IP Core Specification 1.19), as QEMU has it on the boards of this backend: descriptors in the device, buffers in memory. Its
 * PHY is as it comes.
 */
import { Bytes } from "../../../../stdlib/core/bytes";
import { isSmall } from "../../../../stdlib/core/machine";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../../../stdlib/core/packet";
import { Link } from "../../../../stdlib/net/link";
import { Machine } from "../boot-record";
import { ownAddress } from "../hardware-address";
import { atRestart, boot, fence, load32, physical, store32 } from "../hw";
import { connect } from "./needs/interrupts";

namespace Register {
  export const mode: u64 = 0x00;
  export const events: u64 = 0x04;
  export const mask: u64 = 0x08;
  export const sendEntries: u64 = 0x20;
  export const miiCommand: u64 = 0x2c;
  export const miiAddress: u64 = 0x30;
  export const miiAnswer: u64 = 0x38;
  export const addressLow: u64 = 0x40;
  export const addressHigh: u64 = 0x44;
  export const hash: u64 = 0x48;
  export const entries: u64 = 0x400;
}
namespace Mode {
  export const receive: u32 = 1 << 0;
  export const send: u32 = 1 << 1;
  export const fullDuplex: u32 = 1 << 10;
  export const reset: u32 = 1 << 11;
  export const check: u32 = 1 << 13;
  export const pad: u32 = 1 << 15;
}
/** A frame came, was damaged, or found no buffer. */
const RECEIVED: u32 = (1 << 2) | (1 << 3) | (1 << 4);
const EVERY_EVENT: u32 = 0x7f;
/** Reads a register of the PHY; the answer is there some bits later. */
const READ: u32 = 2;
/** Register 1 of PHY 1 (IEEE 802.3 22.2.4.2), and what it says of the link. */
const PHY_STATUS: u32 = (1 << 8) | 1;
const LINK_UP: u32 = 1 << 2;

/** Descriptors: the first word. The device's until it has taken away this. */
const GIVEN: u32 = 1 << 15;
const INTERRUPT: u32 = 1 << 14;
const WRAP: u32 = 1 << 13;
const PAD: u32 = 1 << 12;
const CHECK: u32 = 1 << 11;
/** Received: what was wrong with it. */
const ERRORS: u32 = 0x7f;
/** Behind every received frame. */
const CHECK_BYTES: u32 = 4;

const RECEIVE: u32 = isSmall ? 8 : 16;
const TRANSMIT: u32 = isSmall ? 6 : 8;
const LEAST_FRAME: u32 = 14;
const HELD_RECEIVED = 8;
/** Behind the header of Ethernet words lie where words should. */
const SHIFT: u32 = 2;
/** From one buffer to the next: nothing here has pages. The device takes frames of up to 1536 bytes (PACKETLEN). */
const STEP: u32 = isSmall ? 1616 : BUFFER;
const ROOM: u32 = STEP - SHIFT;

@final
export class OpenEth extends Link {
  private base: u64 = 0;
  private buffers: Bytes;
  private receivePackets: PacketList = new PacketList();
  private sendPackets: PacketList = new PacketList();
  private head: u32 = 0;
  /** Entries from `done` on, `used` of them, are on their way, each with its own buffer. */
  private tail: u32 = 0;
  private done: u32 = 0;
  private used: u32 = 0;
  /** Buffers that are neither on their way nor in somebody's hands. */
  private slots: StaticArray<u8> = new StaticArray<u8>(<i32>TRANSMIT);
  private sending: StaticArray<u8> = new StaticArray<u8>(<i32>TRANSMIT);
  private free: u32 = 0;

  constructor() {
    super();
    const memory = new StaticArray<u8>(<i32>((RECEIVE + TRANSMIT) * STEP + 4));
    const begin = <u32>((4 - (changetype<usize>(memory) & 3)) & 3);
    this.buffers = new Bytes(memory, begin, (RECEIVE + TRANSMIT) * STEP);
    for (let n = 0; n < HELD_RECEIVED; n++)
      this.receivePackets.give(new Packet(new Bytes(memory, begin, STEP)));
    for (let n: u32 = 0; n < TRANSMIT; n++) this.sendPackets.give(new Packet(new Bytes(memory, begin, STEP)));
  }

  start(): void {
    this.base = boot(Machine.network);
    this.present = this.base != 0;
    if (!this.present) return;
    atRestart(this.base + Register.mode, 4);
    this.write(Register.mode, Mode.reset);
    this.write(Register.mode, 0);
    this.mac = ownAddress();
    this.write(Register.addressLow, <u32>this.mac);
    this.write(Register.addressHigh, <u32>(this.mac >> 32));
    // Of the hash that picks multicast frames, all bits.
    this.write(Register.hash, 0xffff_ffff);
    this.write(Register.hash + 4, 0xffff_ffff);
    this.fillEntries();
    this.write(Register.miiAddress, PHY_STATUS);
    this.write(Register.miiCommand, READ);
    this.write(Register.events, EVERY_EVENT);
    this.write(Register.mask, RECEIVED);
    connect(<u32>boot(Machine.networkInterrupt));
    this.write(Register.mode, Mode.receive | Mode.send | Mode.fullDuplex | Mode.check | Mode.pad);
  }

  private fillEntries(): void {
    this.write(Register.sendEntries, TRANSMIT);
    for (let n: u32 = 0; n < TRANSMIT; n++) {
      this.slots[n] = <u8>n;
      store32(this.entry(n), 0);
    }
    this.free = TRANSMIT;
    this.head = 0;
    this.tail = 0;
    this.done = 0;
    this.used = 0;
    for (let n: u32 = 0; n < RECEIVE; n++) {
      store32(this.entry(TRANSMIT + n) + 4, this.addressOf(n));
      this.giveEntry(n);
    }
  }

  @inline
  private entry(n: u32): u64 {
    return this.base + Register.entries + 8 * <u64>n;
  }

  /** Where a frame in buffer `n` begins. */
  private addressOf(n: u32): u32 {
    return <u32>physical(this.buffers.pointer(n * STEP + SHIFT + HEADROOM, 1));
  }

  private giveEntry(n: u32): void {
    fence();
    store32(this.entry(TRANSMIT + n), GIVEN | INTERRUPT | (n == RECEIVE - 1 ? WRAP : 0));
  }

  @inline
  private write(register: u64, value: u32): void {
    store32(this.base + register, value);
  }

  private hasReceived(): bool {
    return (load32(this.entry(TRANSMIT + this.head)) & GIVEN) == 0;
  }

  override receive(): Packet | null {
    if (!this.present) return null;
    while (this.hasReceived()) {
      const packet = this.receivePackets.take();
      if (packet == null) return null;
      const slot = this.head;
      const word = load32(this.entry(TRANSMIT + slot));
      fence();
      this.head = slot == RECEIVE - 1 ? 0 : slot + 1;
      packet.index = slot;
      const length = word >> 16;
      if (
        (word & ERRORS) != 0 ||
        length < LEAST_FRAME + CHECK_BYTES ||
        length - CHECK_BYTES > ROOM - HEADROOM
      ) {
        this.release(packet);
        continue;
      }
      packet.bytes.window(this.buffers, slot * STEP + SHIFT, ROOM);
      packet.length = length - CHECK_BYTES;
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
    if (!this.present) return null;
    this.reclaim();
    if (this.free == 0) return null;
    const packet = this.sendPackets.take();
    if (packet == null) return null;
    const slot = <u32>this.slots[--this.free];
    packet.bytes.window(this.buffers, (RECEIVE + slot) * STEP + SHIFT, ROOM);
    packet.index = slot;
    packet.begin();
    return packet;
  }

  private reclaim(): void {
    while (this.used > 0 && (load32(this.entry(this.done)) & GIVEN) == 0) {
      this.slots[this.free++] = this.sending[this.done];
      this.done = this.done == TRANSMIT - 1 ? 0 : this.done + 1;
      this.used--;
    }
  }

  override transmit(packet: Packet): void {
    const at = this.tail;
    this.tail = at == TRANSMIT - 1 ? 0 : at + 1;
    this.used++;
    this.sending[at] = <u8>packet.index;
    store32(this.entry(at) + 4, this.addressOf(RECEIVE + packet.index));
    fence();
    store32(this.entry(at), (packet.length << 16) | GIVEN | PAD | CHECK | (at == TRANSMIT - 1 ? WRAP : 0));
    this.sendPackets.give(packet);
  }

  override discard(packet: Packet): void {
    this.slots[this.free++] = <u8>packet.index;
    this.sendPackets.give(packet);
  }

  override flush(): void {}

  /** Before sleep: the next frame will interrupt. False when there is one already. Nothing tells of the cable, so the PHY is asked here. */
  rest(): bool {
    if (!this.present) return true;
    this.up = (load32(this.base + Register.miiAnswer) & LINK_UP) != 0;
    this.write(Register.miiCommand, READ);
    this.write(Register.events, EVERY_EVENT);
    fence();
    return !this.hasReceived();
  }
}
