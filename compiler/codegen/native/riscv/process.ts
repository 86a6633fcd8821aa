/** The ground that the harness of RISC-V stands on: memory with what guards it, a stack, signals. System call numbers and structures: Linux (asm-generic). */
import { memoryBase, resultRegisters } from "../../isa/riscv/abi.ts";
import { Assembler } from "../../isa/riscv/assembler.ts";
import { wordLoad, wordStore } from "../../isa/riscv/context.ts";
import * as r from "../../isa/riscv/regs.ts";
import type { HarnessOptions } from "../machine.ts";

export const STACK = 1 << 20;
export const STACK_GUARD = 1 << 16;
export const SIGNAL_STACK = 1 << 16;

export const syscalls = {
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
export const signals = { ill: 4, bus: 7, fpe: 8, segv: 11 } as const;
/** SA_SIGINFO | SA_ONSTACK | SA_NODEFER */
const HANDLER_FLAGS = 0x4 | 0x0800_0000 | 0x4000_0000;
/**
 * Far from the program and from what the emulator places: the window around memory need not be mapped to be guarded. Mapping 8 GiB costs the emulator
 * 50 ms, more than most tests take.
 */
const WINDOW_AT = 0x10_0000_0000n;

/** What all parts of the program are written with. */
export class Ground {
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
}

export function prepare(g: Ground): void {
  const { a } = g;
  const word = g.xlen / 8;
  g.map(Math.max(g.options.maxPages, 1) * 65536, prot.none, g.xlen === 64 ? WINDOW_AT : 0n);
  g.store(r.a0, "native.base");
  a.mv(memoryBase, r.a0);
  g.protect(g.options.pages * 65536, prot.rw);
  g.map(STACK + STACK_GUARD, prot.rw);
  g.store(r.a0, "native.stack");
  g.protect(STACK_GUARD, prot.none);
  // stack_t { address, flags, size } and struct sigaction { handler, flags, mask }, on the stack
  a.i("addi", r.sp, r.sp, -64);
  a.la(r.t0, "native.signal_stack");
  a.store(wordStore(a), r.t0, r.sp);
  a.store(wordStore(a), r.zero, r.sp, word);
  a.li(r.t0, BigInt(SIGNAL_STACK));
  a.store(wordStore(a), r.t0, r.sp, 2 * word);
  a.mv(r.a0, r.sp);
  a.li(r.a1, 0n);
  g.syscall(syscalls.sigaltstack);
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
    g.syscall(syscalls.sigaction);
  }
  a.i("addi", r.sp, r.sp, 64);
  a.i("andi", r.sp, r.sp, -16);
}

/** `rt.memory_grow(delta)`: the old size, or -1. */
export function growMemory(g: Ground): void {
  const { a } = g;
  const refuse = a.label();
  a.symbol("rt.memory_grow");
  a.loadFrom("lw", r.t0, "rt.memory_pages");
  a.li(r.t1, BigInt(g.options.maxPages));
  a.r("sub", r.t1, r.t1, r.t0);
  a.branch("ltu", r.t1, r.a0, refuse);
  a.r("add", r.t2, r.t0, r.a0);
  a.shift("slli", r.a1, r.t2, 16);
  g.load(r.a0, "native.base");
  a.li(r.a2, BigInt(prot.rw));
  // Nothing to protect is an error for some.
  const grown = a.label();
  a.branch("eq", r.a1, r.zero, grown);
  g.syscall(syscalls.mprotect);
  a.branch("ne", r.a0, r.zero, refuse);
  a.bind(grown);
  a.storeTo("sw", r.t2, "rt.memory_pages", r.t6);
  a.shift("slli", r.t2, r.t2, 16);
  a.storeTo("sw", r.t2, "rt.memory_bytes", r.t6);
  a.mv(r.a0, r.t0);
  a.ret();
  a.bind(refuse);
  a.li(r.a0, -1n);
  a.ret();
}
