/** The time of day: KVM's wall clock, else the clock chip (MC146818). */
import { believable } from "../../../../stdlib/core/wall";
import { fence, in8, load32, out8, wrmsr } from "../../../common/drivers/x86/hw";
import { now, roomForWall } from "./needs/clock";

const SECOND: u64 = 1_000_000_000;
const DAY: u64 = 86_400;
/** The chip is slow to ask and counts whole seconds, the processor's counter drifts: it is asked once in an hour. */
const ASKED: u64 = 3600 * SECOND;

const KVM_WALL_CLOCK: u32 = 0x4b56_4d00;

/** When the chip was asked last, and what it said; `u64.MAX_VALUE` when it was not. */
let askedAt: u64 = u64.MAX_VALUE;
let said: u64 = 0;

export function start(): void {
  askedAt = u64.MAX_VALUE;
}

/** Nanoseconds since 1970, as the host or the clock chip has it; 0 when neither is there, or never was set. */
export function wall(): u64 {
  const time = now();
  const room = roomForWall();
  if (room != 0) return believable(kvmWall(room) + time);
  if (askedAt == u64.MAX_VALUE || time - askedAt >= ASKED) {
    askedAt = time;
    said = believable(chipTime() * SECOND);
  }
  return said == 0 ? 0 : said + (time - askedAt);
}

/** When it was 0 on the machine's clock (Linux, Documentation/virt/kvm/x86/msr.rst). */
function kvmWall(room: u64): u64 {
  wrmsr(KVM_WALL_CLOCK, room);
  fence();
  return <u64>load32(room + 4) * SECOND + <u64>load32(room + 8);
}

// ---- the chip

namespace Chip {
  export const seconds: u32 = 0;
  export const minutes: u32 = 2;
  export const hours: u32 = 4;
  export const day: u32 = 7;
  export const month: u32 = 8;
  export const year: u32 = 9;
  export const updating: u32 = 10;
  export const mode: u32 = 11;
  export const state: u32 = 13;
}
/** Bits of `mode`: numbers are binary, hours go to 23. */
const BINARY: u32 = 4;
const WHOLE_DAY: u32 = 2;
/** What a place without a chip shows. */
const NOTHING: u32 = 0xff;

function chip(register: u32): u32 {
  out8(0x70, register);
  return in8(0x71);
}

/** Seconds since 1970, read twice alike and not while the chip counts on; 0 when there is no chip, or it says what is no time. */
function chipTime(): u64 {
  if (chip(Chip.state) == NOTHING) return 0;
  let time: u64 = 0;
  for (let tries = 0; tries < 10; tries++) {
    for (let left = 10_000; (chip(Chip.updating) & 0x80) != 0 && left > 0; ) left--;
    const again = readChip();
    if (again == time) return time;
    time = again;
  }
  return 0;
}

/** In decimal digits or binary, with or without morning and afternoon; two digits of the year. */
function readChip(): u64 {
  const mode = chip(Chip.mode);
  const hours = chip(Chip.hours);
  let hour = digits(hours & 0x7f, mode);
  if ((mode & WHOLE_DAY) == 0) hour = (hour % 12) + ((hours & 0x80) != 0 ? 12 : 0);
  const month = digits(chip(Chip.month), mode);
  const day = digits(chip(Chip.day), mode);
  const minute = digits(chip(Chip.minutes), mode);
  const second = digits(chip(Chip.seconds), mode);
  if (month - 1 > 11 || day - 1 > 30 || hour > 23 || minute > 59 || second > 59) return 0;
  const days = daysTo(digits(chip(Chip.year), mode) + 2000, month, day);
  return days * DAY + <u64>(hour * 3600 + minute * 60 + second);
}

function digits(value: u32, mode: u32): u32 {
  return (mode & BINARY) != 0 ? value : (value >> 4) * 10 + (value & 15);
}

/** Days from 1970-01-01, Gregorian calendar, years counted from March. */
function daysTo(year: u32, month: u32, day: u32): u64 {
  const y = month > 2 ? year : year - 1;
  const m = month > 2 ? month - 3 : month + 9;
  return <u64>(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1) - 719_468;
}
