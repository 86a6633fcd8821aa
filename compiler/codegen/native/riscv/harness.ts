/**
 * A Linux process around compiled code, for tests: it makes the guard window and a guarded stack, calls functions as `protocol.ts` says, and
 * turns faults into trap codes. System call numbers and structures: Linux, RISC-V (asm-generic).
 */
import { memoryBase, registerFile, resultRegisters } from "../../isa/riscv/abi.ts";
import { Assembler } from "../../isa/riscv/assembler.ts";
import { wordLoad, wordStore } from "../../isa/riscv/context.ts";
import * as r from "../../isa/riscv/regs.ts";
import { dataSection, type Section, zeroSection } from "../../object/section.ts";
import { trapCodes } from "../../ssa/types.ts";
import { ENTRY, type HarnessOptions } from "../machine.ts";
import { ANSWER_BYTES, COMMAND_BYTES, CRASH, MOST_VALUES, numbers, SPOILT_REGISTER } from "../protocol.ts";

const STACK = 1 << 20;
const STACK_GUARD = 1 << 16;
const SIGNAL_STACK = 1 << 16;

const syscalls = {
  read: 63,
  write: 64,
  exit: 93,
  sigaltstack: 132,
  sigaction: 134,
  mmap: 222,
  mprotect: 226,
} as const;
const prot = { none: 0, rw: 3 } as const;
const MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
const signals = { ill: 4, bus: 7, fpe: 8, segv: 11 } as const;
/** SA_SIGINFO | SA_ONSTACK | SA_NODEFER */
const HANDLER_FLAGS = 0x4 | 0x0800_0000 | 0x4000_0000;
/** siginfo.si_addr; pc and sp in ucontext. */
const offsets = {
  64: { address: 16, pc: 176, sp: 192 },
  32: { address: 12, pc: 160, sp: 168 },
} as const;

/** What every callee-saved register holds before a call, and must hold after it. */
const GARBAGE = 0x5a5a_1234n;
const kept = registerFile.calleeSaved;

/** Sections that, linked with those of a module, are a program. */
export function harnessSections(xlen: 32 | 64, options: HarnessOptions): Section[] {
  const harness = new Harness(xlen, options);
  const memoryPages = new Uint8Array(8);
  new DataView(memoryPages.buffer).setUint32(0, options.pages, true);
  return [
    harness.code(),
    dataSection("rt.memory_pages", "rw", 8, memoryPages),
    ...["native.base", "native.stack", "native.saved"].map((name) => zeroSection(name, 8, 8)),
    zeroSection("native.command", 16, COMMAND_BYTES),
    zeroSection("native.args", 16, 8 * MOST_VALUES),
    zeroSection("native.answer", 16, ANSWER_BYTES + 8 * MOST_VALUES),
    zeroSection("native.signal_stack", 16, SIGNAL_STACK),
  ];
}

/** A function of the platform that does nothing. */
export function emptyFunction(xlen: 32 | 64, name: string): Section {
  const a = new Assembler(xlen);
  a.symbol(name);
  for (const reg of resultRegisters[xlen]) a.li(reg, 0n);
  a.ret();
  return a.section(name, "rx", 4);
}

/**
 * Far from the program and from what the emulator places: the window around memory need not be mapped to be guarded. Mapping 8 GiB costs the emulator
 * 50 ms, more than most tests take.
 */
const WINDOW_AT = 0x10_0000_0000n;

/** s0, s1 and s2 hold the command while it is carried out. */
class Harness {
  readonly a: Assembler;
  readonly xlen: 32 | 64;
  readonly options: HarnessOptions;
  /** `[base + u32 + u32]` and what an access of 8 bytes touches beyond; without room for that, what may ever be mapped. */
  readonly window: number;

  constructor(xlen: 32 | 64, options: HarnessOptions) {
    this.a = new Assembler(xlen);
    this.xlen = xlen;
    this.options = options;
    this.window = xlen === 64 ? 2 ** 33 + 65536 : Math.max(options.maxPages, 1) * 65536;
  }

  get resultRegisters(): readonly r.Reg[] {
    return resultRegisters[this.xlen];
  }

  code(): Section {
    const { a } = this;
    a.symbol(ENTRY);
    this.prepare();
    this.loop();
    this.growMemory();
    this.handler();
    return a.section("native", "rx", 4);
  }

  load(to: r.Reg, symbol: string, offset = 0): void {
    this.a.loadFrom(wordLoad(this.a), to, symbol, offset);
  }

  store(from: r.Reg, symbol: string, offset = 0): void {
    this.a.storeTo(wordStore(this.a), from, symbol, r.t6, offset);
  }

  answer(from: r.Reg, n: number): void {
    this.store(from, "native.answer", 8 * n);
  }

  syscall(number: number): void {
    this.a.li(r.a7, BigInt(number));
    this.a.plain("ecall");
  }

  prepare(): void {
    const { a } = this;
    const word = this.xlen / 8;
    this.map(Math.max(this.options.maxPages, 1) * 65536, prot.none, this.xlen === 64 ? WINDOW_AT : 0n);
    this.store(r.a0, "native.base");
    a.mv(memoryBase, r.a0);
    this.protect(this.options.pages * 65536, prot.rw);
    this.map(STACK + STACK_GUARD, prot.rw);
    this.store(r.a0, "native.stack");
    this.protect(STACK_GUARD, prot.none);
    // stack_t { address, flags, size } and struct sigaction { handler, flags, mask }, on the stack
    a.i("addi", r.sp, r.sp, -64);
    a.la(r.t0, "native.signal_stack");
    a.store(wordStore(a), r.t0, r.sp);
    a.store(wordStore(a), r.zero, r.sp, word);
    a.li(r.t0, BigInt(SIGNAL_STACK));
    a.store(wordStore(a), r.t0, r.sp, 2 * word);
    a.mv(r.a0, r.sp);
    a.li(r.a1, 0n);
    this.syscall(syscalls.sigaltstack);
    a.la(r.t0, "native.handler");
    a.store(wordStore(a), r.t0, r.sp);
    a.li(r.t0, BigInt(HANDLER_FLAGS));
    a.store(wordStore(a), r.t0, r.sp, word);
    a.store("sw", r.zero, r.sp, 2 * word);
    a.store("sw", r.zero, r.sp, 2 * word + 4);
    for (const signal of Object.values(signals)) {
      a.li(r.a0, BigInt(signal));
      a.mv(r.a1, r.sp);
      a.li(r.a2, 0n);
      a.li(r.a3, 8n);
      this.syscall(syscalls.sigaction);
    }
    a.i("addi", r.sp, r.sp, 64);
    a.i("andi", r.sp, r.sp, -16);
  }

  /** Fresh memory, at an address where nothing else is; it is in a0 then. */
  map(size: number, access: number, at = 0n): void {
    const { a } = this;
    a.li(r.a0, at);
    a.li(r.a1, BigInt(size));
    a.li(r.a2, BigInt(access));
    a.li(r.a3, BigInt(MAP_PRIVATE_ANONYMOUS_NORESERVE));
    a.li(r.a4, -1n);
    a.li(r.a5, 0n);
    this.syscall(syscalls.mmap);
  }

  /** The access to `size` bytes from the address in a0. */
  protect(size: number, access: number): void {
    if (size === 0) return;
    this.a.li(r.a1, BigInt(size));
    this.a.li(r.a2, BigInt(access));
    this.syscall(syscalls.mprotect);
  }

  loop(): void {
    const { a } = this;
    const next = a.here();
    a.la(r.a1, "native.command");
    a.li(r.a2, BigInt(COMMAND_BYTES));
    a.call("native.read");
    this.load(r.t0, "native.command");
    this.load(r.s0, "native.command", 8);
    this.load(r.s1, "native.command", 16);
    this.load(r.s2, "native.command", 24);
    a.la(r.t1, "native.answer");
    for (let at = 0; at < 32; at += 4) a.store("sw", r.zero, r.t1, at);
    const kinds: [keyof typeof numbers, () => void][] = [
      ["call", () => this.call()],
      ["peek", () => this.peek()],
      ["poke", () => this.poke()],
      ["write", () => this.write()],
      ["read", () => this.read()],
    ];
    for (const [kind, carryOut] of kinds) {
      const other = a.label();
      a.li(r.t1, BigInt(numbers[kind]));
      a.branch("ne", r.t0, r.t1, other);
      carryOut();
      a.jump(next);
      a.bind(other);
    }
    a.trap(0);
    this.send();
    this.receive();
  }

  /** s0: where, s1: how many arguments. */
  call(): void {
    const { a } = this;
    const word = this.xlen / 8;
    a.la(r.a1, "native.args");
    a.shift("slli", r.a2, r.s1, 3);
    a.call("native.read");
    this.store(r.sp, "native.saved");
    this.load(r.sp, "native.stack");
    a.li(r.t0, BigInt(STACK + STACK_GUARD));
    a.r("add", r.sp, r.sp, r.t0);
    // Those behind the eighth go to the stack, which stays aligned.
    const passed = a.label();
    a.la(r.t0, "native.args");
    a.i("addi", r.t1, r.s1, -8);
    a.branch("ge", r.zero, r.t1, passed);
    a.i("addi", r.t2, r.t1, 3);
    a.i("andi", r.t2, r.t2, -4);
    a.shift("slli", r.t2, r.t2, word === 8 ? 3 : 2);
    a.r("sub", r.sp, r.sp, r.t2);
    a.i("addi", r.t2, r.t0, 64);
    a.mv(r.t3, r.sp);
    const more = a.here();
    a.load(wordLoad(a), r.t4, r.t2);
    a.store(wordStore(a), r.t4, r.t3);
    a.i("addi", r.t2, r.t2, 8);
    a.i("addi", r.t3, r.t3, word);
    a.i("addi", r.t1, r.t1, -1);
    a.branch("ne", r.t1, r.zero, more);
    a.bind(passed);
    a.csr("csrrs", r.t1, "cycle", r.zero);
    this.answer(r.t1, 1);
    [r.a0, r.a1, r.a2, r.a3, r.a4, r.a5, r.a6, r.a7].forEach((reg, n) => {
      a.load(wordLoad(a), reg, r.t0, 8 * n);
    });
    a.mv(r.t0, r.s0);
    for (const reg of kept) a.li(reg, GARBAGE);
    a.callTo(r.t0);
    this.resultRegisters.forEach((reg, n) => {
      this.answer(reg, 2 + n);
    });
    a.csr("csrrs", r.t1, "cycle", r.zero);
    this.load(r.t2, "native.answer", 8);
    a.r("sub", r.t1, r.t1, r.t2);
    this.answer(r.t1, 1);
    const spoilt = a.label();
    const send = a.label();
    a.li(r.t1, GARBAGE);
    for (const reg of kept) a.branch("ne", reg, r.t1, spoilt);
    this.load(r.sp, "native.saved");
    this.load(r.s2, "native.command", 24);
    this.copyMoreResults();
    a.jump(send);
    a.bind(spoilt);
    a.li(r.t1, BigInt(CRASH + SPOILT_REGISTER));
    this.answer(r.t1, 0);
    a.symbol("native.landing");
    this.load(r.sp, "native.saved");
    this.load(memoryBase, "native.base");
    this.load(r.s2, "native.command", 24);
    a.bind(send);
    a.call("native.send");
  }

  /** s2: how many results. */
  copyMoreResults(): void {
    const { a } = this;
    if (this.options.moreResults === undefined) return;
    const done = a.label();
    a.la(r.t0, this.options.moreResults);
    const inRegisters = this.resultRegisters.length;
    a.la(r.t1, "native.answer", ANSWER_BYTES + 8 * inRegisters);
    a.i("addi", r.t2, r.s2, -inRegisters);
    const loop = a.here();
    a.branch("ge", r.zero, r.t2, done);
    for (const half of [0, 4]) {
      a.load("lw", r.t3, r.t0, half);
      a.store("sw", r.t3, r.t1, half);
    }
    a.i("addi", r.t0, r.t0, 8);
    a.i("addi", r.t1, r.t1, 8);
    a.i("addi", r.t2, r.t2, -1);
    a.jump(loop);
    a.bind(done);
  }

  peek(): void {
    const { a } = this;
    for (const half of [0, 4]) {
      a.load("lw", r.t0, r.s0, half);
      a.storeTo("sw", r.t0, "native.answer", r.t6, ANSWER_BYTES + half);
    }
    a.li(r.s2, 1n);
    a.call("native.send");
  }

  poke(): void {
    const { a } = this;
    a.mv(r.a1, r.s0);
    a.li(r.a2, 8n);
    a.call("native.read");
    a.li(r.s2, 0n);
    a.call("native.send");
  }

  write(): void {
    const { a } = this;
    a.r("add", r.a1, memoryBase, r.s0);
    a.mv(r.a2, r.s1);
    a.call("native.read");
    a.li(r.s2, 0n);
    a.call("native.send");
  }

  read(): void {
    const { a } = this;
    a.la(r.a1, "native.answer");
    a.li(r.a2, BigInt(ANSWER_BYTES));
    a.call("native.write");
    a.r("add", r.a1, memoryBase, r.s0);
    a.mv(r.a2, r.s1);
    a.call("native.write");
  }

  /** Sends the answer with s2 values, at least two: a crash has as many. */
  send(): void {
    const { a } = this;
    a.symbol("native.send");
    const enough = a.label();
    a.li(r.t0, 2n);
    a.branch("geu", r.s2, r.t0, enough);
    a.mv(r.s2, r.t0);
    a.bind(enough);
    a.la(r.a1, "native.answer");
    a.shift("slli", r.a2, r.s2, 3);
    a.i("addi", r.a2, r.a2, ANSWER_BYTES);
    // a1, a2: everything goes out, in as many pieces as the pipe takes.
    a.symbol("native.write");
    this.transfer(syscalls.write, 1);
  }

  /** a1, a2: all of it comes in; the end of the input ends the program. */
  receive(): void {
    this.a.symbol("native.read");
    this.transfer(syscalls.read, 0);
  }

  /** a1: address, a2: bytes */
  transfer(number: number, file: number): void {
    const { a } = this;
    const go = a.label();
    const done = a.label();
    const piece = a.here();
    a.branch("ne", r.a2, r.zero, go);
    a.ret();
    a.bind(go);
    a.li(r.a0, BigInt(file));
    this.syscall(number);
    a.branch("ge", r.zero, r.a0, done);
    a.r("add", r.a1, r.a1, r.a0);
    a.r("sub", r.a2, r.a2, r.a0);
    a.jump(piece);
    a.bind(done);
    a.li(r.a0, 0n);
    this.syscall(syscalls.exit);
  }

  /** `rt.memory_grow(delta)`: the old size, or -1. */
  growMemory(): void {
    const { a } = this;
    const refuse = a.label();
    a.symbol("rt.memory_grow");
    a.loadFrom("lw", r.t0, "rt.memory_pages");
    a.li(r.t1, BigInt(this.options.maxPages));
    a.r("sub", r.t1, r.t1, r.t0);
    a.branch("ltu", r.t1, r.a0, refuse);
    a.r("add", r.t2, r.t0, r.a0);
    a.shift("slli", r.a1, r.t2, 16);
    this.load(r.a0, "native.base");
    a.li(r.a2, BigInt(prot.rw));
    // Nothing to protect is an error for some.
    const grown = a.label();
    a.branch("eq", r.a1, r.zero, grown);
    this.syscall(syscalls.mprotect);
    a.branch("ne", r.a0, r.zero, refuse);
    a.bind(grown);
    a.storeTo("sw", r.t2, "rt.memory_pages", r.t6);
    a.mv(r.a0, r.t0);
    a.ret();
    a.bind(refuse);
    a.li(r.a0, -1n);
    a.ret();
  }

  /** handler(signal, siginfo, ucontext): says why in the answer and goes on at the landing. */
  handler(): void {
    const { a } = this;
    const { address, pc, sp } = offsets[this.xlen];
    const known = a.label();
    const land = a.label();
    a.symbol("native.handler");
    a.load(wordLoad(a), r.t0, r.a2, pc);
    a.load(wordLoad(a), r.t1, r.a1, address);
    const unless = (signal: number) => {
      const other = a.label();
      a.li(r.t2, BigInt(signal));
      a.branch("ne", r.a0, r.t2, other);
      return other;
    };
    // The number behind what is no instruction.
    const notIllegal = unless(signals.ill);
    a.load("lhu", r.t3, r.t0, 2);
    a.jump(known);
    a.bind(notIllegal);
    const notSegment = unless(signals.segv);
    const inside = (start: string, size: number, code: number) => {
      const outside = a.label();
      this.load(r.t2, start);
      a.r("sub", r.t2, r.t1, r.t2);
      a.li(r.t3, BigInt(size));
      a.branch("geu", r.t2, r.t3, outside);
      a.li(r.t3, BigInt(code));
      a.jump(known);
      a.bind(outside);
    };
    inside("native.base", this.window, trapCodes.memory.code);
    inside("native.stack", STACK_GUARD, trapCodes.stack.code);
    a.bind(notSegment);
    this.answer(r.t0, 2);
    this.answer(r.t1, 3);
    a.li(r.t3, BigInt(CRASH));
    a.r("add", r.t3, r.t3, r.a0);
    a.jump(land);
    a.bind(known);
    a.i("addi", r.t3, r.t3, 1);
    a.bind(land);
    this.answer(r.t3, 0);
    a.la(r.t0, "native.landing");
    a.store(wordStore(a), r.t0, r.a2, pc);
    this.load(r.t0, "native.saved");
    a.store(wordStore(a), r.t0, r.a2, sp);
    a.ret();
  }
}
