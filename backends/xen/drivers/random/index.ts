/** Unpredictable numbers from the processor (RDRAND). */
import { mixed, seed } from "../../../common/drivers/mixed";
import { cpuid, rdrand, rdtsc } from "../hw";

const RDRAND: u32 = 1 << 30;
/** How often the hardware is asked again. */
const TRIES = 16;

let processor = false;

export function start(): void {
  processor = (cpuid(1, 0, 2) & RDRAND) != 0;
  seed(rdtsc());
}

export function random(): u64 {
  if (processor)
    for (let n = 0; n < TRIES; n++) {
      const value = rdrand();
      if (value != 0) return value;
    }
  return mixed(rdtsc());
}
