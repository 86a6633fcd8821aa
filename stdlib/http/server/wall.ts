/** The time of day, once somebody knows it: an appliance without a clock must not send Date (RFC 9110 6.6.1). */
import { Bytes } from "../../core/bytes";
import { LENGTH, writeDate } from "../response/date";
import { UNDATED } from "../response/resource";

/** Seconds since 1970 when the machine's clock showed 0. */
let zero: i64 = UNDATED;
let shown: i64 = UNDATED;
const text = new Bytes(new StaticArray<u8>(<i32>LENGTH), 0, LENGTH);

/** It is `seconds` since 1970 at `now`, in nanoseconds of the machine's clock. */
export function set(seconds: i64, now: u64): void {
  zero = seconds - <i64>(now / 1_000_000_000);
}

export function forget(): void {
  zero = UNDATED;
}

/** Seconds since 1970; UNDATED when nobody knows. */
export function seconds(now: u64): i64 {
  return zero == UNDATED ? UNDATED : zero + <i64>(now / 1_000_000_000);
}

/** The date as a field has it; null when nobody knows. */
export function date(now: u64): Bytes | null {
  const time = seconds(now);
  if (time == UNDATED) return null;
  if (time != shown) {
    writeDate(text, 0, time);
    shown = time;
  }
  return text;
}
