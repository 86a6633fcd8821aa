/** Virtio devices on PCI buses: the modern interface, also of transitional devices, with MSI-X. */

import { Kind, Transport } from "../../../common/drivers/virtio/transport";
import { load32, store32 } from "../../../common/drivers/x86/hw";
import { messageAddress, messageData, vector } from "./needs/interrupts";
import { open, read, read8, write } from "./pci-space";

const VENDOR: u32 = 0x1af4;
/** Modern devices are 0x1040 + type; transitional ones 0x1000 to 0x103f with the type as their subsystem. */
const MODERN: u32 = 0x1040;
const TRANSITIONAL: u32 = 0x1000;

const COMMAND: u32 = 4;
/** Memory space, bus master, no interrupt line. */
const WANTED: u32 = 2 | 4 | 0x400;
const BARS: u32 = 0x10;
const CAPABILITIES: u32 = 0x34;
const VENDOR_CAPABILITY: u32 = 9;
const MSIX: u32 = 0x11;
const MSIX_ENABLE: u32 = 0x8000_0000;
const MSIX_MASKED: u32 = 0x4000_0000;

const COMMON: u32 = 1;
const NOTIFY: u32 = 2;
const DEVICE: u32 = 4;

/** Where addresses are given out from if the firmware gave none: the hole that PCs and QEMU's microvm leave below 4 GiB. */
const HOLE: u32 = 0xc000_0000;
let free: u32 = HOLE;

const MOST_BUSES = 32;
const buses = new StaticArray<u32>(MOST_BUSES);

/** How many virtio devices were found that are not used: of the old kind, or without MSI-X. */
export let refused: i32 = 0;

/** Describes every virtio device in `transports`, from number `from` on, buses in the order of their bridges; gives the number after the last. */
export function scan(transports: StaticArray<Transport>, from: i32): i32 {
  refused = 0;
  if (!open()) return from;
  free = HOLE;
  let count = from;
  let known = 1;
  buses[0] = 0;
  for (let n = 0; n < known; n++)
    for (let slot: u32 = 0; slot < 32; slot++) {
      const first = (buses[n] << 8) | (slot << 3);
      const functions: u32 = (read(first, 12) & 0x0080_0000) != 0 && read(first, 0) != 0xffff_ffff ? 8 : 1;
      for (let device = first; device < first + functions; device++) {
        const id = read(device, 0);
        if (id == 0xffff_ffff) continue;
        const header = (read(device, 12) >> 16) & 0x7f;
        const behind = (read(device, 0x18) >> 8) & 0xff;
        if (header == 1 && behind > buses[n] && known < MOST_BUSES) buses[known++] = behind;
        if (header == 0 && count < transports.length && describe(device, id, transports[count])) count++;
      }
    }
  return count;
}

function describe(device: u32, id: u32, into: Transport): bool {
  const number = id >> 16;
  if ((id & 0xffff) != VENDOR || number < TRANSITIONAL || number > MODERN + 0x3f) return false;
  assignAddresses(device);
  write(device, COMMAND, (read(device, COMMAND) & 0xffff) | WANTED);
  into.type = number >= MODERN ? number - MODERN : read(device, 0x2c) >> 16;
  into.base = 0;
  into.config = 0;
  into.notifyBase = 0;
  let msix: u32 = 0;
  let left = 48;
  for (let at = read8(device, CAPABILITIES) & ~3; at != 0 && left > 0; left--) {
    const head = read(device, at);
    if ((head & 0xff) == VENDOR_CAPABILITY) part(device, at, head >> 24, into);
    else if ((head & 0xff) == MSIX) msix = at;
    at = (head >> 8) & 0xfc;
  }
  if (into.base == 0 || into.notifyBase == 0 || msix == 0) {
    refused++;
    return false;
  }
  into.kind = Kind.pci;
  into.claimed = false;
  connect(device, msix, into);
  return true;
}

/** A structure of the device, named by a capability. */
function part(device: u32, at: u32, type: u32, into: Transport): void {
  if (type != COMMON && type != NOTIFY && type != DEVICE) return;
  const bar = read(device, at + 4) & 0xff;
  // What is at ports is offered in memory, too (Virtual I/O Device 1.2, 4.1.4).
  if (bar > 5 || (read(device, BARS + 4 * bar) & 1) != 0) return;
  const place = addressOf(device, bar) + <u64>read(device, at + 8);
  if (type == COMMON && into.base == 0) into.base = place;
  else if (type == DEVICE && into.config == 0) into.config = place;
  else if (type == NOTIFY && into.notifyBase == 0) {
    into.notifyBase = place;
    into.notifyStep = read(device, at + 16);
  }
}

/** Two messages: the first for changes of the configuration, the second for queues; one for both if there is no second. */
function connect(device: u32, msix: u32, into: Transport): void {
  const place = read(device, msix + 4);
  const table = addressOf(device, place & 7) + <u64>(place & ~7);
  const entries = ((read(device, msix) >> 16) & 0x7ff) + 1;
  const queues = vector();
  const changes = entries > 1 ? vector() : queues;
  write(device, msix, (read(device, msix) & ~MSIX_MASKED) | MSIX_ENABLE);
  entry(table, changes);
  if (entries > 1) entry(table + 16, queues);
  into.queueEntry = entries > 1 ? 1 : 0;
  into.bits = ((<u64>1) << (<u64>queues)) | ((<u64>1) << (<u64>changes));
  into.configBits = (<u64>1) << (<u64>changes);
}

function entry(at: u64, bit: u32): void {
  store32(at, messageAddress());
  store32(at + 4, 0);
  store32(at + 8, messageData(bit));
  store32(at + 12, load32(at + 12) & ~1);
}

function addressOf(device: u32, bar: u32): u64 {
  const low = read(device, BARS + 4 * bar);
  const high: u64 = (low & 6) == 4 ? <u64>read(device, BARS + 4 * bar + 4) : 0;
  return (high << 32) | <u64>(low & ~15);
}

/** Firmware that only loads a kernel leaves addresses empty. */
function assignAddresses(device: u32): void {
  for (let bar: u32 = 0; bar < 6; bar++) {
    const at = BARS + 4 * bar;
    const was = read(device, at);
    const wide = (was & 6) == 4;
    if ((was & 1) == 0) {
      write(device, at, 0xffff_ffff);
      const mask = read(device, at) & ~15;
      write(device, at, was);
      const empty = (was & ~15) == 0 && (!wide || read(device, at + 4) == 0);
      if (mask != 0 && empty) {
        free = (free + ~mask) & mask;
        write(device, at, free);
        free += ~mask + 1;
      }
    }
    if (wide) bar++;
  }
}
