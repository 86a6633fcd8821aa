/** The first serial port, for who ends the machine without `stop`, which waits itself. */
import { in8, rdtsc } from "../../common/drivers/x86/hw";

const LINE_STATUS: u32 = 0x3fd;
const TRANSMITTED: u32 = 0x40;
/** In cycles: one to four seconds. */
const PATIENCE: u64 = 1 << 32;

/** Until all that was written is out, but not for ever. */
export function drain(): void {
  const since = rdtsc();
  while ((in8(LINE_STATUS) & TRANSMITTED) == 0 && rdtsc() - since < PATIENCE) {}
}
