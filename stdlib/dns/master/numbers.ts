import { isDigit } from "../zone/name";

export const NOT_A_NUMBER: i64 = -1;
export const OUT_OF_RANGE: i64 = -2;

/** Largest TTL and time. RFC 2181 8. */
export const LONGEST: i64 = 2147483647;

/** A decimal number of at most `limit`, or one of the two faults. */
export function number(text: StaticArray<u8>, from: i32, to: i32, limit: i64): i64 {
  if (from >= to) return NOT_A_NUMBER;
  let value: i64 = 0;
  let large = false;
  for (let i = from; i < to; i++) {
    if (!isDigit(<i32>text[i])) return NOT_A_NUMBER;
    value = value * 10 + <i64>text[i] - 48;
    if (value > limit) {
      large = true;
      value = limit;
    }
  }
  return large ? OUT_OF_RANGE : value;
}

/** Seconds, plain or with units as BIND writes them: `1h30m`, `2w`, `90`. */
export function seconds(text: StaticArray<u8>, from: i32, to: i32): i64 {
  if (from >= to || !isDigit(<i32>text[from])) return NOT_A_NUMBER;
  let total: i64 = 0;
  let large = false;
  let i = from;
  while (i < to) {
    const begin = i;
    while (i < to && isDigit(<i32>text[i])) i++;
    if (i == begin) return NOT_A_NUMBER;
    let value = number(text, begin, i, LONGEST);
    if (value == OUT_OF_RANGE) {
      large = true;
      value = 0;
    }
    if (i < to) {
      const factor = unit(<i32>text[i++] | 32);
      if (factor == 0) return NOT_A_NUMBER;
      value *= factor;
    }
    total += value;
    if (total > LONGEST) {
      large = true;
      total = 0;
    }
  }
  return large ? OUT_OF_RANGE : total;
}

function unit(c: i32): i64 {
  if (c == 0x73) return 1; // s
  if (c == 0x6d) return 60; // m
  if (c == 0x68) return 3600; // h
  if (c == 0x64) return 86400; // d
  if (c == 0x77) return 604800; // w
  return 0;
}
