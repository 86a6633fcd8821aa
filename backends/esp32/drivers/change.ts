import { load32, store32 } from "./hw";

/** Clears bits of a register, then sets others. */
export function change(address: u64, clear: u32, bits: u32): void {
  store32(address, (load32(address) & ~clear) | bits);
}
