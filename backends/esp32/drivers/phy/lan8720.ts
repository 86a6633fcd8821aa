/** Microchip (SMSC) LAN8710A and LAN8720A, and the LAN874x after them (data sheet DS00002165, 4). */
import { read } from "../mdio";
import { Ability } from "./ability";

export const name = "lan8720";
/** After power and reset, in nanoseconds, until it answers. */
export const settles: u64 = 2_000_000;

const VENDOR: u32 = 0x0007_c000;
const STATUS: u32 = 31;
const SPEED: u32 = 2;

/** Registers 2 and 3: the maker, and a model from 0x0F to 0x13. */
export function isOne(identifier: u32): bool {
  const model = (identifier >> 4) & 0x3f;
  return (identifier & 0xffff_fc00) == VENDOR && model >= 0x0f && model <= 0x13;
}

/** What both sides can do best. */
export function agreed(): Ability {
  const speed = (read(STATUS) >> SPEED) & 7;
  if (speed == 1) return Ability.half10;
  if (speed == 2) return Ability.half100;
  if (speed == 5) return Ability.full10;
  if (speed == 6) return Ability.full100;
  return Ability.none;
}
