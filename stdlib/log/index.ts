/**
 * Lines for people, written piece by piece to the console; nothing is allocated, nothing is kept but for whoever else listens. A module says what it has to
 * say behind `if (log.at(Level.warning))`, where `at` is generated for it (`compiler/assemble/log.ts`) and knows how much it may say: what it may not is no
 * code of the image.
 */
import { Bytes } from "../core/bytes";
import * as identity from "../core/identity";
import * as lines from "./lines/index";
import { write } from "./needs/console";
import { banner, kept } from "./parts";

const room = new Bytes(new StaticArray<u8>(64), 0, 64);

export function start(): void {
  if (!banner) return;
  begin(5, "log");
  identify();
  end();
}

/** Which appliance this is, and of what image: `ns1 sha256:3b1f…`. */
export function identify(): void {
  bytes(room, 0, identity.name(room));
  text(" sha256:");
  identity.digest(room, 0);
  bytes(room, 0, 64);
}

/** The line is not for the console. */
let isAside: bool = false;

/** A line begins, of a severity of RFC 5424 and by a module. Others say `at`. */
export function begin(level: u32, name: string): void {
  if (kept) lines.begin(level, name);
}

/** The same, for whoever takes lines elsewhere alone. */
export function beginAside(level: u32, name: string): void {
  if (kept) isAside = true;
  begin(level, name);
}

export function character(code: u32): void {
  if (!kept || !isAside) write(code);
  if (kept) lines.put(code);
}

/** The low 8 bits of each character: texts of the standard library are ASCII. */
export function text(value: string): void {
  for (let n = 0; n < value.length; n++) character(<u32>value.charCodeAt(n) & 0xff);
}

/** Only what a console shows as one character: everything else, and what could be taken for the end of a line or a quote, is `?`. */
export function bytes(from: Bytes, at: u32, count: u32): void {
  for (let n = at; n < at + count; n++) {
    const code = from.u8(n);
    character(code >= 32 && code < 127 ? code : 63);
  }
}

export function number(value: u64): void {
  let unit: u64 = 1;
  while (value / unit >= 10) unit *= 10;
  while (unit > 0) {
    character(48 + <u32>((value / unit) % 10));
    unit /= 10;
  }
}

/** `digits` hexadecimal digits. */
export function hexadecimal(value: u64, digits: i32): void {
  for (let n = digits - 1; n >= 0; n--) {
    const digit = <u32>(value >> <u64>(4 * n)) & 15;
    character(digit < 10 ? 48 + digit : 87 + digit);
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
  if (!kept || !isAside) {
    write(13);
    write(10);
  }
  if (!kept) return;
  lines.finish();
  isAside = false;
}
