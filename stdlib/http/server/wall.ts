/** The time of day, if somebody knows it: an appliance without a clock must not send Date (RFC 9110 6.6.1). */
import { Bytes } from "../../core/bytes";
import { wall } from "../needs/wall";
import { LENGTH, writeDate } from "../response/date";
import { UNDATED } from "../response/resource";

const SECOND: u64 = 1_000_000_000;
const NEVER: u64 = u64.MAX_VALUE;

/** When the clock was asked last, and what it was then, both in nanoseconds. For a second after that the machine's own clock goes on from there. */
let asked: u64 = NEVER;
let said: u64 = 0;
let shown: i64 = UNDATED;
const text = new Bytes(new StaticArray<u8>(<i32>LENGTH), 0, LENGTH);

export function reset(): void {
  asked = NEVER;
}

/** Seconds since 1970; UNDATED when nobody knows. `now` in nanoseconds of the machine's clock. */
export function seconds(now: u64): i64 {
  if (asked == NEVER || now - asked >= SECOND) {
    asked = now;
    said = wall();
  }
  return said == 0 ? UNDATED : <i64>((said + (now - asked)) / SECOND);
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
