/** Lines for people, written piece by piece; nothing is allocated, nothing is kept. */
import { write } from "./needs/console";

/** The low 8 bits of each character: texts of the standard library are ASCII. */
export function text(value: string): void {
  for (let n = 0; n < value.length; n++) write(<u32>value.charCodeAt(n) & 0xff);
}

export function character(code: u32): void {
  write(code);
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

/** An IPv6 address in two halves, as RFC 5952 has it written: the longest run of zeros is `::`. */
export function address6(high: u64, low: u64): void {
  let from = 8;
  let longest = 1;
  for (let n = 0; n < 8; n++) {
    let end = n;
    while (end < 8 && group(high, low, end) == 0) end += 1;
    if (end - n > longest) {
      from = n;
      longest = end - n;
    }
  }
  for (let n = 0; n < 8; n++) {
    if (n == from) {
      text("::");
      n += longest - 1;
      continue;
    }
    if (n > 0 && n != from + longest) text(":");
    const value = group(high, low, n);
    hexadecimal(<u64>value, value < 0x10 ? 1 : value < 0x100 ? 2 : value < 0x1000 ? 3 : 4);
  }
}

function group(high: u64, low: u64, n: i32): u32 {
  const half = n < 4 ? high : low;
  return <u32>(half >> <u64>(48 - 16 * (n & 3))) & 0xffff;
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
