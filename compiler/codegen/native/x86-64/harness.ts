/**
 * A Linux process around compiled code, for tests: it makes the guard window and a guarded stack, calls functions as `protocol.ts` says, and
 * turns faults into trap codes. System call numbers and structures: Linux, x86-64.
 */
import { memoryBase, registerFile } from "../../isa/x86-64/abi.ts";
import { Assembler } from "../../isa/x86-64/assembler.ts";
import { r8, r9, r10, r12, r13, r15, rax, rbp, rbx, rcx, rdi, rdx, rsi, rsp } from "../../isa/x86-64/regs.ts";
import { dataSection, type Section, zeroSection } from "../../object/section.ts";
import { trapCodes } from "../../ssa/types.ts";
import { ENTRY, type HarnessOptions } from "../machine.ts";
import { ANSWER_BYTES, COMMAND_BYTES, CRASH, MOST_VALUES, numbers, SPOILT_REGISTER } from "../protocol.ts";

/** `[base + u32 + u32]` and what an access of 8 bytes touches beyond. */
const WINDOW = 2 ** 33 + 65536;
const STACK = 1 << 20;
const STACK_GUARD = 1 << 16;
const SIGNAL_STACK = 1 << 16;

const syscalls = {
  read: 0,
  write: 1,
  mmap: 9,
  mprotect: 10,
  sigaction: 13,
  sigreturn: 15,
  exit: 60,
  sigaltstack: 131,
} as const;
const prot = { none: 0, rw: 3 } as const;
const MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
const signals = { ill: 4, bus: 7, fpe: 8, segv: 11 } as const;
/** SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTORER */
const HANDLER_FLAGS = 0x4 | 0x0800_0000 | 0x4000_0000 | 0x0400_0000;
/** siginfo.si_addr, and general registers in ucontext. */
const SI_ADDR = 16;
const ucontext = { rax: 144, rsp: 160, rip: 168 } as const;

/** What every callee-saved register holds before a call, and must hold after it. */
const GARBAGE = 0x5a5a_1234_5678_5a5an;
const kept = registerFile.calleeSaved;

const at = (symbol: string, disp = 0) => ({ symbol, disp });
const state = {
  base: at("native.base"),
  stackLow: at("native.stack"),
  /** Where the loop's own stack pointer waits while compiled code runs. */
  saved: at("native.saved"),
};
const command = (n: number) => at("native.command", 8 * n);
const answer = (n: number) => at("native.answer", 8 * n);

/** Sections that, linked with those of a module, are a program. */
export function harnessSections({ pages, maxPages, moreResults }: HarnessOptions): Section[] {
  const a = new Assembler();
  a.symbol(ENTRY);
  prepare(a, pages);
  loop(a, moreResults);
  growMemory(a, maxPages);
  handler(a);
  const memoryPages = new Uint8Array(8);
  new DataView(memoryPages.buffer).setUint32(0, pages, true);
  return [
    a.section("native"),
    dataSection("rt.memory_pages", "rw", 8, memoryPages),
    ...[state.base, state.stackLow, state.saved].map(({ symbol }) => zeroSection(symbol, 8, 8)),
    zeroSection("native.command", 16, COMMAND_BYTES),
    zeroSection("native.args", 16, 8 * MOST_VALUES),
    zeroSection("native.answer", 16, ANSWER_BYTES + 8 * MOST_VALUES),
    zeroSection("native.signal_stack", 16, SIGNAL_STACK),
  ];
}

/** A function of the platform that does nothing. */
export function emptyFunction(name: string): Section {
  const a = new Assembler();
  a.symbol(name);
  a.movImm(rax, 0n);
  a.plain("ret");
  return a.section(name);
}

function syscall(a: Assembler, number: number): void {
  a.movImm(rax, BigInt(number));
  a.plain("syscall");
}

function prepare(a: Assembler, pages: number): void {
  map(a, WINDOW, prot.none);
  a.mov(8, state.base, rax);
  a.mov(8, memoryBase, rax);
  protect(a, pages * 65536, prot.rw);
  map(a, STACK + STACK_GUARD, prot.rw);
  a.mov(8, state.stackLow, rax);
  protect(a, STACK_GUARD, prot.none);
  // stack_t { address, flags, size }, on the stack
  a.pushImm(SIGNAL_STACK);
  a.pushImm(0);
  a.movAddress(rax, "native.signal_stack");
  a.push(rax);
  a.mov(8, rdi, rsp);
  a.movImm(rsi, 0n);
  syscall(a, syscalls.sigaltstack);
  // struct sigaction { handler, flags, restorer, mask }
  a.pushImm(0);
  a.movAddress(rax, "native.restorer");
  a.push(rax);
  a.movImm(rax, BigInt(HANDLER_FLAGS));
  a.push(rax);
  a.movAddress(rax, "native.handler");
  a.push(rax);
  for (const signal of Object.values(signals)) {
    a.movImm(rdi, BigInt(signal));
    a.mov(8, rsi, rsp);
    a.movImm(rdx, 0n);
    a.movImm(r10, 8n);
    syscall(a, syscalls.sigaction);
  }
  a.alu("and", 8, rsp, { imm: -16 });
}

/** Fresh memory; its address is in rax. */
function map(a: Assembler, size: number, access: number): void {
  a.movImm(rdi, 0n);
  a.movImm(rsi, BigInt(size));
  a.movImm(rdx, BigInt(access));
  a.movImm(r10, BigInt(MAP_PRIVATE_ANONYMOUS_NORESERVE));
  a.movImm(r8, -1n);
  a.movImm(r9, 0n);
  syscall(a, syscalls.mmap);
}

/** The access to `size` bytes from the address in rax. */
function protect(a: Assembler, size: number, access: number): void {
  if (size === 0) return;
  a.mov(8, rdi, rax);
  a.movImm(rsi, BigInt(size));
  a.movImm(rdx, BigInt(access));
  syscall(a, syscalls.mprotect);
}

function loop(a: Assembler, moreResults: string | undefined): void {
  const next = a.here();
  a.movAddress(rsi, "native.command");
  a.movImm(rdx, BigInt(COMMAND_BYTES));
  a.call("native.read");
  a.mov(8, r12, command(1));
  a.mov(8, r13, command(2));
  a.mov(8, rax, command(0));
  for (const index of [0, 1, 2, 3]) a.storeImm(8, answer(index), 0);
  const kinds: [keyof typeof numbers, (a: Assembler) => void][] = [
    ["call", (b) => call(b, moreResults)],
    ["peek", peek],
    ["poke", poke],
    ["write", write],
    ["read", read],
  ];
  for (const [kind, carryOut] of kinds) {
    const other = a.label();
    a.alu("cmp", 8, rax, { imm: numbers[kind] });
    a.jump(other, "ne");
    carryOut(a);
    a.jump(next);
    a.bind(other);
  }
  a.plain("ud2");
  send(a);
  receive(a);
}

/** r13: how many arguments. */
function call(a: Assembler, moreResults: string | undefined): void {
  a.movAddress(rsi, "native.args");
  a.rm("lea", 8, rdx, { index: r13, scale: 8 });
  a.call("native.read");
  a.mov(8, state.saved, rsp);
  a.mov(8, rsp, state.stackLow);
  a.alu("add", 8, rsp, { imm: STACK + STACK_GUARD });
  // Those behind the sixth go to the stack, which stays aligned.
  const more = a.label();
  const passed = a.label();
  a.movAddress(rax, "native.args");
  a.alu("cmp", 8, r13, { imm: 6 });
  a.jump(passed, "be");
  a.test(1, r13, { imm: 1 });
  a.jump(more, "e");
  a.pushImm(0);
  a.bind(more);
  a.unary("dec", 8, r13);
  a.mov(8, rcx, { base: rax, index: r13, scale: 8 });
  a.push(rcx);
  a.alu("cmp", 8, r13, { imm: 6 });
  a.jump(more, "a");
  a.bind(passed);
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rdx, rax);
  a.mov(8, answer(1), rdx);
  a.movAddress(rax, "native.args");
  [rdi, rsi, rdx, rcx, r8, r9].forEach((reg, n) => {
    a.mov(8, reg, { base: rax, disp: 8 * n });
  });
  // The first two may hold anything; the others must come back as they were.
  for (const reg of [rax, r10, ...kept]) a.movImm(reg, GARBAGE);
  a.callTo(command(1));
  a.mov(8, answer(2), rax);
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rdx, rax);
  a.alu("sub", 8, rdx, answer(1));
  a.mov(8, answer(1), rdx);
  const spoilt = a.label();
  const send = a.label();
  a.movImm(rax, GARBAGE);
  for (const reg of kept) {
    a.alu("cmp", 8, reg, rax);
    a.jump(spoilt, "ne");
  }
  a.mov(8, rsp, state.saved);
  a.mov(8, r15, command(3));
  if (moreResults !== undefined) copyMoreResults(a, moreResults);
  a.jump(send);
  a.bind(spoilt);
  a.storeImm(8, answer(0), CRASH + SPOILT_REGISTER);
  a.symbol("native.landing");
  a.mov(8, rsp, state.saved);
  a.mov(8, memoryBase, state.base);
  a.mov(8, r15, command(3));
  a.bind(send);
  a.call("native.send");
}

function copyMoreResults(a: Assembler, from: string): void {
  const none = a.label();
  a.mov(8, rcx, r15);
  a.alu("sub", 8, rcx, { imm: 1 });
  a.jump(none, "be");
  a.movAddress(rsi, from);
  a.movAddress(rdi, "native.answer", ANSWER_BYTES + 8);
  a.plain("rep movsq");
  a.bind(none);
}

function peek(a: Assembler): void {
  a.mov(8, rax, { base: r12 });
  a.mov(8, answer(2), rax);
  a.movImm(r15, 1n);
  a.call("native.send");
}

function poke(a: Assembler): void {
  a.mov(8, rsi, r12);
  a.movImm(rdx, 8n);
  a.call("native.read");
  a.movImm(r15, 0n);
  a.call("native.send");
}

function write(a: Assembler): void {
  a.rm("lea", 8, rsi, { base: rbx, index: r12 });
  a.mov(8, rdx, r13);
  a.call("native.read");
  a.movImm(r15, 0n);
  a.call("native.send");
}

function read(a: Assembler): void {
  a.movAddress(rsi, "native.answer");
  a.movImm(rdx, BigInt(ANSWER_BYTES));
  a.call("native.write");
  a.rm("lea", 8, rsi, { base: rbx, index: r12 });
  a.mov(8, rdx, r13);
  a.call("native.write");
}

/** Sends the answer with r15 values, at least two: a crash has as many. */
function send(a: Assembler): void {
  a.symbol("native.send");
  const enough = a.label();
  a.alu("cmp", 8, r15, { imm: 2 });
  a.jump(enough, "ae");
  a.movImm(r15, 2n);
  a.bind(enough);
  a.movAddress(rsi, "native.answer");
  a.rm("lea", 8, rdx, { index: r15, scale: 8, disp: ANSWER_BYTES });
  // rsi, rdx: everything goes out, in as many pieces as the pipe takes.
  a.symbol("native.write");
  a.mov(8, rbp, rdx);
  transfer(a, syscalls.write, 1);
}

/** rsi, rdx: all of it comes in; the end of the input ends the program. */
function receive(a: Assembler): void {
  a.symbol("native.read");
  a.mov(8, rbp, rdx);
  transfer(a, syscalls.read, 0);
}

/** rsi: address, rbp: bytes */
function transfer(a: Assembler, number: number, file: number): void {
  const piece = a.here();
  const go = a.label();
  const done = a.label();
  a.test(8, rbp, rbp);
  a.jump(go, "ne");
  a.plain("ret");
  a.bind(go);
  a.movImm(rdi, BigInt(file));
  a.mov(8, rdx, rbp);
  syscall(a, number);
  a.test(8, rax, rax);
  a.jump(done, "le");
  a.alu("add", 8, rsi, rax);
  a.alu("sub", 8, rbp, rax);
  a.jump(piece);
  a.bind(done);
  a.movImm(rdi, 0n);
  syscall(a, syscalls.exit);
}

/** `rt.memory_grow(delta)`: the old size, or -1. */
function growMemory(a: Assembler, maxPages: number): void {
  const refuse = a.label();
  a.symbol("rt.memory_grow");
  a.mov(4, r8, at("rt.memory_pages"));
  a.mov(4, rdi, rdi);
  a.rm("lea", 8, rcx, { base: r8, index: rdi });
  a.alu("cmp", 8, rcx, { imm: maxPages });
  a.jump(refuse, "a");
  a.push(r8);
  a.push(rcx);
  a.mov(8, rsi, rcx);
  a.shift("shl", 8, rsi, 16);
  a.mov(8, rdi, state.base);
  a.movImm(rdx, BigInt(prot.rw));
  syscall(a, syscalls.mprotect);
  a.pop(rcx);
  a.pop(r8);
  a.test(8, rax, rax);
  a.jump(refuse, "ne");
  a.mov(4, at("rt.memory_pages"), rcx);
  a.mov(4, rax, r8);
  a.plain("ret");
  a.bind(refuse);
  a.movImm(rax, 0xffff_ffffn);
  a.plain("ret");
}

/** handler(signal, siginfo, ucontext): says why in the answer and goes on at the landing. */
function handler(a: Assembler): void {
  const known = a.label();
  const land = a.label();
  a.symbol("native.handler");
  a.mov(8, rcx, { base: rdx, disp: ucontext.rip });
  const on = (signal: number, explain: () => void) => {
    const other = a.label();
    a.alu("cmp", 4, rdi, { imm: signal });
    a.jump(other, "ne");
    explain();
    a.bind(other);
  };
  // The byte behind `ud2`.
  on(signals.ill, () => {
    a.extend(false, 4, 1, rax, { base: rcx, disp: 2 });
    a.jump(known);
  });
  on(signals.fpe, () => {
    a.movImm(rax, BigInt(trapCodes.divideByZero.code));
    a.jump(known);
  });
  on(signals.segv, () => {
    const outside = a.label();
    const notStack = a.label();
    a.mov(8, r8, { base: rsi, disp: SI_ADDR });
    a.mov(8, r9, r8);
    a.alu("sub", 8, r9, state.base);
    a.movImm(rax, BigInt(WINDOW));
    a.alu("cmp", 8, r9, rax);
    a.jump(outside, "ae");
    a.movImm(rax, BigInt(trapCodes.memory.code));
    a.jump(known);
    a.bind(outside);
    a.mov(8, r9, r8);
    a.alu("sub", 8, r9, state.stackLow);
    a.alu("cmp", 8, r9, { imm: STACK_GUARD });
    a.jump(notStack, "ae");
    a.movImm(rax, BigInt(trapCodes.stack.code));
    a.jump(known);
    a.bind(notStack);
  });
  a.mov(8, answer(2), rcx);
  a.mov(8, r8, { base: rsi, disp: SI_ADDR });
  a.mov(8, answer(3), r8);
  a.rm("lea", 8, rax, { base: rdi, disp: CRASH });
  a.jump(land);
  a.bind(known);
  a.unary("inc", 8, rax);
  a.bind(land);
  a.mov(8, answer(0), rax);
  a.movAddress(rax, "native.landing");
  a.mov(8, { base: rdx, disp: ucontext.rip }, rax);
  a.mov(8, rax, state.saved);
  a.mov(8, { base: rdx, disp: ucontext.rsp }, rax);
  a.plain("ret");
  a.symbol("native.restorer");
  syscall(a, syscalls.sigreturn);
}
