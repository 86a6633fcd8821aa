/** Virtio devices at fixed addresses: those that the command line names, else where QEMU's microvm has them. */
import { byte, end, find, NONE, number } from "../../../common/drivers/command-line";
import { isDevice, isOld, Transport } from "../../../common/drivers/virtio/transport";
import { route, vector } from "./needs/interrupts";

/** QEMU, hw/i386/microvm.c: places, their distance, and the lines that belong to them. With ACPI and two I/O APICs there are 24. */
const PLACES: u64 = 0xfeb0_0000;
const STEP: u64 = 0x200;
const COUNT: u32 = 8;
const COUNT_ACPI: u32 = 24;
const LINE: u32 = 5;
const LINE_ACPI: u32 = 16;
const LINE_ACPI_2: u32 = 24;
const COLON: u32 = 58;
const AT: u32 = 64;

/** How many devices were met that are of the old kind only. */
export let old: u32 = 0;

/** As Linux reads it: `virtio_mmio.device=SIZE@ADDRESS:LINE`. */
export function named(transports: StaticArray<Transport>, from: i32): i32 {
  let count = from;
  old = 0;
  for (let at = find("virtio_mmio.device=", 0); at != NONE; at = find("virtio_mmio.device=", at)) {
    number(at);
    if (byte(end) == AT) {
      const place = number(end + 1);
      if (byte(end) == COLON && count < transports.length) {
        const line = <u32>number(end + 1);
        if (describe(place, line, transports[count])) count++;
      }
    }
  }
  return count;
}

/** `acpi`: the machine has ACPI; `second`: and a second I/O APIC. The last place is the first device. */
export function probed(transports: StaticArray<Transport>, from: i32, acpi: bool, second: bool): i32 {
  let count = from;
  const places: u32 = second ? COUNT_ACPI : COUNT;
  const line: u32 = second ? LINE_ACPI_2 : acpi ? LINE_ACPI : LINE;
  for (let n: u32 = places; n-- > 0 && count < transports.length; )
    if (describe(PLACES + STEP * <u64>n, line + n, transports[count])) count++;
  return count;
}

function describe(place: u64, line: u32, into: Transport): bool {
  if (!isDevice(place)) return false;
  if (isOld(place)) {
    old++;
    return false;
  }
  const bit = vector();
  // The line must lead somewhere before the device may raise it.
  if (bit == 0 || !route(line, bit)) return false;
  into.overMmio(place, bit);
  return true;
}
