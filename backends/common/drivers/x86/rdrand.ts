/** The processor's own unpredictable numbers: Intel SDM volume 1, 7.3.17. */
import { cpuid, rdrand } from "./hw";

const RDRAND: u32 = 1 << 30;
/** How often the hardware is asked again. */
const TRIES = 16;

export function hasRdrand(): bool {
  return (cpuid(1, 0, 2) & RDRAND) != 0;
}

/** 0 when the hardware had none in all this time. Only where `hasRdrand`. */
export function tryRdrand(): u64 {
  for (let n = 0; n < TRIES; n++) {
    const value = rdrand();
    if (value != 0) return value;
  }
  return 0;
}
