/** The management bus to the PHY (IEEE 802.3 22.2.4), which the MAC drives. */
import { Machine } from "./boot-record";
import { Mac } from "./emac/registers";
import { boot, load32, store32, ticks } from "./hw";

/** Registers that every PHY has (IEEE 802.3 22.2.4). */
export namespace Phy {
  export const control: u32 = 0;
  export const status: u32 = 1;
  export const identifier: u32 = 2;
  export const advertised: u32 = 4;
}

const BUSY: u32 = 1 << 0;
const WRITE: u32 = 1 << 1;
const REGISTER: u32 = 6;
const ADDRESS: u32 = 11;
/** A turn on the bus takes 64 bits at 1.9 MHz: 34 µs. Who takes a millisecond does not come back. */
const TURNS_PER_SECOND: u64 = 1000;

/** One that nobody drives is high. */
export const NOBODY: u32 = 0xffff;

/** 16 bits; `NOBODY` also if the MAC does not come to an end. The clock is the bus of peripherals', 80 MHz, divided by 42: no bits for that. */
export function read(register: u32): u32 {
  if (!turn(register, 0)) return NOBODY;
  return load32(boot(Machine.network) + Mac.phyData) & 0xffff;
}

export function write(register: u32, value: u32): void {
  store32(boot(Machine.network) + Mac.phyData, value);
  turn(register, WRITE);
}

function turn(register: u32, kind: u32): bool {
  const base = boot(Machine.network);
  const phy = <u32>boot(Machine.phy) & 31;
  store32(base + Mac.phyAddress, (phy << ADDRESS) | (register << REGISTER) | kind | BUSY);
  const began = ticks();
  const most = boot(Machine.hertz) / TURNS_PER_SECOND;
  while ((load32(base + Mac.phyAddress) & BUSY) != 0) if (ticks() - began > most) return false;
  return true;
}
