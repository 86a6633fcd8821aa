/** Addresses, alone or with the length of a prefix or a port behind them. */
import { Bytes } from "../bytes";
import { Declared, Slot } from "./slot";

export namespace Behind {
  export const nothing: i32 = 0;
  /** `/24` */
  export const prefix: i32 = 1;
  /** The same, and what the prefix does not cover is zero. */
  export const network: i32 = 2;
  /** `:53`, with IPv6 in brackets, and `*` for every address. */
  export const port: i32 = 3;
}

@final
export class AddressSlot extends Slot {
  /** 4 or 6; 0 for `*`. */
  family: u32 = 0;
  /** The address; of IPv4 the lower half of `low`. */
  high: u64 = 0;
  low: u64 = 0;
  /** Of a prefix, in bits. */
  length: u32 = 0;
  port: u32 = 0;

  /** `only`: the family that it may be of; 0: both. */
  constructor(
    declared: Declared,
    private readonly only: u32,
    private readonly behind: i32,
  ) {
    super(declared);
  }

  /** IPv4. */
  get v4(): u32 {
    return <u32>this.low;
  }

  take(text: Bytes): bool {
    const end =
      this.behind == Behind.nothing ? text.length : lastOf(text, this.behind == Behind.port ? 58 : 47);
    if (end > text.length) return false;
    family = 0;
    if (this.behind == Behind.port) {
      if (!readHost(text, end) || !readNumber(text, end + 1, 65_535)) return false;
    } else {
      if (!readAddress(text, 0, end)) return false;
      if (this.behind != Behind.nothing && !readNumber(text, end + 1, family == 4 ? 32 : 128)) return false;
    }
    if (this.only != 0 && family != this.only) return false;
    if (this.behind == Behind.network && !isNetwork(number)) return false;
    this.family = family;
    this.high = high;
    this.low = low;
    if (this.behind == Behind.port) this.port = number;
    else this.length = number;
    return true;
  }
}

/** What was read last. */
let family: u32 = 0;
let high: u64 = 0;
let low: u64 = 0;
let number: u32 = 0;

/** Where the letter stands last; behind the end when it does not. */
function lastOf(text: Bytes, letter: u32): u32 {
  for (let at = text.length; at > 0; at--) if (text.u8(at - 1) == letter) return at - 1;
  return text.length + 1;
}

/** What stands before a port. */
function readHost(text: Bytes, end: u32): bool {
  high = 0;
  low = 0;
  if (end == 1 && text.u8(0) == 42) return true;
  if (end < 2 || text.u8(0) != 91) return readAddress(text, 0, end) && family == 4;
  return text.u8(end - 1) == 93 && readAddress(text, 1, end - 1) && family == 6;
}

/** A decimal number to the end, without needless zeros. */
function readNumber(text: Bytes, from: u32, most: u32): bool {
  const count = text.length - from;
  if (from >= text.length || count > 5 || (count > 1 && text.u8(from) == 48)) return false;
  number = 0;
  for (let at = from; at < text.length; at++) {
    const digit = text.u8(at) - 48;
    if (digit > 9) return false;
    number = number * 10 + digit;
  }
  return number <= most;
}

function isNetwork(length: u32): bool {
  if (family == 4) return length == 32 || low << (32 + length) == 0;
  if (length == 0) return high == 0 && low == 0;
  if (length <= 64) return low == 0 && (length == 64 || high << length == 0);
  return length == 128 || low << (length - 64) == 0;
}

function readAddress(text: Bytes, from: u32, to: u32): bool {
  for (let at = from; at < to; at++) if (text.u8(at) == 58) return readIpv6(text, from, to);
  family = 4;
  high = 0;
  return readIpv4(text, from, to);
}

/** RFC 6943 3.1.1: four decimal numbers and nothing else. Into `low`. */
function readIpv4(text: Bytes, from: u32, to: u32): bool {
  let at = from;
  low = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && (at >= to || text.u8(at++) != 46)) return false;
    const first = at;
    let value: u32 = 0;
    while (at < to && at - first < 3 && text.u8(at) - 48 <= 9) value = value * 10 + text.u8(at++) - 48;
    if (at == first || value > 255 || (at - first > 1 && text.u8(first) == 48)) return false;
    low = (low << 8) | <u64>value;
  }
  return at == to;
}

const groups = new StaticArray<u16>(8);

/** RFC 4291 2.2: groups of hexadecimal digits, one `::`, an IPv4 address at the end. */
function readIpv6(text: Bytes, from: u32, to: u32): bool {
  let count = 0;
  let gap = -1;
  let at = from;
  if (to - from < 2) return false;
  if (text.u8(at) == 58) {
    if (text.u8(at + 1) != 58) return false;
    at += 2;
    gap = 0;
  }
  while (at < to) {
    if (count == 8) return false;
    const first = at;
    let value: u32 = 0;
    while (at < to && at - first < 5 && hexadecimalOf(text.u8(at)) < 16)
      value = (value << 4) | hexadecimalOf(text.u8(at++));
    if (at < to && text.u8(at) == 46) {
      if (count > 6 || !readIpv4(text, first, to)) return false;
      groups[count++] = <u16>(low >> 16);
      groups[count++] = <u16>low;
      at = to;
      break;
    }
    if (at == first || at - first > 4) return false;
    groups[count++] = <u16>value;
    if (at == to) break;
    if (text.u8(at++) != 58 || at == to) return false;
    if (text.u8(at) == 58) {
      if (gap >= 0) return false;
      gap = count;
      at++;
    }
  }
  if (gap < 0 ? count != 8 : count > 7) return false;
  let value: u64 = 0;
  for (let n = 0; n < 8; n++) {
    const missing = 8 - count;
    const group: u64 = gap < 0 || n < gap ? groups[n] : n < gap + missing ? 0 : groups[n - missing];
    value = (value << 16) | group;
    if (n == 3) high = value;
  }
  low = value;
  family = 6;
  return true;
}

function hexadecimalOf(letter: u32): u32 {
  if (letter >= 48 && letter <= 57) return letter - 48;
  const small = letter | 32;
  return small >= 97 && small <= 102 ? small - 87 : 99;
}
