/**
 * Exceptions. An access of compiled code that is not aligned is carried out, where the processor does not do it itself; everything else that compiled code does
 * wrong is a trap, and a trap is a warm restart. A fault anywhere else, or restarts without an end, stop the machine. Interrupts only end `waiti`.
 */
import {
  carryOutUnaligned,
  type Label,
  type Section,
  trapCodes,
  type XtensaAssembler,
  xtensaRegs,
} from "#codegen";
import { interrupted } from "./entry.ts";
import { loadCodeByte, loadField, loadFrom, routine, storeField, storeTo, tail } from "./idioms.ts";
import {
  BELOW_STACK,
  causes,
  fields,
  frame,
  PROGRAM_STATE,
  RESTART_LIMIT,
  STACK_GUARD,
  TRAP_CAUSE,
  TRAP_REQUEST,
} from "./layout.ts";

const { a0, sp, a2, a3, a4, a5, a6, a7, a8, a12, a13, a14 } = xtensaRegs;
const stackTrap = trapCodes.stack.code;
const registers = Array.from({ length: 15 }, (_, n) => n + 1);

/** Level 1, of the program or of boot code. */
export function exception(): Section {
  return routine("boot.exception", (a) => {
    const [other, outside, aligned] = [a.label(), a.label(), a.label()];
    a.special("rsr", a0, "exccause");
    a.branchConstant("bnei", a0, causes.interrupt, other);
    interrupted(a);
    a.bind(other);
    save(a, "excsave1");
    a.la(sp, "boot.fault_stack.end");
    a.special("rsr", a5, "epc1");
    a.store("s32i", a5, a4, frame.pc);
    a.special("rsr", a3, "exccause");
    a.special("rsr", a6, "excvaddr");
    compiled(a, outside);
    a.li(a7, BigInt(causes.unaligned));
    a.branch("bne", a3, a7, aligned);
    a.call("boot.carry_out");
    resume(a);
    a.bind(aligned);
    tail(a, "boot.trap");
    a.bind(outside);
    tail(a, "boot.fatal");
  });
}

/** a0 to a15 go to the frame, and SAR; a4 becomes the frame's address. What a0 was is in `from`. */
function save(a: XtensaAssembler, from: "excsave1" | "excsave6"): void {
  a.la(a0, "boot.frame");
  for (const n of registers) a.store("s32i", n, a0, frame.registers + 4 * n);
  a.mv(a4, a0);
  a.special("rsr", a2, from);
  a.store("s32i", a2, a4, frame.registers);
  a.special("rsr", a2, "sar");
  a.store("s32i", a2, a4, frame.sar);
}

/** On with the program, as the frame has it. */
function resume(a: XtensaAssembler): void {
  a.la(a0, "boot.frame");
  a.load("l32i", a2, a0, frame.pc);
  a.special("wsr", a2, "epc1");
  a.load("l32i", a2, a0, frame.sar);
  a.special("wsr", a2, "sar");
  for (const n of registers) a.load("l32i", n, a0, frame.registers + 4 * n);
  a.load("l32i", a0, a0, frame.registers);
  a.plain("rsync");
  a.plain("rfe");
}

/** a2: how far a5 is into compiled code, if it is there. */
function compiled(a: XtensaAssembler, outside: Label): void {
  a.la(a7, "image.compiled");
  a.r("sub", a2, a5, a7);
  a.la(a8, "image.compiled_end");
  a.r("sub", a8, a8, a7);
  a.branch("bgeu", a2, a8, outside);
}

/** a4: the frame, a5: where the program was, a6: what it wants to touch. Returns when that is done. */
export function carryOut(): Section {
  return routine("boot.carry_out", (a) => {
    loadField(a, a7, "unaligned");
    a.addi(a7, a7, 1);
    storeField(a, a7, "unaligned");
    carryOutUnaligned(a, frame);
    // No such access: a2 and a3 are still what `boot.trap` wants.
    tail(a, "boot.trap");
  });
}

/** The stack is used up: somebody wrote to its last words. */
export function debug(): Section {
  return routine("boot.debug", (a) => {
    const outside = a.label();
    save(a, "excsave6");
    a.la(sp, "boot.fault_stack.end");
    a.special("rsr", a5, "epc6");
    a.la(a6, "boot.stack");
    a.li(a3, BigInt(stackTrap));
    compiled(a, outside);
    tail(a, "boot.trapped");
    a.bind(outside);
    tail(a, "boot.fatal");
  });
}

/** What is never let in. */
export function unexpected(): Section {
  return routine("boot.unexpected", (a) => {
    a.la(sp, "boot.fault_stack.end");
    a.special("rsr", a3, "exccause");
    a.special("rsr", a5, "epc1");
    a.special("rsr", a6, "excvaddr");
    tail(a, "boot.fatal");
  });
}

/** a2: how far into compiled code; a3: the cause; a5: the instruction; a6: what was touched. Says what happened in the boot record, then starts again. */
export function trap(): Section {
  return routine("boot.trap", (a) => {
    const [legal, elsewhere, known] = [a.label(), a.label(), a.label()];
    a.branchZero("bnez", a3, legal);
    // A trap instruction of compiled code is followed by its code.
    a.addi(a7, a5, 2);
    loadCodeByte(a, a3, a7, a8);
    a.li(a6, 0n);
    a.jump(known);
    a.bind(legal);
    // Below the stack, or in its last words.
    a.la(a7, "boot.stack", -BELOW_STACK);
    a.r("sub", a7, a6, a7);
    a.li(a8, BigInt(BELOW_STACK + STACK_GUARD));
    a.branch("bgeu", a7, a8, elsewhere);
    a.li(a3, BigInt(stackTrap));
    a.jump(known);
    a.bind(elsewhere);
    a.li(a7, BigInt(TRAP_CAUSE));
    a.r("add", a3, a3, a7);
    a.bind(known);
    a.symbol("boot.trapped");
    storeField(a, a2, "trapAddress");
    storeField(a, a3, "trap");
    storeField(a, a6, "trapTarget");
    a.call("boot.locate");
    // Falls into: the trap is recorded.
    a.symbol("boot.restart");
    restart(a);
  });
}

function restart(a: XtensaAssembler): void {
  const [lived, again, enough, same] = [a.label(), a.label(), a.label(), a.label()];
  a.li(a2, BigInt(PROGRAM_STATE));
  a.special("wsr", a2, "ps");
  a.plain("rsync");
  a.la(sp, "boot.stack.end");
  loadField(a, a2, "restarts");
  a.addi(a2, a2, 1);
  storeField(a, a2, "restarts");
  a.call("hw.ticks");
  a.la(a4, "boot.record", 8 * fields.started);
  a.load("l32i", a5, a4);
  a.load("l32i", a6, a4, 4);
  a.r("sub", a12, a2, a5);
  a.r("sub", a13, a3, a6);
  a.branch("bgeu", a2, a5, same);
  a.addi(a13, a13, -1);
  a.bind(same);
  a.branchZero("bnez", a13, lived);
  loadField(a, a14, "hertz");
  a.branch("bgeu", a12, a14, lived);
  loadFrom(a, a2, "boot.in_a_row");
  a.addi(a2, a2, 1);
  storeTo(a, a2, "boot.in_a_row");
  a.li(a3, BigInt(RESTART_LIMIT));
  a.branch("bltu", a2, a3, again);
  a.jump(enough);
  a.bind(lived);
  a.li(a2, 0n);
  storeTo(a, a2, "boot.in_a_row");
  a.bind(again);
  a.call("boot.quiet");
  tail(a, "boot.run");
  a.bind(enough);
  tail(a, "boot.loop");
}

/** `hw.restart()`: asked for, not a fault. */
export function request(): Section {
  return routine("hw.restart", (a) => {
    a.li(a2, BigInt(TRAP_REQUEST));
    storeField(a, a2, "trap");
    tail(a, "boot.restart");
  });
}

/** a2: how far into compiled code. The function's number and the place in it go to the record. Sizes are a list of LEB128 numbers, 0 ends it. */
export function locate(): Section {
  return routine("boot.locate", (a) => {
    const [next, more, done] = [a.label(), a.label(), a.label()];
    a.la(a3, "image.functions");
    a.li(a4, 0n);
    a.bind(next);
    a.li(a5, 0n);
    a.li(a6, 0n);
    a.bind(more);
    a.load("l8ui", a7, a3);
    a.addi(a3, a3, 1);
    a.extui(a8, a7, 0, 7);
    a.amount("ssl", a6);
    a.sll(a8, a8);
    a.r("or", a5, a5, a8);
    a.addi(a6, a6, 7);
    a.branchBit(true, a7, 7, more);
    a.branchZero("beqz", a5, done);
    a.branch("bltu", a2, a5, done);
    a.r("sub", a2, a2, a5);
    a.addi(a4, a4, 1);
    a.jump(next);
    a.bind(done);
    storeField(a, a4, "trapFunction");
    storeField(a, a2, "trapOffset");
    a.ret();
  });
}
