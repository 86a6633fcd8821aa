import { Growing } from "../zone/growing";
import { isDigit } from "../zone/name";

/** The value of a hexadecimal digit, or -1. */
function hexDigit(c: i32): i32 {
  if (isDigit(c)) return c - 48;
  const letter = c | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

export function hexadecimal(digits: Growing, out: Growing): bool {
  if (digits.length % 2 != 0) return false;
  for (let i = 0; i < digits.length; i += 2) {
    const high = hexDigit(<i32>digits.bytes[i]);
    const low = hexDigit(<i32>digits.bytes[i + 1]);
    if (high < 0 || low < 0) return false;
    out.u8(high * 16 + low);
  }
  return true;
}

/** RFC 4648 4, padding required. */
export function base64(digits: Growing, out: Growing): bool {
  const count = digits.length;
  if (count % 4 != 0) return false;
  let padding = 0;
  while (padding < 2 && padding < count && digits.bytes[count - 1 - padding] == 0x3d) padding++;
  for (let i = 0; i < count; i += 4) {
    let group: u32 = 0;
    const last = i + 4 == count;
    for (let k = 0; k < 4; k++) {
      let value = 0;
      if (!last || k < 4 - padding) {
        value = base64Digit(<i32>digits.bytes[i + k]);
        if (value < 0) return false;
      }
      group = (group << 6) | <u32>value;
    }
    out.u8(<i32>(group >> 16));
    if (!last || padding < 2) out.u8(<i32>(group >> 8) & 255);
    if (!last || padding < 1) out.u8(<i32>group & 255);
  }
  return true;
}

function base64Digit(c: i32): i32 {
  if (c >= 65 && c <= 90) return c - 65;
  if (c >= 97 && c <= 122) return c - 71;
  if (isDigit(c)) return c + 4;
  if (c == 0x2b) return 62;
  return c == 0x2f ? 63 : -1;
}

/** Four decimal numbers of 0 to 255. */
export function ip4(text: StaticArray<u8>, from: i32, to: i32, out: Growing): bool {
  const before = out.length;
  let i = from;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && (i >= to || text[i++] != 0x2e)) return fail(out, before);
    const begin = i;
    let value = 0;
    while (i < to && i < begin + 3 && isDigit(<i32>text[i])) value = value * 10 + <i32>text[i++] - 48;
    if (i == begin || value > 255) return fail(out, before);
    out.u8(value);
  }
  return i == to || fail(out, before);
}

/** RFC 4291 2.2: groups of hexadecimal, `::` once, an IPv4 address at the end. */
export function ip6(text: StaticArray<u8>, from: i32, to: i32, out: Growing): bool {
  const groups = new Growing(24);
  let gap = -1;
  let i = from;
  if (i + 1 < to && text[i] == 0x3a && text[i + 1] == 0x3a) {
    gap = 0;
    i += 2;
  }
  while (i < to) {
    if (groups.length >= 16) return false;
    let end = i;
    let value = 0;
    while (end < to && end < i + 4 && hexDigit(<i32>text[end]) >= 0)
      value = value * 16 + hexDigit(<i32>text[end++]);
    if (end == i) return false;
    if (end < to && text[end] == 0x2e) {
      if (groups.length > 12 || !ip4(text, i, to, groups)) return false;
      break;
    }
    groups.be16(value);
    i = end;
    if (i == to) break;
    if (text[i++] != 0x3a || i == to) return false;
    if (text[i] == 0x3a) {
      if (gap >= 0) return false;
      gap = groups.length;
      i++;
    }
  }
  if (gap < 0 ? groups.length != 16 : groups.length > 14) return false;
  const head = gap < 0 ? 16 : gap;
  out.append(groups.bytes, 0, head);
  for (let k = groups.length; k < 16; k++) out.u8(0);
  out.append(groups.bytes, head, groups.length - head);
  return true;
}

/** Pairs of hexadecimal digits with hyphens between. RFC 7043. */
export function eui(text: StaticArray<u8>, from: i32, to: i32, size: i32, out: Growing): bool {
  if (to - from != size * 3 - 1) return false;
  const before = out.length;
  for (let i = from; i < to; i += 3) {
    const high = hexDigit(<i32>text[i]);
    const low = hexDigit(<i32>text[i + 1]);
    if (high < 0 || low < 0 || (i + 2 < to && text[i + 2] != 0x2d)) return fail(out, before);
    out.u8(high * 16 + low);
  }
  return true;
}

/** `0014:4fff:ff20:ee64`. RFC 6742 2.1.2. */
export function locators(text: StaticArray<u8>, from: i32, to: i32, out: Growing): bool {
  const before = out.length;
  let i = from;
  for (let group = 0; group < 4; group++) {
    if (group > 0 && (i >= to || text[i++] != 0x3a)) return fail(out, before);
    const begin = i;
    let value = 0;
    while (i < to && i < begin + 4 && hexDigit(<i32>text[i]) >= 0)
      value = value * 16 + hexDigit(<i32>text[i++]);
    if (i == begin) return fail(out, before);
    out.be16(value);
  }
  return i == to || fail(out, before);
}

function fail(out: Growing, length: i32): bool {
  out.length = length;
  return false;
}
