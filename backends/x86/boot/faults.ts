/**
 * Exceptions. A page fault in linear memory is answered with the page; everything else that compiled code does wrong is a trap, and a trap is a
 * warm restart. A fault anywhere else, or restarts without an end, stop the machine.
 */
import { Assembler, regs, type Section, symbols } from "#codegen";
import {
  DEVICE_VECTORS,
  RESTART_LIMIT,
  SECOND_OF_LIFE,
  TRAP_REQUEST,
  TRAP_VECTOR,
  WINDOW,
  WINDOW_SIZE,
} from "./layout.ts";
import { field } from "./parse.ts";

const { rax, rcx, rdx, rsp, rsi, rdi, r8, r9, r10, r11 } = regs;

/** What a processor reports, and whether it pushes an error code: Intel SDM volume 3, table 6-1. Others appear as 11, their gate being absent. */
export const faults: readonly (readonly [vector: number, hasError: boolean])[] = [
  [0, false],
  [2, false],
  [6, false],
  [8, true],
  [11, true],
  [12, true],
  [13, true],
  [14, true],
];
const DIVIDE = 0;
const INVALID = 6;
const PAGE_FAULT = 14;
const trapCode = { memory: 1, divide: 2, stack: 7 } as const;

const saved = [rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11] as const;
/** What lies on the fault's stack, from rsp. */
const frame = { vector: 8 * saved.length, error: 8 * saved.length + 8, rip: 8 * saved.length + 16 } as const;

/** `boot.fault_N` for each vector of `faults`. */
export function faultEntries(): Section {
  const a = new Assembler();
  const common = a.label();
  for (const [vector, hasError] of faults) {
    a.symbol(`boot.fault_${vector}`);
    if (!hasError) a.pushImm(0);
    a.pushImm(vector);
    a.jump(common);
  }
  a.bind(common);
  for (const reg of saved) a.push(reg);
  a.readControl(rdi, 2);
  a.mov(8, rsi, { base: rsp, disp: frame.rip });
  inCode(a);
  a.jumpSymbol("boot.fatal", "ae");
  a.alu("cmp", 1, { base: rsp, disp: frame.vector }, { imm: PAGE_FAULT });
  a.jumpSymbol("boot.trap", "ne");
  const outside = a.label();
  const end = a.label();
  a.movImm(rcx, WINDOW);
  a.mov(8, rax, rdi);
  a.alu("sub", 8, rax, rcx);
  a.mov(4, rcx, { symbol: symbols.memoryPages });
  a.shift("shl", 8, rcx, 16);
  a.alu("cmp", 8, rax, rcx);
  a.jump(outside, "ae");
  a.mov(8, rdi, rax);
  a.mov(4, rsi, { base: rsp, disp: frame.error });
  a.alu("and", 4, rsi, { imm: 2 }); // a write
  a.call("boot.page");
  a.jump(end);
  a.bind(outside);
  // A device above 4 GiB, not seen before: not present, and a canonical address of the lower half.
  a.movImm(rcx, WINDOW_SIZE);
  a.alu("cmp", 8, rax, rcx);
  a.jumpSymbol("boot.trap", "b");
  a.test(1, { base: rsp, disp: frame.error }, { imm: 1 });
  a.jumpSymbol("boot.trap", "ne");
  a.mov(8, rax, rdi);
  a.shift("shr", 8, rax, 32);
  a.jumpSymbol("boot.trap", "e");
  a.shift("shr", 4, rax, 15);
  a.jumpSymbol("boot.trap", "ne");
  a.call("boot.map_device");
  a.bind(end);
  for (const reg of [...saved].reverse()) a.pop(reg);
  a.alu("add", 8, rsp, { imm: 16 });
  a.plain("iretq");
  return a.section("boot.fault_entries");
}

/** Below: rsi is an address in compiled code; rax is then how far in. */
function inCode(a: Assembler): void {
  a.movAddress(rax, "image.compiled");
  a.movAddress(rcx, "image.compiled_end");
  a.alu("sub", 8, rsi, rax);
  a.alu("sub", 8, rcx, rax);
  a.alu("cmp", 8, rsi, rcx);
}

/** rsp: a fault's frame; rsi: how far into compiled code; rdi: CR2. Says what happened in the boot record, then starts again. */
export function trap(): Section {
  const a = new Assembler();
  const known = a.label();
  a.symbol("boot.trap");
  a.mov(8, field("trapAddress"), rsi);
  a.mov(8, r8, rsi);
  a.alu("xor", 4, r9, r9);
  a.extend(false, 4, 1, rdx, { base: rsp, disp: frame.vector });
  for (const [vector, explain] of [
    [INVALID, invalid],
    [DIVIDE, divide],
    [PAGE_FAULT, pageFault],
  ] as const) {
    const other = a.label();
    a.alu("cmp", 4, rdx, { imm: vector });
    a.jump(other, "ne");
    explain(a, known);
    a.bind(other);
  }
  a.rm("lea", 4, rax, { base: rdx, disp: TRAP_VECTOR });
  a.bind(known);
  a.mov(8, field("trap"), rax);
  a.mov(8, field("trapTarget"), r9);
  a.call("boot.locate");
  // Falls into: the trap is recorded.
  a.symbol("boot.restart");
  a.unary("inc", 8, field("restarts"));
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rax, rdx);
  a.alu("sub", 8, rax, field("started"));
  a.movImm(rcx, SECOND_OF_LIFE);
  a.alu("cmp", 8, rax, rcx);
  const lived = a.label();
  const enough = a.label();
  a.jump(lived, "ae");
  a.unary("inc", 4, { symbol: "boot.in_a_row" });
  a.alu("cmp", 4, { symbol: "boot.in_a_row" }, { imm: RESTART_LIMIT });
  a.jump(enough, "b");
  a.jumpSymbol("boot.loop");
  a.bind(lived);
  a.storeImm(4, { symbol: "boot.in_a_row" }, 0);
  a.bind(enough);
  a.movAddress(rsp, "boot.stack.end");
  a.call("boot.quiet");
  a.call("boot.restore");
  a.jumpSymbol("boot.run");
  return a.section("boot.trap");
}

/** A trap instruction of compiled code is followed by its code. */
function invalid(a: Assembler, known: ReturnType<Assembler["label"]>): void {
  a.movAddress(rax, "image.compiled", 2);
  a.extend(false, 4, 1, rax, { base: rax, index: rsi });
  a.jump(known);
}

function divide(a: Assembler, known: ReturnType<Assembler["label"]>): void {
  a.movImm(rax, BigInt(trapCode.divide));
  a.jump(known);
}

/** r9 becomes what was touched. */
function pageFault(a: Assembler, known: ReturnType<Assembler["label"]>): void {
  const notMemory = a.label();
  a.mov(8, r9, rdi);
  a.movImm(rcx, WINDOW);
  a.alu("sub", 8, rdi, rcx);
  a.movImm(rcx, WINDOW_SIZE);
  a.alu("cmp", 8, rdi, rcx);
  a.jump(notMemory, "ae");
  a.mov(8, r9, rdi);
  a.movImm(rax, BigInt(trapCode.memory));
  a.jump(known);
  a.bind(notMemory);
  a.movAddress(rcx, "boot.guard");
  a.mov(8, rdi, r9);
  a.alu("sub", 8, rdi, rcx);
  a.movImm(rax, BigInt(trapCode.stack));
  a.alu("cmp", 8, rdi, { imm: 4096 });
  a.jump(known, "b");
}

/** `hw.restart()`: asked for, not a fault. */
export function request(): Section {
  const a = new Assembler();
  a.symbol("hw.restart");
  a.storeImm(8, field("trap"), TRAP_REQUEST);
  a.jumpSymbol("boot.restart");
  return a.section("hw.restart");
}

/**
 * One entry for each vector of a device: note that it came, nothing else. The end of interrupt is the driver's to say, after it has
 * spoken with its device; until then no other vector of this priority class comes.
 */
export function deviceEntries(): Section {
  const a = new Assembler();
  for (let n = 0; n < DEVICE_VECTORS; n++) {
    a.symbol(`boot.device_${n}`);
    a.alu("or", 1, { symbol: "boot.pending", disp: n >> 3 }, { imm: 1 << (n & 7) });
    a.plain("iretq");
  }
  a.symbol("boot.spurious");
  a.plain("iretq");
  return a.section("boot.device_entries", "rx", 1);
}
export const DEVICE_ENTRY_SIZE = 9;

/** `hw.interrupts() → bits`: bit n stands for vector `FIRST_VECTOR + n`. They are forgotten. */
export function interrupts(): Section {
  const a = new Assembler();
  a.symbol("hw.interrupts");
  a.mov(8, rax, { symbol: "boot.pending" });
  a.storeImm(8, { symbol: "boot.pending" }, 0);
  a.plain("ret");
  return a.section("hw.interrupts");
}
