/** The clock that hypervisors give: how time goes on with the time stamp counter. Xen, include/public/xen.h: struct vcpu_time_info; KVM has the same. */
import { mul64hi } from "../math";
import { load32, load64, rdtsc } from "./hw";

const SECOND: u64 = 1_000_000_000;

/** Nanoseconds now. The page is being written while its version is odd. */
export function pvTime(page: u64): u64 {
  while (true) {
    const version = load32(page);
    const time = load64(page + 16) + pvSpan(page, rdtsc() - load64(page + 8));
    if ((version & 1) == 0 && load32(page) == version) return time;
  }
}

/** Nanoseconds for so many ticks of the time stamp counter. */
export function pvSpan(page: u64, ticks: u64): u64 {
  const shift = <i32>(<i8>load32(page + 28));
  const scaled = shift < 0 ? ticks >> <u64>-shift : ticks << (<u64>shift);
  return mul64hi(scaled, (<u64>load32(page + 24)) << 32);
}

/** Ticks of the time stamp counter a second. */
export function pvHertz(page: u64): u64 {
  const shift = <i32>(<i8>load32(page + 28));
  const scaled = (SECOND << 32) / <u64>load32(page + 24);
  return shift < 0 ? scaled << (<u64>-shift) : scaled >> <u64>shift;
}
