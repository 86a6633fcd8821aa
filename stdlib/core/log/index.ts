/** Lines for people, written piece by piece; nothing is allocated, nothing is kept. */
import { write } from "./needs/console";

/** The low 8 bits of each character: texts of the standard library are ASCII. */
export function text(value: string): void {
  for (let n = 0; n < value.length; n++) write(<u32>value.charCodeAt(n) & 0xff);
}

export function number(value: u64): void {
  let unit: u64 = 1;
  while (value / unit >= 10) unit *= 10;
  while (unit > 0) {
    write(48 + <u32>((value / unit) % 10));
    unit /= 10;
  }
}

/** `digits` hexadecimal digits. */
export function hexadecimal(value: u64, digits: i32): void {
  for (let n = digits - 1; n >= 0; n--) {
    const digit = <u32>(value >> <u64>(4 * n)) & 15;
    write(digit < 10 ? 48 + digit : 87 + digit);
  }
}

/** An IPv4 address. */
export function address(value: u32): void {
  for (let shift = 24; shift >= 0; shift -= 8) {
    number(<u64>((value >> <u32>shift) & 255));
    if (shift > 0) text(".");
  }
}

/** A hardware address. */
export function hardware(value: u64): void {
  for (let shift = 40; shift >= 0; shift -= 8) {
    hexadecimal((value >> <u64>shift) & 255, 2);
    if (shift > 0) text(":");
  }
}

export function end(): void {
  write(13);
  write(10);
}
