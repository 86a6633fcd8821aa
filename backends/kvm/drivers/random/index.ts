/** Unpredictable numbers: from the processor (RDRAND), else from the host. */
import { mixed, seed } from "../../../common/drivers/mixed";
import * as entropy from "../../../common/drivers/virtio/entropy";
import { cpuid, rdrand, rdtsc } from "../../../common/drivers/x86/hw";

const RDRAND: u32 = 1 << 30;
/** How often the hardware is asked again. */
const TRIES = 16;

let processor = false;

export function start(): void {
  processor = (cpuid(1, 0, 2) & RDRAND) != 0;
  seed(rdtsc());
  if (!processor) entropy.open();
}

export function random(): u64 {
  if (processor)
    for (let n = 0; n < TRIES; n++) {
      const value = rdrand();
      if (value != 0) return value;
    }
  else if (entropy.ready()) return entropy.take();
  return mixed(rdtsc());
}
