/** Time since the guest was started, from the hypervisor's clock. */
import { Machine } from "../../../common/drivers/x86/boot-record";
import { boot, rdtsc } from "../hw";
import { span, systemTime } from "./needs/events";

let begin: u64 = 0;

export function start(): void {
  begin = systemTime() - span(rdtsc() - boot(Machine.entered));
}

/** Nanoseconds since the guest was started; never goes back. */
export function now(): u64 {
  return systemTime() - begin;
}

/** `time` as the hypervisor counts; 0 for what is never reached. */
export function systemTimeOf(time: u64): u64 {
  return time > u64.MAX_VALUE / 2 ? 0 : time + begin;
}
