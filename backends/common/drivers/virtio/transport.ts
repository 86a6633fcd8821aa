/**
 * One virtio device, by whichever way it is reached (Virtual I/O Device 1.2: 4.1 PCI, 4.2 MMIO). Version 1 of the standard or newer: a device
 * that is only of the older kind is not used.
 */
import { atRestart, load8, load16, load32, store8, store16, store32 } from "../hw";

export namespace Kind {
  export const none: i32 = 0;
  export const mmio: i32 = 1;
  export const pci: i32 = 2;
}

namespace Status {
  export const acknowledge: u32 = 1;
  export const driver: u32 = 2;
  export const driverOk: u32 = 4;
  export const featuresOk: u32 = 8;
  export const needsReset: u32 = 64;
  export const failed: u32 = 128;
}

/** Registers of virtio over MMIO. */
namespace Mmio {
  export const magic: u64 = 0;
  export const version: u64 = 4;
  export const type: u64 = 8;
  export const features: u64 = 0x10;
  export const featuresPage: u64 = 0x14;
  export const accepted: u64 = 0x20;
  export const acceptedPage: u64 = 0x24;
  export const queue: u64 = 0x30;
  export const most: u64 = 0x34;
  export const size: u64 = 0x38;
  export const ready: u64 = 0x44;
  export const notify: u64 = 0x50;
  export const interrupt: u64 = 0x60;
  export const acknowledge: u64 = 0x64;
  export const status: u64 = 0x70;
  export const descriptors: u64 = 0x80;
  export const available: u64 = 0x90;
  export const used: u64 = 0xa0;
  export const generation: u64 = 0xfc;
  export const config: u64 = 0x100;
}

/** Registers of virtio over PCI: the common configuration structure. */
namespace Common {
  export const featuresPage: u64 = 0;
  export const features: u64 = 4;
  export const acceptedPage: u64 = 8;
  export const accepted: u64 = 12;
  export const configVector: u64 = 16;
  export const status: u64 = 20;
  export const generation: u64 = 21;
  export const queue: u64 = 22;
  export const size: u64 = 24;
  export const vector: u64 = 26;
  export const enable: u64 = 28;
  export const notifyOffset: u64 = 30;
  export const descriptors: u64 = 32;
  export const available: u64 = 40;
  export const used: u64 = 48;
}
const MAGIC: u32 = 0x7472_6976;
const NEW: u32 = 2;
const NO_VECTOR: u32 = 0xffff;
/** The entry of the MSI-X table for changes of the configuration. */
const CONFIG_ENTRY: u32 = 0;

const VERSION_1: u64 = 1 << 32;
/** Used-ring interrupt, and configuration change. */
export const USED: u32 = 1;
export const CHANGED: u32 = 2;

/** Is there a device over MMIO at this place? */
export function isDevice(place: u64): bool {
  return load32(place + Mmio.magic) == MAGIC && load32(place + Mmio.type) != 0;
}

/** And is it of the kind before version 1? */
export function isOld(place: u64): bool {
  return load32(place + Mmio.version) != NEW;
}

@final
export class Transport {
  kind: i32 = Kind.none;
  /** Number of the device type: 1 network, 4 entropy. */
  type: u32 = 0;
  /** Somebody drives it. */
  claimed: bool = false;
  /** Registers (MMIO), or the common configuration structure (PCI). */
  base: u64 = 0;
  config: u64 = 0;
  notifyBase: u64 = 0;
  notifyStep: u32 = 0;
  /** Bits of the interrupts that this device raises, as `hw.interrupts` counts them. */
  bits: u64 = 0;
  /** PCI: the bit of configuration changes. */
  configBits: u64 = 0;
  /** PCI: the entry of the MSI-X table for queues. */
  queueEntry: u32 = 0;
  /** The device changed its configuration, and nobody has looked yet. */
  changed: bool = false;

  /** This is the device at `place`, which raises interrupt `bit`. */
  overMmio(place: u64, bit: u32): void {
    this.kind = Kind.mmio;
    this.type = load32(place + Mmio.type);
    this.claimed = false;
    this.base = place;
    this.config = place + Mmio.config;
    this.bits = (<u64>1) << (<u64>bit);
    this.configBits = 0;
  }

  /** Resets the device and agrees on features: those of `wanted` that it offers. 0 when it is not of version 1 or refuses. */
  begin(wanted: u64): u64 {
    if (this.kind == Kind.mmio) atRestart(this.base + Mmio.status, 4);
    else atRestart(this.base + Common.status, 1);
    this.setStatus(0);
    // A device over PCI may take its time.
    for (let left = 1_000_000; this.status() != 0 && left > 0; ) left--;
    this.setStatus(Status.acknowledge);
    this.setStatus(Status.acknowledge | Status.driver);
    const agreed = this.offered() & (wanted | VERSION_1);
    if ((agreed & VERSION_1) == 0) return this.fail();
    this.accept(agreed);
    this.setStatus(Status.acknowledge | Status.driver | Status.featuresOk);
    if ((this.status() & Status.featuresOk) == 0) return this.fail();
    if (this.kind == Kind.pci)
      store16(this.base + Common.configVector, this.configBits != 0 ? CONFIG_ENTRY : NO_VECTOR);
    return agreed;
  }

  fail(): u64 {
    this.setStatus(Status.failed);
    return 0;
  }

  /** From now on the device works. */
  go(): void {
    this.setStatus(Status.acknowledge | Status.driver | Status.featuresOk | Status.driverOk);
  }

  /** The device has failed, and will do nothing until it is reset (Virtual I/O Device 1.2, 2.1.2). */
  hasFailed(): bool {
    return (this.status() & Status.needsReset) != 0;
  }

  private status(): u32 {
    return this.kind == Kind.mmio ? load32(this.base + Mmio.status) : load8(this.base + Common.status);
  }

  private setStatus(value: u32): void {
    if (this.kind == Kind.mmio) store32(this.base + Mmio.status, value);
    else store8(this.base + Common.status, value);
  }

  private offered(): u64 {
    const page = this.base + (this.kind == Kind.mmio ? Mmio.featuresPage : Common.featuresPage);
    const features = this.base + (this.kind == Kind.mmio ? Mmio.features : Common.features);
    store32(page, 1);
    const high: u64 = <u64>load32(features);
    store32(page, 0);
    return (high << 32) | <u64>load32(features);
  }

  private accept(agreed: u64): void {
    const page = this.base + (this.kind == Kind.mmio ? Mmio.acceptedPage : Common.acceptedPage);
    const features = this.base + (this.kind == Kind.mmio ? Mmio.accepted : Common.accepted);
    store32(page, 0);
    store32(features, <u32>agreed);
    store32(page, 1);
    store32(features, <u32>(agreed >> 32));
  }

  /** The most entries that queue `index` may have; 0 when there is no such queue. It is the one that `enable` speaks of. */
  select(index: u32): u32 {
    if (this.kind == Kind.mmio) {
      store32(this.base + Mmio.queue, index);
      return load32(this.base + Mmio.most);
    }
    store16(this.base + Common.queue, index);
    return load16(this.base + Common.size);
  }

  /** Sets the selected queue up: physical addresses of its three parts. `interrupts`: it may raise them. Gives where to notify. */
  enable(size: u32, descriptors: u64, available: u64, used: u64, interrupts: bool): u64 {
    const base = this.base;
    if (this.kind == Kind.mmio) {
      store32(base + Mmio.size, size);
      address(base + Mmio.descriptors, descriptors);
      address(base + Mmio.available, available);
      address(base + Mmio.used, used);
      store32(base + Mmio.ready, 1);
      return base + Mmio.notify;
    }
    store16(base + Common.size, size);
    store16(base + Common.vector, interrupts ? this.queueEntry : NO_VECTOR);
    address(base + Common.descriptors, descriptors);
    address(base + Common.available, available);
    address(base + Common.used, used);
    const offset = load16(base + Common.notifyOffset);
    store16(base + Common.enable, 1);
    return this.notifyBase + <u64>(offset * this.notifyStep);
  }

  /** Tells the device that queue `index` has something for it. `at` is what `enable` gave. */
  @inline
  notify(at: u64, index: u32): void {
    if (this.kind == Kind.mmio) store32(at, index);
    else store16(at, index);
  }

  config8(offset: u64): u32 {
    return load8(this.config + offset);
  }
  config16(offset: u64): u32 {
    return load16(this.config + offset);
  }
  config32(offset: u64): u32 {
    return load32(this.config + offset);
  }
  /** In two halves, which belong together only while `generation` stays the same. */
  config64(offset: u64): u64 {
    return <u64>this.config32(offset) | ((<u64>this.config32(offset + 4)) << 32);
  }

  /** Changes whenever the device changes its configuration: read it before and after. */
  generation(): u32 {
    return this.kind == Kind.mmio
      ? load32(this.base + Mmio.generation)
      : load8(this.base + Common.generation);
  }

  /** What a level-triggered interrupt was for; then the device lets go of the line. Devices with messages have none. */
  settle(): u32 {
    if (this.kind != Kind.mmio) return 0;
    const why = load32(this.base + Mmio.interrupt);
    if (why != 0) store32(this.base + Mmio.acknowledge, why);
    return why;
  }

  /** As `settle` for an interrupt that is known to be for used buffers alone: one access less. */
  @inline
  settleUsed(): void {
    if (this.kind == Kind.mmio) store32(this.base + Mmio.acknowledge, USED);
  }
}

/** 64-bit registers may be written in halves. */
function address(at: u64, value: u64): void {
  store32(at, <u32>value);
  store32(at + 4, <u32>(value >> 32));
}
