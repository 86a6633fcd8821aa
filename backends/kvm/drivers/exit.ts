/** How a machine ends that has a status to tell: QEMU can be given a device for that. */
import { in8, out8, rdtsc, stop } from "../../common/drivers/x86/hw";

/** The device: it ends QEMU with twice what is written and one more. */
const EXIT_PORT: u32 = 0x501;
/** Of the first serial port. */
const LINE_STATUS: u32 = 0x3fd;
const TRANSMITTED: u32 = 0x40;
/** In cycles: one to four seconds. */
const PATIENCE: u64 = 1 << 32;

/** QEMU ends at once: what was written to the console has to be out before, but is not waited for for ever. A machine without the device is switched off. */
export function exit(status: u32): void {
  const since = rdtsc();
  while ((in8(LINE_STATUS) & TRANSMITTED) == 0 && rdtsc() - since < PATIENCE) {}
  out8(EXIT_PORT, status);
  stop();
}
