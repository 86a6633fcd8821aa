/**
 * A Linux process around compiled code, for tests: it calls functions as `protocol.ts` says on a guarded stack, and turns faults into trap codes. System call numbers and
 * structures: Linux, Xtensa. Unaligned accesses, which LX6 carries out itself, are carried out in the handler: no core of Debian's QEMU does.
 */
import { memoryBase, registerFile, resultRegisters } from "../../isa/xtensa/abi.ts";
import { Assembler, type Label } from "../../isa/xtensa/assembler.ts";
import * as r from "../../isa/xtensa/regs.ts";
import { carryOut } from "../../isa/xtensa/unaligned.ts";
import { dataSection, type Section, zeroSection } from "../../object/section.ts";
import { trapCodes } from "../../ssa/types.ts";
import { ENTRY, type HarnessOptions } from "../machine.ts";
import { ANSWER_BYTES, COMMAND_BYTES, CRASH, MOST_VALUES, numbers, SPOILT_REGISTER } from "../protocol.ts";

const STACK = 1 << 20;
const STACK_GUARD = 1 << 16;
const SIGNAL_STACK = 1 << 16;

const syscalls = {
  read: 12,
  write: 13,
  mprotect: 82,
  exit: 118,
  sigaltstack: 224,
  sigreturn: 225,
  sigaction: 226,
};
/** siginfo.si_addr; pc and a0 to a15 in ucontext. */
const offsets = { address: 12, pc: 20, registers: 52 } as const;
const signals = { ill: 4, bus: 7, fpe: 8, segv: 11 } as const;
/** SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_NODEFER */
const HANDLER_FLAGS = 0x4 | 0x0400_0000 | 0x0800_0000 | 0x4000_0000;
/** What every callee-saved register holds before a call, and must hold after it. */
const GARBAGE = 0x5a5a_1234n;
const kept = registerFile.calleeSaved;

/** Sections that, linked with those of a module, are a program. */
export function harnessSections(options: HarnessOptions): Section[] {
  const pages = word(options.pages);
  const bytes = word(options.pages * 65_536);
  return [
    main(options),
    section("native.send", send),
    section("native.read", (a) => transfer(a, syscalls.read, 0)),
    section("native.write", (a) => transfer(a, syscalls.write, 1)),
    section("rt.memory_grow", (a) => growMemory(a, options.maxPages)),
    section("native.handler", handler),
    section("native.restorer", (a) => syscall(a, syscalls.sigreturn)),
    dataSection("rt.memory_pages", "rw", 8, pages),
    dataSection("rt.memory_bytes", "rw", 8, bytes),
    zeroSection("native.saved", 8, 8),
    zeroSection("native.command", 16, COMMAND_BYTES),
    zeroSection("native.args", 16, 8 * MOST_VALUES),
    zeroSection("native.answer", 16, ANSWER_BYTES + 8 * MOST_VALUES),
    zeroSection("native.signal_stack", 16, SIGNAL_STACK),
    zeroSection("native.stack", 4096, STACK_GUARD + STACK),
    zeroSection("native.memory", 4096, Math.max(options.maxPages, 1) * 65536),
  ];
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** A function of the platform that does nothing. */
export function emptyFunction(name: string): Section {
  return section(name, (a) => {
    for (const reg of resultRegisters) a.li(reg, 0n);
    a.ret();
  });
}

function section(name: string, write: (a: Assembler) => void): Section {
  const a = new Assembler();
  a.symbol(name);
  write(a);
  return a.section(name);
}

function syscall(a: Assembler, number: number): void {
  a.li(r.a2, BigInt(number));
  a.plain("syscall");
}

function load(a: Assembler, to: r.Reg, symbol: string, offset = 0): void {
  a.la(to, symbol, offset);
  a.load("l32i", to, to);
}

/** Destroys a11. */
function store(a: Assembler, from: r.Reg, symbol: string, offset = 0): void {
  a.la(r.a11, symbol, offset);
  a.store("s32i", from, r.a11);
}

const answer = (a: Assembler, from: r.Reg, n: number) => store(a, from, "native.answer", 8 * n);

/** The command is in a12, a13 and a14 while it is carried out. */
function main(options: HarnessOptions): Section {
  return section(ENTRY, (a) => {
    prepare(a);
    const next = a.here();
    a.la(r.a3, "native.command");
    a.li(r.a4, BigInt(COMMAND_BYTES));
    a.call("native.read");
    a.la(r.a5, "native.command");
    for (const [to, at] of [
      [r.a2, 0],
      [r.a12, 8],
      [r.a13, 16],
      [r.a14, 24],
    ] as const)
      a.load("l32i", to, r.a5, at);
    a.la(r.a6, "native.answer");
    a.li(r.a7, 0n);
    for (let at = 0; at < 32; at += 4) a.store("s32i", r.a7, r.a6, at);
    const kinds: [keyof typeof numbers, (a: Assembler) => void][] = [
      ["call", (to) => call(to, options)],
      ["peek", peek],
      ["poke", poke],
      ["write", write],
      ["read", read],
    ];
    for (const [kind, carry] of kinds) {
      const other = a.label();
      a.li(r.a3, BigInt(numbers[kind]));
      a.branch("bne", r.a2, r.a3, other);
      carry(a);
      a.jump(next);
      a.bind(other);
    }
    a.trap(0);
  });
}

function prepare(a: Assembler): void {
  a.la(memoryBase, "native.memory");
  a.la(r.a6, "native.stack");
  a.li(r.a3, BigInt(STACK_GUARD));
  a.li(r.a4, 0n);
  syscall(a, syscalls.mprotect);
  // stack_t { address, flags, size } and struct sigaction { handler, flags, restorer, mask }, on the stack
  a.addi(r.sp, r.sp, -64);
  const put = (at: number, value: string | number) => {
    if (typeof value === "string") a.la(r.a7, value);
    else a.li(r.a7, BigInt(value));
    a.store("s32i", r.a7, r.sp, at);
  };
  [`native.signal_stack`, 0, SIGNAL_STACK].forEach((value, n) => {
    put(4 * n, value);
  });
  a.mv(r.a6, r.sp);
  a.li(r.a3, 0n);
  syscall(a, syscalls.sigaltstack);
  ["native.handler", HANDLER_FLAGS, "native.restorer", 0, 0].forEach((value, n) => {
    put(4 * n, value);
  });
  for (const signal of Object.values(signals)) {
    a.li(r.a6, BigInt(signal));
    a.mv(r.a3, r.sp);
    a.li(r.a4, 0n);
    a.li(r.a5, 8n);
    syscall(a, syscalls.sigaction);
  }
}

/** a12: where, a13: how many arguments. */
function call(a: Assembler, options: HarnessOptions): void {
  a.la(r.a3, "native.args");
  a.slli(r.a4, r.a13, 3);
  a.call("native.read");
  store(a, r.sp, "native.saved");
  a.la(r.sp, "native.stack", STACK_GUARD + STACK);
  // Those behind the sixth go to the stack, which stays aligned.
  const passed = a.label();
  a.la(r.a8, "native.args");
  a.addi(r.a9, r.a13, -6);
  a.branchConstant("blti", r.a9, 1, passed);
  a.addi(r.a10, r.a9, 3);
  a.srli(r.a10, r.a10, 2);
  a.slli(r.a10, r.a10, 4);
  a.r("sub", r.sp, r.sp, r.a10);
  a.addi(r.a10, r.a8, 48);
  a.mv(r.a7, r.sp);
  const more = a.here();
  a.load("l32i", r.a6, r.a10);
  a.store("s32i", r.a6, r.a7);
  a.addi(r.a10, r.a10, 8);
  a.addi(r.a7, r.a7, 4);
  a.addi(r.a9, r.a9, -1);
  a.branchZero("bnez", r.a9, more);
  a.bind(passed);
  [r.a2, r.a3, r.a4, r.a5, r.a6, r.a7].forEach((reg, n) => {
    a.load("l32i", reg, r.a8, 8 * n);
  });
  a.mv(r.a8, r.a12);
  for (const reg of kept) a.li(reg, GARBAGE);
  a.callTo(r.a8);
  resultRegisters.forEach((reg, n) => {
    answer(a, reg, 2 + n);
  });
  const spoilt = a.label();
  const answered = a.label();
  a.li(r.a5, GARBAGE);
  for (const reg of kept) a.branch("bne", reg, r.a5, spoilt);
  load(a, r.sp, "native.saved");
  load(a, r.a14, "native.command", 24);
  copyMoreResults(a, options);
  a.jump(answered);
  a.bind(spoilt);
  a.li(r.a5, BigInt(CRASH + SPOILT_REGISTER));
  answer(a, r.a5, 0);
  a.symbol("native.landing");
  load(a, r.sp, "native.saved");
  a.la(memoryBase, "native.memory");
  load(a, r.a14, "native.command", 24);
  a.bind(answered);
  a.call("native.send");
}

/** a14: how many results. */
function copyMoreResults(a: Assembler, { moreResults }: HarnessOptions): void {
  if (moreResults === undefined) return;
  const done = a.label();
  a.la(r.a5, moreResults);
  a.la(r.a6, "native.answer", ANSWER_BYTES + 8 * resultRegisters.length);
  a.addi(r.a7, r.a14, -resultRegisters.length);
  const loop = a.here();
  a.branchConstant("blti", r.a7, 1, done);
  for (const half of [0, 4]) {
    a.load("l32i", r.a8, r.a5, half);
    a.store("s32i", r.a8, r.a6, half);
  }
  a.addi(r.a5, r.a5, 8);
  a.addi(r.a6, r.a6, 8);
  a.addi(r.a7, r.a7, -1);
  a.jump(loop);
  a.bind(done);
}

function peek(a: Assembler): void {
  for (const half of [0, 4]) {
    a.load("l32i", r.a5, r.a12, half);
    store(a, r.a5, "native.answer", ANSWER_BYTES + half);
  }
  a.li(r.a14, 1n);
  a.call("native.send");
}

function poke(a: Assembler): void {
  a.mv(r.a3, r.a12);
  a.li(r.a4, 8n);
  a.call("native.read");
  a.li(r.a14, 0n);
  a.call("native.send");
}

function write(a: Assembler): void {
  a.r("add", r.a3, memoryBase, r.a12);
  a.mv(r.a4, r.a13);
  a.call("native.read");
  a.li(r.a14, 0n);
  a.call("native.send");
}

function read(a: Assembler): void {
  a.la(r.a3, "native.answer");
  a.li(r.a4, BigInt(ANSWER_BYTES));
  a.call("native.write");
  a.r("add", r.a3, memoryBase, r.a12);
  a.mv(r.a4, r.a13);
  a.call("native.write");
}

/** Sends the answer with a14 values, at least two: a crash has as many. */
function send(a: Assembler): void {
  a.li(r.a5, 2n);
  a.r("maxu", r.a14, r.a14, r.a5);
  a.la(r.a3, "native.answer");
  a.slli(r.a4, r.a14, 3);
  a.addi(r.a4, r.a4, ANSWER_BYTES);
  transfer(a, syscalls.write, 1);
}

/** a3: address, a4: bytes. All of it goes or comes, in as many pieces as the pipe takes; the end of the input ends the program. */
function transfer(a: Assembler, number: number, file: number): void {
  const go = a.label();
  const done = a.label();
  const piece = a.here();
  a.branchZero("bnez", r.a4, go);
  a.ret();
  a.bind(go);
  a.li(r.a6, BigInt(file));
  syscall(a, number);
  a.branchConstant("blti", r.a2, 1, done);
  a.r("add", r.a3, r.a3, r.a2);
  a.r("sub", r.a4, r.a4, r.a2);
  a.jump(piece);
  a.bind(done);
  a.li(r.a6, 0n);
  syscall(a, syscalls.exit);
}

/** `rt.memory_grow(delta)`: the old size, or -1. */
function growMemory(a: Assembler, maxPages: number): void {
  const refuse = a.label();
  load(a, r.a5, "rt.memory_pages");
  a.li(r.a6, BigInt(maxPages));
  a.r("sub", r.a6, r.a6, r.a5);
  a.branch("bltu", r.a6, r.a2, refuse);
  a.r("add", r.a6, r.a5, r.a2);
  store(a, r.a6, "rt.memory_pages");
  a.slli(r.a6, r.a6, 16);
  store(a, r.a6, "rt.memory_bytes");
  a.mv(r.a2, r.a5);
  a.ret();
  a.bind(refuse);
  a.li(r.a2, -1n);
  a.ret();
}

/** handler(signal, siginfo, ucontext): says why in the answer and goes on at the landing, unless the access was only not aligned. */
function handler(a: Assembler): void {
  const known = a.label();
  const land = a.label();
  a.load("l32i", r.a5, r.a4, offsets.pc);
  a.load("l32i", r.a6, r.a3, offsets.address);
  const unless = (signal: number): Label => {
    const other = a.label();
    a.li(r.a7, BigInt(signal));
    a.branch("bne", r.a2, r.a7, other);
    return other;
  };
  // The number behind what is no instruction.
  const notIllegal = unless(signals.ill);
  a.load("l8ui", r.a7, r.a5, 2);
  a.jump(known);
  a.bind(notIllegal);
  const notUnaligned = unless(signals.bus);
  carryOut(a, offsets);
  a.bind(notUnaligned);
  const notSegment = unless(signals.segv);
  a.la(r.a7, "native.stack");
  a.r("sub", r.a7, r.a6, r.a7);
  a.li(r.a8, BigInt(STACK_GUARD));
  a.branch("bgeu", r.a7, r.a8, notSegment);
  a.li(r.a7, BigInt(trapCodes.stack.code));
  a.jump(known);
  a.bind(notSegment);
  answer(a, r.a5, 2);
  answer(a, r.a6, 3);
  a.li(r.a7, BigInt(CRASH));
  a.r("add", r.a7, r.a7, r.a2);
  a.jump(land);
  a.bind(known);
  a.addi(r.a7, r.a7, 1);
  a.bind(land);
  answer(a, r.a7, 0);
  a.la(r.a5, "native.landing");
  a.store("s32i", r.a5, r.a4, offsets.pc);
  a.ret();
}
