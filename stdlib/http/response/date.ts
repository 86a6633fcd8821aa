/** HTTP's dates: RFC 9110 5.6.7. */
import { Bytes } from "../../core/bytes";
import { isDigit, sameText } from "../request/characters";
import { UNDATED } from "./resource";

const DAY: i64 = 86400;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const DAYS = "ThuFriSatSunMonTueWed";
/** Bytes of `Sun, 06 Nov 1994 08:49:37 GMT`. */
export const LENGTH: u32 = 29;

/** Days since 1970 of a date of the Gregorian calendar (proleptic); months from 1. */
function days(year: i64, month: i64, day: i64): i64 {
  // Years begin in March: then the day that comes and goes is the last.
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/** Seconds since 1970 of a date in one of the three forms; UNDATED of anything else. `now` says what century two digits are of. */
export function readDate(bytes: Bytes, at: u32, length: u32, now: i64): i64 {
  if (length == LENGTH && bytes.u8(at + 3) == 44) {
    if (!sameText(bytes, at + 25, 4, " GMT")) return UNDATED;
    const year = digits(bytes, at + 12, 4);
    return together(bytes, year, at + 8, digits(bytes, at + 5, 2), at + 17);
  }
  // asctime: `Sun Nov  6 08:49:37 1994`
  if (length == 24 && bytes.u8(at + 3) == 32) {
    const day = bytes.u8(at + 8) == 32 ? digits(bytes, at + 9, 1) : digits(bytes, at + 8, 2);
    return together(bytes, digits(bytes, at + 20, 4), at + 4, day, at + 11);
  }
  return readOld(bytes, at, length, now);
}

/** RFC 850: `Sunday, 06-Nov-94 08:49:37 GMT` */
function readOld(bytes: Bytes, at: u32, length: u32, now: i64): i64 {
  let comma: u32 = 0;
  while (comma < length && bytes.u8(at + comma) != 44) comma += 1;
  const from = at + comma + 2;
  if (comma < 6 || length != comma + 24 || !sameText(bytes, from + 18, 4, " GMT")) return UNDATED;
  if (bytes.u8(from + 2) != 45 || bytes.u8(from + 6) != 45) return UNDATED;
  const short = digits(bytes, from + 7, 2);
  if (short < 0) return UNDATED;
  const day = digits(bytes, from, 2);
  const recent = together(bytes, 2000 + short, from + 3, day, from + 10);
  // What seems to be more than 50 years ahead is of the century before.
  const isAhead = recent != UNDATED && recent - now > 50 * 365 * DAY;
  return isAhead ? together(bytes, 1900 + short, from + 3, day, from + 10) : recent;
}

/** With the name of a month and `08:49:37` at these places. */
function together(bytes: Bytes, year: i64, month: u32, day: i64, time: u32): i64 {
  const number = monthAt(bytes, month);
  const hour = digits(bytes, time, 2);
  const minute = digits(bytes, time + 3, 2);
  const second = digits(bytes, time + 6, 2);
  if (bytes.u8(time + 2) != 58 || bytes.u8(time + 5) != 58) return UNDATED;
  if (year < 0 || number == 0 || day < 1 || day > 31) return UNDATED;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return UNDATED;
  return days(year, number, day) * DAY + hour * 3600 + minute * 60 + second;
}

function monthAt(bytes: Bytes, at: u32): i64 {
  for (let month: u32 = 0; month < 12; month++) {
    let n: u32 = 0;
    while (n < 3 && bytes.u8(at + n) == <u32>MONTHS.charCodeAt(<i32>(month * 3 + n))) n += 1;
    if (n == 3) return <i64>month + 1;
  }
  return 0;
}

/** -1 if they are none. */
function digits(bytes: Bytes, at: u32, count: u32): i64 {
  let value: i64 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const c = bytes.u8(at + n);
    if (!isDigit(c)) return -1;
    value = value * 10 + <i64>(c - 48);
  }
  return value;
}

/** Writes the date of `seconds` since 1970, LENGTH bytes: `Sun, 06 Nov 1994 08:49:37 GMT`. For years 1970 to 9999. */
export function writeDate(to: Bytes, at: u32, seconds: i64): void {
  const day = seconds / DAY;
  const rest = <u32>(seconds - day * DAY);
  const shifted = day + 719468;
  const era = shifted / 146097;
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shiftedMonth = (5 * dayOfYear + 2) / 153;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  letters(to, at, DAYS, <u32>(day % 7));
  to.setU8(at + 3, 44);
  to.setU8(at + 4, 32);
  pair(to, at + 5, <u32>(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1), 32);
  letters(to, at + 8, MONTHS, <u32>month - 1);
  to.setU8(at + 11, 32);
  pair(to, at + 12, <u32>(year / 100), 0);
  pair(to, at + 14, <u32>(year % 100), 32);
  pair(to, at + 17, rest / 3600, 58);
  pair(to, at + 20, (rest / 60) % 60, 58);
  pair(to, at + 23, rest % 60, 32);
  to.setU8(at + 26, 71);
  to.setU8(at + 27, 77);
  to.setU8(at + 28, 84);
}

/** The three letters of name `number`. */
function letters(to: Bytes, at: u32, names: string, number: u32): void {
  for (let n: u32 = 0; n < 3; n++) to.setU8(at + n, <u32>names.charCodeAt(<i32>(number * 3 + n)));
}

/** Two digits and what stands behind them, unless that is 0. */
function pair(to: Bytes, at: u32, value: u32, behind: u32): void {
  to.setU8(at, 48 + value / 10);
  to.setU8(at + 1, 48 + (value % 10));
  if (behind != 0) to.setU8(at + 2, behind);
}
