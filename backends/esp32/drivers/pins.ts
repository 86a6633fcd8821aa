/** The chip's pins (ESP32 Technical Reference Manual, 4): which function a pad has, and what the matrix leads to it. */
import { store32 } from "./hw";

/** Pins that are no pin. */
export const NO_PIN: u32 = 0xff;
const MOST: u32 = 40;

const IO_MUX: u64 = 0x3ff4_9000;
/** Function of a pad that leads it to the matrix. */
export const MATRIX: u32 = 2;
const FUNCTION: u32 = 12;
const INPUT: u32 = 1 << 9;
/** 20 mA. */
const DRIVE: u32 = 2 << 10;

const SET: u64 = 0x3ff4_4008;
const CLEAR: u64 = 0x3ff4_400c;
const ENABLE: u64 = 0x3ff4_4024;
/** Of GPIO32 and further, the same registers lie behind these. */
const HIGH: u64 = 0x0c;
const INPUT_SELECT: u64 = 0x3ff4_4130;
const OUTPUT_SELECT: u64 = 0x3ff4_4530;
/** Signals of the matrix: the pin's own register; and, for inputs, not past the matrix. */
const PLAIN: u32 = 0x100;
const BY_MATRIX: u32 = 1 << 7;

/** Offset of each pad's register, in words (ESP-IDF, soc/io_mux_reg.h); 0 where there is no pad. */
const pads: StaticArray<u8> = [
  17, 34, 16, 33, 18, 27, 24, 25, 26, 21, 22, 23, 13, 14, 12, 15, 19, 20, 28, 29, 30, 31, 32, 35, 36, 9, 10,
  11, 0, 0, 0, 0, 7, 8, 5, 6, 1, 2, 3, 4,
];

/** The pad's function, one of six. */
export function route(pin: u32, to: u32, reads: bool): void {
  if (pin >= MOST || pads[pin] == 0) return;
  store32(IO_MUX + 4 * <u64>pads[pin], (to << FUNCTION) | DRIVE | (reads ? INPUT : 0));
}

/** `signal` of the matrix goes out here, enabled by who has the signal. */
export function sends(pin: u32, signal: u32): void {
  if (pin >= MOST) return;
  store32(OUTPUT_SELECT + 4 * <u64>pin, signal);
  enable(pin);
}

/** `signal` of the matrix comes from here. */
export function feeds(pin: u32, signal: u32): void {
  if (pin < MOST) store32(INPUT_SELECT + 4 * <u64>signal, pin | BY_MATRIX);
}

/** An output that is this from now on. */
export function drive(pin: u32, high: bool): void {
  if (pin >= MOST) return;
  const at = high ? SET : CLEAR;
  store32(pin < 32 ? at : at + HIGH, 1 << (pin & 31));
  store32(OUTPUT_SELECT + 4 * <u64>pin, PLAIN);
  enable(pin);
  route(pin, MATRIX, false);
}

function enable(pin: u32): void {
  store32(pin < 32 ? ENABLE : ENABLE + HIGH, 1 << (pin & 31));
}
