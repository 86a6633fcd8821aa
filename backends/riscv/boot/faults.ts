/**
 * Exceptions. A page fault in linear memory is answered with the page; everything else that compiled code does wrong is a trap, and a trap is a
 * warm restart. A fault anywhere else, or restarts without an end, stop the machine. Interrupts are never taken: they only end `wfi`.
 */
import { type Label, type RiscvAssembler, riscvRegs, type Section, symbols } from "#codegen";
import {
  loadField,
  loadWord,
  loadWordFrom,
  routine,
  storeField,
  storeWord,
  storeWordTo,
  type Width,
} from "./idioms.ts";
import { causes, PAGE, RESTART_LIMIT, TRAP_CAUSE, TRAP_REQUEST, WINDOW, WINDOW_SIZE } from "./layout.ts";
import { processorTime, type TrapClock } from "./run.ts";

const { ra, sp, t0, t1, t2, t3, t4, t5, t6, a0, a1, a2, a3, a4, a5, a6, a7, zero } = riscvRegs;
const saved = [ra, t0, t1, t2, t3, t4, t5, t6, a0, a1, a2, a3, a4, a5, a6, a7];
const trapCode = { memory: 1, stack: 7 } as const;

/** `stvec`. */
export function faultEntry(xlen: Width): Section {
  return routine(xlen, "boot.fault_entry", (a) => {
    const [ours, outside] = [a.label(), a.label()];
    a.csr("csrrw", sp, "sscratch", sp);
    a.i("addi", sp, sp, -8 * saved.length);
    saved.forEach((reg, n) => {
      storeWord(a, reg, sp, 8 * n);
    });
    a.csr("csrrs", t0, "sepc", zero);
    a.la(t1, "image.compiled");
    a.la(t2, "image.compiled_end");
    a.r("sub", t0, t0, t1);
    a.r("sub", t2, t2, t1);
    a.branch("ltu", t0, t2, ours);
    a.tail("boot.fatal");
    a.bind(ours);
    a.csr("csrrs", t1, "scause", zero);
    a.csr("csrrs", a0, "stval", zero);
    if (xlen === 64) pageIn(a, outside);
    a.bind(outside);
    a.tail("boot.trap");
  });
}

/** The page that is missing, if there is one, and on with the program. */
function pageIn(a: RiscvAssembler, outside: Label): void {
  a.li(t2, BigInt(causes.loadPage));
  a.mv(a1, zero);
  const read = a.label();
  a.branch("eq", t1, t2, read);
  a.i("addi", t2, t2, causes.storePage - causes.loadPage);
  a.branch("ne", t1, t2, outside);
  a.li(a1, 1n);
  a.bind(read);
  a.li(t2, WINDOW);
  a.r("sub", t2, a0, t2);
  a.loadFrom("lwu", t3, symbols.memoryPages);
  a.shift("slli", t3, t3, 16);
  a.branch("geu", t2, t3, outside);
  a.mv(a0, t2);
  a.call("boot.page");
  saved.forEach((reg, n) => {
    loadWord(a, reg, sp, 8 * n);
  });
  a.i("addi", sp, sp, 8 * saved.length);
  a.csr("csrrw", sp, "sscratch", sp);
  a.plain("sret");
}

interface TrapOptions {
  readonly clock?: TrapClock;
  /** Bytes below the stack that nobody may touch. */
  readonly guard?: number;
  /** The stack for faults is in `sscratch`, where the entry for faults looks for it. */
  readonly keepsStack?: boolean;
  /** How far behind an instruction's address the same bytes are read, where they are not read as they are executed. */
  readonly codeAsData?: number;
}

/** t0: how far into compiled code; t1: the cause; a0: what was touched. Says what happened in the boot record, then starts again. */
export function trap(
  xlen: Width,
  { clock = processorTime, guard = PAGE, keepsStack = true, codeAsData = 0 }: TrapOptions = {},
): Section {
  return routine(xlen, "boot.trap", (a) => {
    const known = a.label();
    invalid(a, known, codeAsData);
    if (xlen === 64) windowFault(a, known);
    stackFault(a, known, guard);
    a.i("addi", t3, t1, TRAP_CAUSE);
    a.bind(known);
    // Falls into: t3 is the trap.
    a.symbol("boot.trapped");
    storeField(a, t0, "trapAddress", t2);
    storeField(a, t3, "trap", t2);
    storeField(a, a0, "trapTarget", t2);
    a.mv(a0, t0);
    a.call("boot.locate");
    // Falls into: the trap is recorded.
    a.symbol("boot.restart");
    restart(a, clock, keepsStack);
  });
}

/** A trap instruction of compiled code is followed by its code. */
function invalid(a: RiscvAssembler, known: Label, codeAsData: number): void {
  const other = a.label();
  a.li(t2, BigInt(causes.illegal));
  a.branch("ne", t1, t2, other);
  a.la(t2, "image.compiled", codeAsData);
  a.r("add", t2, t2, t0);
  a.load("lhu", t3, t2, 2);
  a.mv(a0, zero);
  a.jump(known);
  a.bind(other);
}

/** t3 becomes what it was; a0 the place in linear memory. */
function windowFault(a: RiscvAssembler, known: Label): void {
  const elsewhere = a.label();
  a.li(t2, WINDOW);
  a.r("sub", t2, a0, t2);
  a.li(t4, WINDOW_SIZE);
  a.branch("geu", t2, t4, elsewhere);
  a.mv(a0, t2);
  a.li(t3, BigInt(trapCode.memory));
  a.jump(known);
  a.bind(elsewhere);
}

/** `size`: bytes below the stack that nobody may touch. */
function stackFault(a: RiscvAssembler, known: Label, size: number): void {
  a.la(t2, "boot.guard");
  a.r("sub", t2, a0, t2);
  a.li(t4, BigInt(size));
  a.li(t3, BigInt(trapCode.stack));
  a.branch("ltu", t2, t4, known);
}

function restart(a: RiscvAssembler, clock: TrapClock, keepsStack: boolean): void {
  const [lived, again, enough] = [a.label(), a.label(), a.label()];
  a.la(sp, "boot.fault_stack.end");
  if (keepsStack) a.csr("csrrw", zero, "sscratch", sp);
  loadField(a, t0, "restarts");
  a.i("addi", t0, t0, 1);
  storeField(a, t0, "restarts", t1);
  clock.now(a);
  loadWordFrom(a, t1, "boot.record", 8 * clock.started);
  a.r("sub", t0, t0, t1);
  loadWordFrom(a, t1, "boot.record", 8 * clock.rate);
  a.branch("geu", t0, t1, lived);
  loadWordFrom(a, t0, "boot.in_a_row");
  a.i("addi", t0, t0, 1);
  storeWordTo(a, t0, "boot.in_a_row", t1);
  a.i("slti", t1, t0, RESTART_LIMIT);
  a.branch("ne", t1, zero, again);
  a.jump(enough);
  a.bind(lived);
  storeWordTo(a, zero, "boot.in_a_row", t1);
  a.bind(again);
  a.la(sp, "boot.stack.end");
  a.call("boot.quiet");
  if (a.xlen === 64) a.call("boot.restore");
  a.tail("boot.run");
  a.bind(enough);
  a.tail("boot.loop");
}

/** `hw.restart()`: asked for, not a fault. */
export function request(xlen: Width): Section {
  return routine(xlen, "hw.restart", (a) => {
    a.li(t0, BigInt(TRAP_REQUEST));
    storeField(a, t0, "trap", t1);
    a.tail("boot.restart");
  });
}

/** a0: how far into compiled code. The function's number and the place in it go to the record. Sizes are a list of LEB128 numbers, 0 ends it. */
export function locate(xlen: Width): Section {
  return routine(xlen, "boot.locate", (a) => {
    const [next, more, done] = [a.label(), a.label(), a.label()];
    a.la(t0, "image.functions");
    a.mv(a1, zero);
    a.bind(next);
    a.mv(t1, zero);
    a.mv(t2, zero);
    a.bind(more);
    a.load("lbu", t3, t0);
    a.i("addi", t0, t0, 1);
    a.i("andi", t4, t3, 127);
    a.r("sll", t4, t4, t2);
    a.r("or", t1, t1, t4);
    a.i("addi", t2, t2, 7);
    a.i("andi", t3, t3, 128);
    a.branch("ne", t3, zero, more);
    a.branch("eq", t1, zero, done);
    a.branch("ltu", a0, t1, done);
    a.r("sub", a0, a0, t1);
    a.i("addi", a1, a1, 1);
    a.jump(next);
    a.bind(done);
    storeField(a, a1, "trapFunction", t0);
    storeField(a, a0, "trapOffset", t0);
    a.ret();
  });
}
