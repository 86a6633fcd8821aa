/** IC Plus IP101G (data sheet, registers of page 16). */
import { read, write } from "../mdio";
import { Ability } from "./ability";

export const name = "ip101";
/** After power and reset, in nanoseconds, until it answers. */
export const settles: u64 = 10_000_000;

const IDENTIFIER: u32 = 0x0243_0c50;
const PAGE: u32 = 20;
const STATUS_PAGE: u32 = 16;
const STATUS: u32 = 30;

/** Registers 2 and 3; the last four bits are a revision. */
export function isOne(identifier: u32): bool {
  return (identifier & 0xffff_fff0) == IDENTIFIER;
}

/** What both sides can do best. */
export function agreed(): Ability {
  write(PAGE, STATUS_PAGE);
  const mode = read(STATUS) & 7;
  if (mode == 1) return Ability.half10;
  if (mode == 2) return Ability.half100;
  if (mode == 5) return Ability.full10;
  if (mode == 6) return Ability.full100;
  return Ability.none;
}
