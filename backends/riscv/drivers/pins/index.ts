/** Pins of SiFive's processors: FU540-C000 manual, chapter 17 (GPIO). One register has a bit for each pin; resistors are to the supply only. */
import { Level } from "../../../../stdlib/core/level";
import { Machine } from "../boot-record";
import { boot, load32, rdtime, store32 } from "../hw";
import { Node, next, rewind } from "../tree";
import { connect } from "./needs/interrupts";
import * as log from "./needs/log";

const SECOND: u64 = 1_000_000_000;
const MOST_PINS: u32 = 16;

namespace Register {
  export const value: u64 = 0x00;
  export const inputEnable: u64 = 0x04;
  export const outputEnable: u64 = 0x08;
  export const port: u64 = 0x0c;
  export const pullUp: u64 = 0x10;
  export const riseEnable: u64 = 0x18;
  /** Edges that were seen; a one clears. */
  export const risen: u64 = 0x1c;
  export const fallEnable: u64 = 0x20;
  export const fallen: u64 = 0x24;
  export const invert: u64 = 0x40;
}

const node = new Node();
/** 0: there are none. */
let base: u64 = 0;
/** Of each pin's interrupt. */
const lines = new StaticArray<u32>(<i32>MOST_PINS);
let openDrains: u32 = 0;

export function start(): void {
  base = 0;
  openDrains = 0;
  rewind();
  while (base == 0 && next(node)) {
    if (!node.isOn() || !node.compatible.has("sifive,gpio0")) continue;
    base = node.base(0);
    for (let n: u32 = 0; n < MOST_PINS; n++) lines[<i32>n] = node.interrupts.cell(n);
  }
  if (base != 0 || !log.at(Level.error)) return;
  log.text("the device tree has no pins");
  log.end();
}

/** In `prepare`: `gpio4` is number 4. */
export function find(name: string): u32 {
  return <u32>I32.parseInt(name.substring(4)) % MOST_PINS;
}

function change(register: u64, pin: u32, on: bool): void {
  if (base == 0) return;
  const others = load32(base + register) & ~(1 << pin);
  store32(base + register, others | ((on ? 1 : 0) << pin));
}

/** The level is there before the pin drives it. */
export function output(pin: u32, level: bool, isOpenDrain: bool): void {
  openDrains = (openDrains & ~(1 << pin)) | ((isOpenDrain ? 1 : 0) << pin);
  change(Register.invert, pin, false);
  drive(pin, level);
  change(Register.pullUp, pin, false);
  change(Register.inputEnable, pin, true);
  if (!isOpenDrain) change(Register.outputEnable, pin, true);
}

/** What can only pull down drives when it is low. */
export function drive(pin: u32, level: bool): void {
  const isOpenDrain = ((openDrains >> pin) & 1) != 0;
  change(Register.port, pin, level && !isOpenDrain);
  if (isOpenDrain) change(Register.outputEnable, pin, !level);
}

export function input(pin: u32, which: u32): void {
  change(Register.outputEnable, pin, false);
  pull(pin, which);
  change(Register.inputEnable, pin, true);
}

/** 0 none, 1 up; 2, which is down, these pins have not. */
export function pull(pin: u32, which: u32): void {
  change(Register.pullUp, pin, which == 1);
  if (which != 2 || !log.at(Level.error)) return;
  log.text("gpio");
  log.number(<u64>pin);
  log.text(" has no resistor to ground: there has to be one on the board");
  log.end();
}

/** What came before the level is read is seen in it: an edge that comes later ends sleep. */
export function level(pin: u32): bool {
  if (base == 0) return false;
  store32(base + Register.risen, 1 << pin);
  store32(base + Register.fallen, 1 << pin);
  return ((load32(base + Register.value) >> pin) & 1) != 0;
}

export function watch(pin: u32): void {
  connect(lines[<i32>pin]);
  change(Register.riseEnable, pin, true);
  change(Register.fallEnable, pin, true);
}

/** At least so long: one more turn of the counter, since the first has begun already. */
export function pause(nanoseconds: u64): void {
  const from = rdtime();
  const wait = (nanoseconds * boot(Machine.timebase)) / SECOND + 1;
  while (rdtime() - from <= wait) {}
}
