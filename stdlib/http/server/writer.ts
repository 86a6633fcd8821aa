/** Puts a head together at run time, in one place for all connections: it is sent or kept before the next is begun. */

import { Bytes } from "../../core/bytes";
import { isSmall } from "../../core/machine";

const MOST: u32 = isSmall ? 8192 : 16384;
export const written = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
/** Bytes that are there. */
export let length: u32 = 0;
/** There was not enough room. */
export let isFull: bool = false;

export function begin(): void {
  length = 0;
  isFull = false;
}

function hasRoom(count: u32): bool {
  if (MOST - length < count) isFull = true;
  return !isFull;
}

export function put(bytes: Bytes, at: u32, count: u32): void {
  if (!hasRoom(count)) return;
  written.copy(length, bytes, at, count);
  length += count;
}

/** ASCII. */
export function text(value: string): void {
  const count = <u32>value.length;
  if (!hasRoom(count)) return;
  for (let n: u32 = 0; n < count; n++) written.setU8(length + n, <u32>value.charCodeAt(<i32>n));
  length += count;
}

export function number(value: u32): void {
  let unit: u32 = 1;
  while (value / unit >= 10) unit *= 10;
  while (unit > 0) {
    if (hasRoom(1)) {
      written.setU8(length, 48 + ((value / unit) % 10));
      length += 1;
    }
    unit /= 10;
  }
}
