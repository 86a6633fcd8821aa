/** Pads of the chip, led to the MAC and to the PHY: which function a pad has, and which signal of the matrix it shows. */
import { store32 } from "../hw";
import { Gpio, MOST_PINS, Mux } from "../pins/registers";

/** In the boot record: there is no such pin. */
export const NO_PIN: u32 = 0xff;
/** The function that leads a pad to the matrix. */
export const MATRIX: u32 = 2;
const FUNCTION: u32 = 12;
/** Where the matrix takes signals from: one register for each signal, which says not to go past it. */
const SIGNALS: u64 = 0x3ff4_4130;
const BY_MATRIX: u32 = 1 << 7;

/** The pad has this one of its six functions. */
export function route(pin: u32, to: u32, reads: bool): void {
  if (pin >= MOST_PINS || Mux.offsets[pin] == 0) return;
  store32(Mux.base + <u64>Mux.offsets[pin], (to << FUNCTION) | Mux.strength | (reads ? Mux.input : 0));
}

/** `signal` of the matrix goes out here. */
export function sends(pin: u32, signal: u32): void {
  if (pin >= MOST_PINS) return;
  store32(Gpio.signal + 4 * <u64>pin, signal);
  store32(Gpio.enable[pin >> 5], 1 << (pin & 31));
}

/** `signal` of the matrix comes from here. */
export function feeds(pin: u32, signal: u32): void {
  if (pin < MOST_PINS) store32(SIGNALS + 4 * <u64>signal, pin | BY_MATRIX);
}

/** An output that is this from now on. */
export function drive(pin: u32, high: bool): void {
  if (pin >= MOST_PINS) return;
  store32((high ? Gpio.set : Gpio.clear)[pin >> 5], 1 << (pin & 31));
  sends(pin, Gpio.own);
  route(pin, MATRIX, false);
}
