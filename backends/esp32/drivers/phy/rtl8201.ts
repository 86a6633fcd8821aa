/** Realtek RTL8201F (data sheet, 7): what was agreed stands in the control register of every PHY. */
import { NOBODY, Phy, read, write } from "../mdio";
import { Ability } from "./ability";

export const name = "rtl8201";
/** After power and reset, in nanoseconds, until it answers. */
export const settles: u64 = 150_000_000;

const IDENTIFIER: u32 = 0x001c_c810;
const PAGE: u32 = 31;
const FAST: u32 = 1 << 13;
const FULL: u32 = 1 << 8;

/** Registers 2 and 3; the last four bits are a revision. */
export function isOne(identifier: u32): bool {
  return (identifier & 0xffff_fff0) == IDENTIFIER;
}

/** What both sides can do best. */
export function agreed(): Ability {
  write(PAGE, 0);
  const control = read(Phy.control);
  if (control == NOBODY) return Ability.none;
  if ((control & FAST) != 0) return (control & FULL) != 0 ? Ability.full100 : Ability.half100;
  return (control & FULL) != 0 ? Ability.full10 : Ability.half10;
}
