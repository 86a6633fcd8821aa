/**
 * Signals of the processor. What compiled code does wrong is a trap, and a trap is a warm restart: handlers never return, they go on at the
 * beginning. A fault anywhere else, or restarts without an end, end the process.
 */
import { Assembler, regs, type Section } from "#codegen";
import { PAGE } from "../../native/snapshot.ts";
import { SI_ADDR, signals, UCONTEXT_RIP } from "./kernel.ts";
import {
  exitCodes,
  RESTART_LIMIT,
  SECOND_OF_LIFE,
  TRAP_REQUEST,
  TRAP_SIGNAL,
  WINDOW,
  WINDOW_SIZE,
} from "./layout.ts";
import { forget } from "./memory.ts";
import { field } from "./state.ts";
import { complain, type Texts } from "./texts.ts";

const { rax, rcx, rdx, rbx, rbp, rsp, rsi, rdi, r8, r9 } = regs;

const trapCode = { memory: 1, divide: 2, stack: 7 } as const;

/** Handler of the four signals: rdi is its number, rsi what is known of it, rdx the processor's state. */
export function fault(texts: Texts, memoryBytes: number): Section {
  const a = new Assembler();
  const [known, inside, outside] = [a.label(), a.label(), a.label()];
  a.symbol("boot.fault");
  a.mov(4, rbx, rdi);
  a.mov(8, r9, { base: rsi, disp: SI_ADDR });
  a.mov(8, rbp, { base: rdx, disp: UCONTEXT_RIP });
  a.mov(8, r8, rbp);
  a.movAddress(rdx, "image.compiled");
  a.alu("sub", 8, r8, rdx);
  // The end of the stack may be met in boot code that was called there.
  a.movAddress(rcx, "boot.guard");
  a.mov(8, rdi, r9);
  a.alu("sub", 8, rdi, rcx);
  a.movImm(rax, BigInt(trapCode.stack));
  a.alu("cmp", 8, rdi, { imm: PAGE });
  a.jump(known, "b");
  a.movAddress(rcx, "image.compiled_end");
  a.alu("sub", 8, rcx, rdx);
  a.alu("cmp", 8, r8, rcx);
  a.jump(inside, "b");
  complain(
    a,
    texts,
    "trouble",
    "signal ",
    { number: rbx, base: 10 },
    " in boot code at 0x",
    { number: rbp, base: 16 },
    "; please report it",
  );
  a.bind(inside);
  // Of these two the address is the instruction's own.
  a.mov(8, rsi, r9);
  a.alu("xor", 4, r9, r9);
  a.movImm(rax, BigInt(trapCode.divide));
  a.alu("cmp", 4, rbx, { imm: signals.fpe });
  a.jump(known, "e");
  // A trap instruction of compiled code is followed by its code.
  a.extend(false, 4, 1, rax, { base: rbp, disp: 2 });
  a.alu("cmp", 4, rbx, { imm: signals.ill });
  a.jump(known, "e");
  a.mov(8, r9, rsi);
  a.mov(8, rdi, r9);
  a.movImm(rcx, WINDOW);
  a.alu("sub", 8, rdi, rcx);
  a.movImm(rcx, WINDOW_SIZE);
  a.alu("cmp", 8, rdi, rcx);
  a.jump(outside, "ae");
  a.mov(8, r9, rdi);
  a.movImm(rax, BigInt(trapCode.memory));
  a.alu("cmp", 4, rbx, { imm: signals.segv });
  a.jump(known, "e");
  a.bind(outside);
  a.rm("lea", 4, rax, { base: rbx, disp: TRAP_SIGNAL });
  a.bind(known);
  a.mov(8, field("trap"), rax);
  a.mov(8, field("trapAddress"), r8);
  a.mov(8, field("trapTarget"), r9);
  a.call("boot.locate");
  // Falls into: the trap is recorded.
  a.symbol("boot.restart");
  restart(a, texts, memoryBytes);
  return a.section("boot.fault");
}

function restart(a: Assembler, texts: Texts, memoryBytes: number): void {
  const [lived, again] = [a.label(), a.label()];
  a.unary("inc", 8, field("restarts"));
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rax, rdx);
  a.alu("sub", 8, rax, { symbol: "boot.started" });
  a.movImm(rcx, SECOND_OF_LIFE);
  a.alu("cmp", 8, rax, rcx);
  a.jump(lived, "ae");
  a.unary("inc", 4, { symbol: "boot.in_a_row" });
  a.alu("cmp", 4, { symbol: "boot.in_a_row" }, { imm: RESTART_LIMIT });
  a.jump(again, "b");
  complain(
    a,
    texts,
    "trouble",
    "it fails again and again: trap ",
    { number: field("trap"), base: 10 },
    " in function ",
    { number: field("trapFunction"), base: 10 },
    " + 0x",
    { number: field("trapOffset"), base: 16 },
    ", address 0x",
    { number: field("trapTarget"), base: 16 },
  );
  a.bind(lived);
  a.storeImm(4, { symbol: "boot.in_a_row" }, 0);
  a.bind(again);
  // The signal's stack is left by not being on it; nothing was blocked.
  a.movAddress(rsp, "boot.stack.end");
  forget(a, memoryBytes);
  a.jumpSymbol("boot.run");
}

/** `system.restart()`: asked for, not a fault. */
export function request(): Section {
  const a = new Assembler();
  a.symbol("system.restart");
  a.storeImm(8, field("trap"), TRAP_REQUEST);
  a.jumpSymbol("boot.restart");
  return a.section("system.restart");
}

/** SIGTERM and SIGINT: the process that is the first of a container ends of them only if it has a handler. */
export function askedToEnd(): Section {
  const a = new Assembler();
  a.symbol("boot.asked_to_end");
  a.movImm(rdi, BigInt(exitCodes.done));
  a.jumpSymbol("boot.exit");
  return a.section("boot.asked_to_end");
}
