/** Carries out an access that faulted because it was not aligned, bytewise, as LX6 does it in hardware and other cores do not. */
import type { Assembler } from "./assembler.ts";
import * as r from "./regs.ts";

/** Where what was interrupted is kept: its program counter, and a0 to a15, from the address of both. */
export interface Interrupted {
  readonly pc: number;
  readonly registers: number;
}

/** Of the wide forms: their field r. */
const wide = [
  { field: 1, bytes: 2, store: false, signed: false },
  { field: 2, bytes: 4, store: false, signed: false },
  { field: 5, bytes: 2, store: true, signed: false },
  { field: 6, bytes: 4, store: true, signed: false },
  { field: 9, bytes: 2, store: false, signed: true },
] as const;
/** Of the short forms: their field op0. */
const short = [
  { field: 8, bytes: 4, store: false, signed: false },
  { field: 9, bytes: 4, store: true, signed: false },
] as const;

/** a4: what was interrupted, a5: where the instruction is, a6: the address that it wants. Returns once that is done, and goes on here if it is something else. */
export function carryOut(a: Assembler, at: Interrupted): void {
  const none = a.label();
  const isShort = a.label();
  a.load("l8ui", r.a7, r.a5);
  a.load("l8ui", r.a8, r.a5, 1);
  // a9: where the register is that it names.
  a.srli(r.a9, r.a7, 4);
  a.r("addx4", r.a9, r.a9, r.a4);
  a.addi(r.a9, r.a9, at.registers);
  a.extui(r.a7, r.a7, 0, 4);
  a.branchConstant("bgei", r.a7, 8, isShort);
  a.srli(r.a8, r.a8, 4);
  choose(a, r.a8, wide, 3, at);
  a.jump(none);
  a.bind(isShort);
  choose(a, r.a7, short, 2, at);
  a.bind(none);
}

function choose(
  a: Assembler,
  field: r.Reg,
  forms: typeof wide | typeof short,
  length: number,
  { pc }: Interrupted,
): void {
  for (const { field: wanted, bytes, store, signed } of forms) {
    const other = a.label();
    a.li(r.a10, BigInt(wanted));
    a.branch("bne", field, r.a10, other);
    if (store) writeBytes(a, bytes);
    else readBytes(a, bytes, signed);
    a.addi(r.a5, r.a5, length);
    a.store("s32i", r.a5, r.a4, pc);
    a.ret();
    a.bind(other);
  }
}

function readBytes(a: Assembler, bytes: number, signed: boolean): void {
  a.load("l8ui", r.a10, r.a6);
  for (let n = 1; n < bytes; n++) {
    a.load("l8ui", r.a11, r.a6, n);
    a.slli(r.a11, r.a11, 8 * n);
    a.r("or", r.a10, r.a10, r.a11);
  }
  if (signed) a.sext(r.a10, r.a10, 16);
  a.store("s32i", r.a10, r.a9);
}

function writeBytes(a: Assembler, bytes: number): void {
  a.load("l32i", r.a10, r.a9);
  for (let n = 0; n < bytes; n++) {
    a.store("s8i", r.a10, r.a6, n);
    a.srli(r.a10, r.a10, 8);
  }
}
