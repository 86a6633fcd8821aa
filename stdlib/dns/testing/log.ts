/** core.Log of tests: what was said is kept until it is taken. */
import { Bytes } from "../../core/bytes";

const MOST: u32 = 65536;
const said = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
let size: u32 = 0;

export function at(_level: i32): bool {
  return true;
}
export function text(value: string): void {
  for (let n = 0; n < value.length; n++) character(<u32>value.charCodeAt(n));
}
export function character(code: u32): void {
  if (size < MOST) said.setU8(size++, code);
}
export function number(value: u64): void {
  let unit: u64 = 1;
  while (value / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) character(48 + <u32>((value / unit) % 10));
}
export function address(value: u32): void {
  for (let shift = 24; shift >= 0; shift -= 8) {
    number(<u64>((value >> <u32>shift) & 255));
    if (shift > 0) text(".");
  }
}
export function address6(high: u64, low: u64): void {
  number(high);
  text(":");
  number(low);
}
export function end(): void {
  text("\n");
}

export function textAt(): usize {
  return said.pointer(0, 1);
}
export function taken(): u32 {
  const count = size;
  size = 0;
  return count;
}
