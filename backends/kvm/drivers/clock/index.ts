/**
 * Time since the machine was switched on, from the time stamp counter. How fast that counts: KVM's clock page says it, else CPUID, else it is
 * measured against the local APIC's timer.
 */

import { mul64hi } from "../../../common/drivers/math";
import { Machine } from "../../../common/drivers/x86/boot-record";
import { boot, cpuid, physical, rdtsc, wrmsr } from "../../../common/drivers/x86/hw";
import { pvHertz, pvTime } from "../../../common/drivers/x86/pvclock";
import { countAloud, countSilently, ticksLeft, timerHertz } from "./needs/interrupts";

const SECOND: u64 = 1_000_000_000;
/** Counts and nanoseconds are multiplied with 60 bits behind the point, after a shift by 4: good for 2^60 of either, 13 years. */
const FRACTION: u64 = 60;
/** How long the counter is measured, in ticks of the APIC's timer: 1 ms at 1 GHz. */
const MEASURED: u32 = 1_000_000;

const KVM_FEATURES: u32 = 0x4000_0001;
const KVM_CLOCK: u32 = 1 << 3;
const WALL: u64 = 32;
const KVM_SYSTEM_TIME: u32 = 0x4b56_4d01;

/** Of it 64 bytes from a multiple of 64 on, so within one page: KVM's clock page (Linux, Documentation/virt/kvm/x86/msr.rst), and from `WALL` on room for its wall clock. */
const memory = new StaticArray<u8>(128);
let page: u64 = 0;
let begin: u64 = 0;
/** Nanoseconds for a tick and ticks for a nanosecond, FRACTION bits behind the point. */
let nanoseconds: u64 = 0;
let ticks: u64 = 0;

export function start(): void {
  begin = boot(Machine.entered);
  page = hasKvmClock() ? physical((changetype<usize>(memory) + 63) & ~63) : 0;
  if (page != 0) wrmsr(KVM_SYSTEM_TIME, page | 1);
  const hertz = page != 0 ? pvHertz(page) : hertzOfProcessor();
  nanoseconds = quotient(SECOND, hertz);
  ticks = quotient(hertz, SECOND);
}

/** Nanoseconds since the machine started; never goes back, also not over a warm restart. */
export function now(): u64 {
  return page != 0 ? pvTime(page) : mul64hi((rdtsc() - begin) << 4, nanoseconds);
}

/** The time stamp counter at `time`. */
export function counterAt(time: u64): u64 {
  return rdtsc() + mul64hi((time - min(time, now())) << 4, ticks);
}

/** a / b with FRACTION bits behind the point; a < 16 b. */
function quotient(a: u64, b: u64): u64 {
  let result = a / b;
  let rest = a % b;
  for (let n: u64 = 0; n < FRACTION; n++) {
    rest <<= 1;
    result <<= 1;
    if (rest >= b) {
      rest -= b;
      result |= 1;
    }
  }
  return result;
}

// ---- KVM's clock

/** Where KVM may write 16 bytes about its wall clock; 0 when its clock is not there. */
export function roomForWall(): u64 {
  return page != 0 ? page + WALL : 0;
}

function hasKvmClock(): bool {
  if ((cpuid(1, 0, 2) & (1 << 31)) == 0) return false;
  // "KVMKVMKVM"
  if (cpuid(0x4000_0000, 0, 1) != 0x4b4d_564b || cpuid(0x4000_0000, 0, 2) != 0x564b_4d56) return false;
  return (cpuid(KVM_FEATURES, 0, 0) & KVM_CLOCK) != 0;
}

// ---- the processor's own

function hertzOfProcessor(): u64 {
  if ((cpuid(1, 0, 2) & (1 << 31)) != 0) {
    const most = cpuid(0x4000_0000, 0, 0);
    const kilohertz: u64 = most >= 0x4000_0010 && most < 0x4001_0000 ? <u64>cpuid(0x4000_0010, 0, 0) : 0;
    if (kilohertz != 0) return kilohertz * 1000;
  }
  if (cpuid(0, 0, 0) >= 0x15) {
    const divisor: u64 = <u64>cpuid(0x15, 0, 0);
    const crystal: u64 = <u64>cpuid(0x15, 0, 2);
    if (divisor != 0 && crystal != 0) return (crystal * <u64>cpuid(0x15, 0, 1)) / divisor;
  }
  return measure();
}

/** How many pairs of readings one sample is chosen from. */
const PAIRS = 8;
/** The sample: both counters at the same moment, as nearly as can be. */
let counter: u64 = 0;
let timer: u32 = 0;

/** The host may stop this processor between two readings: the pair that was taken fastest counts. */
function sample(): void {
  let fastest = u64.MAX_VALUE;
  for (let n = 0; n < PAIRS; n++) {
    const before = rdtsc();
    const left = ticksLeft();
    const took = rdtsc() - before;
    if (took >= fastest) continue;
    fastest = took;
    counter = before + took / 2;
    timer = left;
  }
}

function measure(): u64 {
  countSilently();
  sample();
  const first = timer;
  const before = counter;
  while (first - ticksLeft() < MEASURED) {}
  sample();
  countAloud();
  return ((counter - before) * timerHertz()) / <u64>(first - timer);
}
