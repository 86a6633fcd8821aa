/**
 * Local APIC and I/O APICs (Intel SDM volume 3, chapter 10; 82093AA). An interrupt only wakes: boot code notes its vector, `taken` tells which,
 * and `acknowledge` ends them once the devices are served.
 */
import { cpuid, interrupts, load32, out8, rdmsr, store32, wrmsr } from "../../../common/drivers/x86/hw";

const APIC_BASE: u32 = 0x1b;
const ENABLED: u64 = 1 << 11;
const X2: u64 = 1 << 10;

namespace Local {
  export const id: u32 = 0x20;
  export const priority: u32 = 0x80;
  export const end: u32 = 0xb0;
  export const spurious: u32 = 0xf0;
  export const inService: u32 = 0x110;
  export const timer: u32 = 0x320;
  export const pin0: u32 = 0x350;
  export const pin1: u32 = 0x360;
  export const initialCount: u32 = 0x380;
  export const currentCount: u32 = 0x390;
  export const divide: u32 = 0x3e0;
}
const MASKED: u32 = 0x10000;
const DIVIDE_BY_1: u32 = 0xb;
const DEADLINE_MODE: u32 = 2 << 17;
const LEVEL: u32 = 1 << 15;
const TSC_DEADLINE: u32 = 0x6e0;
/** Software enable, and the vector that boot code answers without a trace. */
const SPURIOUS: u32 = 0x100 | 63;

const FIRST_VECTOR: u32 = 32;
const MOST_VECTORS: u32 = 31;
/** The second exists on QEMU's microvm with ACPI. */
const IO_APICS: u64 = 0xfec0_0000;
const IO_APIC_STEP: u64 = 0x1_0000;

/** Bit of the timer's vector in `taken`. */
export const TIMER: u64 = 1;

let local: u64 = 0;
let x2 = false;
let next: u32 = 1;
/** The timer compares with the time stamp counter instead of counting down. */
export let deadlineMode = false;

export function start(): void {
  const base = rdmsr(APIC_BASE);
  local = ((base << 12) >> 24) << 12; // bits 12 to 51
  x2 = (base & X2) != 0;
  next = 1;
  if ((base & ENABLED) == 0) wrmsr(APIC_BASE, base | ENABLED);
  // The two 8259 are there on PCs; nothing of theirs is wanted.
  out8(0x21, 0xff);
  out8(0xa1, 0xff);
  write(Local.spurious, SPURIOUS);
  write(Local.priority, 0);
  write(Local.pin0, MASKED);
  write(Local.pin1, MASKED);
  // A warm restart may have come between an interrupt and its end.
  for (let n = 0; n < 32 && read(Local.inService) != 0; n++) write(Local.end, 0);
  interrupts();
  deadlineMode = (cpuid(1, 0, 2) & (1 << 24)) != 0;
  write(Local.divide, DIVIDE_BY_1);
  write(Local.timer, deadlineMode ? FIRST_VECTOR | DEADLINE_MODE : FIRST_VECTOR);
}

function read(register: u32): u32 {
  return x2 ? <u32>rdmsr(0x800 + (register >> 4)) : load32(local + <u64>register);
}

function write(register: u32, value: u32): void {
  if (x2) wrmsr(0x800 + (register >> 4), <u64>value);
  else store32(local + <u64>register, value);
}

/** This processor's number, as interrupts are addressed. */
function id(): u32 {
  return x2 ? <u32>rdmsr(0x802) : read(Local.id) >> 24;
}

/** A vector for a device: its bit in `taken`. 0, which is the timer's, when there is no further one. */
export function vector(): u32 {
  return next < MOST_VECTORS ? next++ : 0;
}

/** Leads a line of the I/O APICs (global system interrupt) to a vector, level-triggered. False when no I/O APIC has that line. */
export function route(line: u32, bit: u32): bool {
  let pin = line;
  for (let base = IO_APICS; base <= IO_APICS + IO_APIC_STEP; base += IO_APIC_STEP) {
    store32(base, 1);
    const version = load32(base + 0x10);
    if (version == 0 || version == 0xffffffff) return false;
    const pins = ((version >> 16) & 0xff) + 1;
    if (pin < pins) {
      store32(base, 0x11 + 2 * pin);
      store32(base + 0x10, id() << 24);
      store32(base, 0x10 + 2 * pin);
      store32(base + 0x10, (FIRST_VECTOR + bit) | LEVEL);
      return true;
    }
    pin -= pins;
  }
  return false;
}

export function hasSecondIoApic(): bool {
  store32(IO_APICS + IO_APIC_STEP, 1);
  const version = load32(IO_APICS + IO_APIC_STEP + 0x10);
  return version != 0 && version != 0xffffffff;
}

/** What a device writes where for an interrupt by message: MSI, MSI-X. */
export function messageAddress(): u32 {
  return 0xfee0_0000 | (id() << 12);
}
export function messageData(bit: u32): u32 {
  return FIRST_VECTOR + bit;
}

/** Interrupts since the last call: bit n is that of `vector`. */
export function taken(): u64 {
  return interrupts();
}

/** After the devices behind these bits were told. */
export function acknowledge(bits: u64): void {
  for (let left = bits; left != 0; left &= left - 1) write(Local.end, 0);
}

/** One interrupt when the time stamp counter reaches `tsc`; only in `deadlineMode`. */
export function wakeAt(tsc: u64): void {
  wrmsr(TSC_DEADLINE, tsc);
}

/** One interrupt after `ticks` of `timerHertz`; not in `deadlineMode`. */
export function wakeAfter(ticks: u32): void {
  write(Local.initialCount, max<u32>(ticks, 1));
}

/** Ticks of the local APIC's timer left of what `wakeAfter` set. */
export function ticksLeft(): u32 {
  return read(Local.currentCount);
}

/** Counts down from the top without an interrupt, for measuring. */
export function countSilently(): void {
  write(Local.timer, FIRST_VECTOR | MASKED);
  write(Local.initialCount, 0xffffffff);
}

/** Back to waking, after `countSilently`. */
export function countAloud(): void {
  write(Local.initialCount, 0);
  write(Local.timer, deadlineMode ? FIRST_VECTOR | DEADLINE_MODE : FIRST_VECTOR);
}

/** Ticks a second of the local APIC's timer: what the hypervisor says, else the 1 GHz of QEMU and KVM; on a bare machine the crystal's. */
export function timerHertz(): u64 {
  if ((cpuid(1, 0, 2) & (1 << 31)) != 0) {
    const most = cpuid(0x4000_0000, 0, 0);
    const kilohertz: u64 = most >= 0x4000_0010 && most < 0x4001_0000 ? <u64>cpuid(0x4000_0010, 0, 1) : 0;
    return kilohertz != 0 ? kilohertz * 1000 : 1_000_000_000;
  }
  const crystal: u64 = cpuid(0, 0, 0) >= 0x15 ? <u64>cpuid(0x15, 0, 2) : 0;
  return crystal != 0 ? crystal : 1_000_000_000;
}
