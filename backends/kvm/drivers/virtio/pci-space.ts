/** PCI configuration space: by ports (mechanism #1, PCI Local Bus 3.0, 3.2.2.3.2), else by the memory window that ACPI's MCFG table names. */
import { Machine } from "../../../common/drivers/x86/boot-record";
import { boot, in32, load8, load32, load64, out32, store32 } from "../../../common/drivers/x86/hw";

const ADDRESS: u32 = 0xcf8;
const DATA: u32 = 0xcfc;
const ENABLE: u32 = 0x8000_0000;
/** QEMU's microvm has its window here and no table that says so; the first thing in it is this bridge (vendor 1b36, device 8). */
const QEMU_WINDOW: u64 = 0xe000_0000;
const QEMU_BRIDGE: u32 = 0x0008_1b36;

let window: u64 = 0;
let ports = false;

/** Finds out how to speak; false when there is no PCI. */
export function open(): bool {
  window = 0;
  out32(ADDRESS, ENABLE);
  ports = in32(ADDRESS) == ENABLE;
  if (!ports) window = windowFromAcpi();
  if (!ports && window == 0 && load32(QEMU_WINDOW) == QEMU_BRIDGE) window = QEMU_WINDOW;
  return ports || window != 0;
}

/** PCs have the ports. A machine without them may have devices at fixed addresses. */
export function isPc(): bool {
  return ports;
}

/** `device`: bus << 8 | device << 3 | function. `offset` is a multiple of 4. */
export function read(device: u32, offset: u32): u32 {
  if (!ports) return load32(window + <u64>((device << 12) | offset));
  out32(ADDRESS, ENABLE | (device << 8) | offset);
  return in32(DATA);
}

export function write(device: u32, offset: u32, value: u32): void {
  if (!ports) return store32(window + <u64>((device << 12) | offset), value);
  out32(ADDRESS, ENABLE | (device << 8) | offset);
  out32(DATA, value);
}

export function read8(device: u32, offset: u32): u32 {
  return (read(device, offset & ~3) >> (8 * (offset & 3))) & 0xff;
}

// ---- ACPI (ACPI 6.5, 5.2.5 to 5.2.8; PCI Firmware 3.3, 4.1.2): only as far as this one table

/** "RSD PTR " and "MCFG", as numbers of a little-endian machine. */
const RSD_PTR: u64 = ((<u64>0x2052_5450) << 32) | 0x2044_5352;
const MCFG: u32 = 0x4746_434d;

function windowFromAcpi(): u64 {
  const root = rootPointer();
  if (root == 0) return 0;
  const wide = load8(root + 15) >= 2 && load64(root + 24) != 0;
  const table: u64 = wide ? load64(root + 24) : <u64>load32(root + 16);
  const end = table + <u64>load32(table + 4);
  const step: u64 = wide ? 8 : 4;
  for (let at = table + 36; at + step <= end; at += step) {
    // Entries of the wide table are not aligned.
    const entry = <u64>load32(at) | (wide ? (<u64>load32(at + 4)) << 32 : 0);
    if (load32(entry) == MCFG) return <u64>load32(entry + 44) | ((<u64>load32(entry + 48)) << 32);
  }
  return 0;
}

/** What the loader named, else what the BIOS area holds. */
function rootPointer(): u64 {
  const named = boot(Machine.rsdp);
  if (named != 0 && load64(named) == RSD_PTR) return named;
  for (let at: u64 = 0xe_0000; at < 0x10_0000; at += 16) if (load64(at) == RSD_PTR) return at;
  return 0;
}
