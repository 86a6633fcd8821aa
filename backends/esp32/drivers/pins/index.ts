/** Pins of an ESP32. */
import { Machine } from "../boot-record";
import { boot, load32, store32, ticks } from "../hw";
import { connect } from "./needs/interrupts";
import { Gpio, INTERRUPT, INTERRUPT_MAP, MOST_PINS, Mux, Rtc } from "./registers";

const SECOND: u64 = 1_000_000_000;

/** In `prepare`: `gpio4` is number 4. */
export function find(name: string): u32 {
  return <u32>I32.parseInt(name.substring(4)) % MOST_PINS;
}

function bank(pin: u32): i32 {
  return <i32>(pin >> 5);
}

function bit(pin: u32): u32 {
  return 1 << (pin & 31);
}

/** The level is there before the pin drives it. */
export function output(pin: u32, level: bool, isOpenDrain: bool): void {
  drive(pin, level);
  store32(Gpio.pin + 4 * <u64>pin, isOpenDrain ? Gpio.openDrain : 0);
  store32(Gpio.signal + 4 * <u64>pin, Gpio.own);
  pull(pin, 0);
  store32(Gpio.enable[bank(pin)], bit(pin));
}

export function drive(pin: u32, level: bool): void {
  store32((level ? Gpio.set : Gpio.clear)[bank(pin)], bit(pin));
}

export function input(pin: u32, which: u32): void {
  store32(Gpio.disable[bank(pin)], bit(pin));
  store32(Gpio.pin + 4 * <u64>pin, 0);
  pull(pin, which);
}

/** 0 none, 1 up, 2 down. What a pin drives can be read, too. */
export function pull(pin: u32, which: u32): void {
  const n = <i32>pin;
  const rtc = <u64>Rtc.offsets[n];
  let mux = Mux.matrix | Mux.strength | Mux.input;
  if (rtc != 0) {
    const up = pin == 32 ? Rtc.up32 : Rtc.up;
    const others = load32(Rtc.base + rtc) & ~(3 << up);
    store32(Rtc.base + rtc, others | (which << up));
  } else if (which == 1) mux |= Mux.pullUp;
  else if (which == 2) mux |= Mux.pullDown;
  store32(Mux.base + <u64>Mux.offsets[n], mux);
}

/** What came before the level is read is seen in it: an edge that comes later ends sleep. */
export function level(pin: u32): bool {
  store32(Gpio.seen[bank(pin)], bit(pin));
  return (load32(Gpio.input[bank(pin)]) & bit(pin)) != 0;
}

export function watch(pin: u32): void {
  store32(INTERRUPT_MAP, INTERRUPT);
  connect(INTERRUPT);
  store32(Gpio.pin + 4 * <u64>pin, Gpio.anyEdge | Gpio.interrupts);
}

export function pause(nanoseconds: u64): void {
  const from = ticks();
  const wait = (nanoseconds * boot(Machine.hertz)) / SECOND;
  while (ticks() - from < wait) {}
}
