/** The watchdog of timer group 1: ESP32 Technical Reference Manual, chapter "Watchdog Timer"; ESP-IDF's soc/esp32/register/timer_group_reg.h. */
import { store32 } from "../hw";

const BASE: u64 = 0x3ff6_0000;
const CONTROL: u64 = BASE + 0x48;
const PRESCALER: u64 = BASE + 0x4c;
const LIMIT: u64 = BASE + 0x50;
const FEED: u64 = BASE + 0x60;
const LOCK: u64 = BASE + 0x64;
const KEY: u32 = 0x50d8_3aa1;

/** Enabled; the first stage resets the chip, with pulses as long as they get. */
const RESETS: u32 = (1 << 31) | (3 << 29) | (7 << 18) | (7 << 15);
/** Of the bus of peripherals, 80 MHz: a tick of half a millisecond. */
const DIVIDER: u32 = 40_000;
const TICK: u64 = 500_000;

export function arm(nanoseconds: u64): void {
  store32(LOCK, KEY);
  store32(CONTROL, 0);
  store32(PRESCALER, DIVIDER << 16);
  store32(LIMIT, <u32>(nanoseconds / TICK));
  store32(FEED, 1);
  store32(CONTROL, RESETS);
  store32(LOCK, 0);
}

export function feed(): void {
  store32(LOCK, KEY);
  store32(FEED, 1);
  store32(LOCK, 0);
}
