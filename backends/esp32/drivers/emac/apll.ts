/**
 * The chip's second PLL, for audio, at 50 MHz: what an RMII clock is made of where the board has none (ESP-IDF, rtc_clk.c and clk_tree_ll.h). 40 MHz of the
 * crystal × (4 + 6) ÷ (2 × (2 + 2)).
 */
import { change } from "../change";
import { load32, store32, ticks } from "../hw";

const OPTIONS: u64 = 0x3ff4_8000;
const BUS_OFF: u32 = 1 << 18;
const ANALOG: u64 = 0x3ff4_8030;
const FORCE_OFF: u32 = 1 << 23;
const FORCE_ON: u32 = 1 << 24;

/** The bus to analog parts: host 3, block 0x6D is this PLL. */
const BUS: u64 = 0x6000_e00c;
const BLOCK: u32 = 0x6d;
const WRITE: u32 = 1 << 24;
const BUSY: u32 = 1 << 25;

/** Word 3 of eFuse block 0: the chip is of revision 1 or later. */
const EFUSE: u64 = 0x3ff5_a00c;
const REVISION_1: u32 = 1 << 15;

const MULTIPLIER: u32 = 6;
const DIVIDER: u32 = 2;
const CALIBRATED: u32 = 1 << 7;
/** 4 ms at 240 MHz: who has not come to an end then has none. */
const PATIENCE: u64 = 1_000_000;

/** The clock runs from now on, unless the analog part does not answer: then the MAC's reset finds no clock and says so. */
export function apll(): void {
  change(OPTIONS, BUS_OFF, 0);
  change(ANALOG, FORCE_OFF, FORCE_ON);
  write(7, (read(7) & ~0x3f) | MULTIPLIER);
  write(9, 0);
  write(8, 0);
  write(5, 0x09);
  write(5, (load32(EFUSE) & REVISION_1) != 0 ? 0x49 : 0x69);
  write(4, (read(4) & ~0x1f) | DIVIDER);
  for (let n = 0; n < 3; n++) write(0, n == 0 ? 0x0f : n == 1 ? 0x3f : 0x1f);
  const began = ticks();
  while ((read(3) & CALIBRATED) == 0) if (ticks() - began > PATIENCE) return;
}

function write(register: u32, value: u32): void {
  store32(BUS, BLOCK | (register << 8) | (value << 16) | WRITE);
  settle();
}

function read(register: u32): u32 {
  store32(BUS, BLOCK | (register << 8));
  settle();
  return (load32(BUS) >> 16) & 0xff;
}

function settle(): void {
  const began = ticks();
  while ((load32(BUS) & BUSY) != 0) if (ticks() - began > PATIENCE) return;
}
