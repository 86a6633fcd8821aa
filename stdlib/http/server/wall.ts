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
const line = blankLine();
/** Bytes of `Date: `. */
const NAME: u32 = 6;

function blankLine(): Bytes {
  const text = `Date: ${" ".repeat(<i32>LENGTH)}\r\n`;
  const size = <u32>text.length;
  const bytes = new Bytes(new StaticArray<u8>(<i32>size), 0, size);
  for (let n: u32 = 0; n < size; n++) bytes.setU8(n, <u32>text.charCodeAt(<i32>n));
  return bytes;
}

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

/** The whole line of the field; null when nobody knows the time. */
export function dateLine(now: u64): Bytes | null {
  const time = seconds(now);
  if (time == UNDATED) return null;
  if (time != shown) {
    writeDate(line, NAME, time);
    shown = time;
  }
  return line;
}
