/** Turns of phrase of boot code. a8 and a9 are free between its instructions. */
import { type Section, XtensaAssembler, xtensaRegs } from "#codegen";
import { fields } from "./layout.ts";

const { a8 } = xtensaRegs;
type Reg = xtensaRegs.Reg;

/** A section of code that begins with its own name, behind its literals. */
export function routine(name: string, write: (a: XtensaAssembler) => void): Section {
  const a = new XtensaAssembler();
  a.symbol(name);
  write(a);
  return a.section(name, "rx", 4);
}

/** Goes on elsewhere, and returns to the caller from there. */
export function tail(a: XtensaAssembler, symbol: string, by: Reg = a8): void {
  a.la(by, symbol);
  a.jumpTo(by);
}

export function loadFrom(a: XtensaAssembler, to: Reg, symbol: string, addend = 0): void {
  a.la(to, symbol, addend);
  a.load("l32i", to, to);
}

export function storeTo(a: XtensaAssembler, from: Reg, symbol: string, addend = 0, by: Reg = a8): void {
  a.la(by, symbol, addend);
  a.store("s32i", from, by);
}

/** Of fields, which have 64 bits, the lower half. */
export const loadField = (a: XtensaAssembler, to: Reg, field: keyof typeof fields): void =>
  loadFrom(a, to, "boot.record", 8 * fields[field]);

/** Destroys a8. */
export const storeField = (a: XtensaAssembler, from: Reg, field: keyof typeof fields): void =>
  storeTo(a, from, "boot.record", 8 * fields[field]);

/** Copies words from `from` until `to` is `end`; all three are moved on, `by` is destroyed. */
export function copyWords(a: XtensaAssembler, to: Reg, from: Reg, end: Reg, by: Reg): void {
  const done = a.label();
  const next = a.here();
  a.branch("bgeu", to, end, done);
  a.load("l32i", by, from);
  a.store("s32i", by, to);
  a.addi(from, from, 4);
  a.addi(to, to, 4);
  a.jump(next);
  a.bind(done);
}

/** Zeros from `at` to `end`, both multiples of 4; `by` is destroyed. */
export function wipe(a: XtensaAssembler, at: Reg, end: Reg, by: Reg): void {
  const done = a.label();
  a.li(by, 0n);
  const next = a.here();
  a.branch("bgeu", at, end, done);
  a.store("s32i", by, at);
  a.addi(at, at, 4);
  a.jump(next);
  a.bind(done);
}

/** A byte where only whole words can be read, as in the memory of code: `at` is any address and is destroyed, like `by`. */
export function loadCodeByte(a: XtensaAssembler, to: Reg, at: Reg, by: Reg): void {
  a.extui(by, at, 0, 2);
  a.r("sub", at, at, by);
  a.load("l32i", to, at);
  a.slli(by, by, 3);
  a.amount("ssr", by);
  a.rt("srl", to, to);
  a.extui(to, to, 0, 8);
}
