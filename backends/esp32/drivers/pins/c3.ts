/** Pins of an ESP32-C3 (Technical Reference Manual, 5: IO MUX and GPIO matrix): one bank, and all of them alike. */
import { Machine } from "../boot-record";
import { boot, load32, store32, ticks } from "../hw";
import { connect } from "./needs/interrupts";

const SECOND: u64 = 1_000_000_000;
const MOST_PINS: u32 = 22;

const GPIO: u64 = 0x6000_4000;
const SET: u64 = GPIO + 0x08;
const CLEAR: u64 = GPIO + 0x0c;
const ENABLE: u64 = GPIO + 0x24;
const DISABLE: u64 = GPIO + 0x28;
const INPUT: u64 = GPIO + 0x3c;
const SEEN: u64 = GPIO + 0x4c;
/** A word for each pin, and another for the signal that it drives. */
const PIN: u64 = GPIO + 0x74;
const OPEN_DRAIN: u32 = 1 << 2;
const ANY_EDGE: u32 = 3 << 7;
const INTERRUPTS: u32 = 1 << 13;
const SIGNAL: u64 = GPIO + 0x554;
const OWN: u32 = 128;

const MUX: u64 = 0x6000_9004;
/** The pin's function is the matrix; it can be read; middle strength. */
const MATRIX: u32 = (1 << 12) | (1 << 9) | (2 << 10);
const PULL_DOWN: u32 = 1 << 7;
const PULL_UP: u32 = 1 << 8;

/** The pins' source in the interrupt matrix, and the processor's interrupt that it is led to. */
const MATRIX_BASE: u64 = 0x600c_2000;
const SOURCE: u64 = 16;
const INTERRUPT: u32 = 7;
const PRIORITY: u64 = MATRIX_BASE + 0x114;

/** In `prepare`: `gpio4` is number 4. */
export function find(name: string): u32 {
  return <u32>I32.parseInt(name.substring(4)) % MOST_PINS;
}

/** The level is there before the pin drives it. */
export function output(pin: u32, level: bool, isOpenDrain: bool): void {
  drive(pin, level);
  store32(PIN + 4 * <u64>pin, isOpenDrain ? OPEN_DRAIN : 0);
  store32(SIGNAL + 4 * <u64>pin, OWN);
  pull(pin, 0);
  store32(ENABLE, 1 << pin);
}

export function drive(pin: u32, level: bool): void {
  store32(level ? SET : CLEAR, 1 << pin);
}

export function input(pin: u32, which: u32): void {
  store32(DISABLE, 1 << pin);
  store32(PIN + 4 * <u64>pin, 0);
  pull(pin, which);
}

/** 0 none, 1 up, 2 down. What a pin drives can be read, too. */
export function pull(pin: u32, which: u32): void {
  store32(MUX + 4 * <u64>pin, MATRIX | (which == 1 ? PULL_UP : which == 2 ? PULL_DOWN : 0));
}

/** What came before the level is read is seen in it: an edge that comes later ends sleep. */
export function level(pin: u32): bool {
  store32(SEEN, 1 << pin);
  return (load32(INPUT) & (1 << pin)) != 0;
}

export function watch(pin: u32): void {
  store32(MATRIX_BASE + 4 * SOURCE, INTERRUPT);
  store32(PRIORITY + 4 * <u64>INTERRUPT, 1);
  connect(INTERRUPT);
  store32(PIN + 4 * <u64>pin, ANY_EDGE | INTERRUPTS);
}

export function pause(nanoseconds: u64): void {
  const from = ticks();
  const wait = (nanoseconds * boot(Machine.hertz)) / SECOND;
  while (ticks() - from < wait) {}
}
