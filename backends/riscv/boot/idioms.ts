/** Turns of phrase of boot code. */
import { RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { fields } from "./layout.ts";

const { ra, sp, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

/** How many bits registers have. */
export type Width = 32 | 64;

/** A section of code that begins with its own name. */
export function routine(xlen: Width, name: string, write: (a: RiscvAssembler) => void): Section {
  const a = new RiscvAssembler(xlen);
  a.symbol(name);
  write(a);
  return a.section(name, "rx", 4);
}

export const loadWord = (a: RiscvAssembler, to: Reg, base: Reg, offset = 0): void =>
  a.load(a.xlen === 64 ? "ld" : "lw", to, base, offset);
export const storeWord = (a: RiscvAssembler, from: Reg, base: Reg, offset = 0): void =>
  a.store(a.xlen === 64 ? "sd" : "sw", from, base, offset);
export const loadWordFrom = (a: RiscvAssembler, to: Reg, symbol: string, addend = 0): void =>
  a.loadFrom(a.xlen === 64 ? "ld" : "lw", to, symbol, addend);
/** `by` is destroyed. */
export const storeWordTo = (a: RiscvAssembler, from: Reg, symbol: string, by: Reg, addend = 0): void =>
  a.storeTo(a.xlen === 64 ? "sd" : "sw", from, symbol, by, addend);

/** Keeps the return address and `regs` on the stack while `body` runs. */
export function keeping(a: RiscvAssembler, regs: readonly Reg[], body: () => void): void {
  const all = [ra, ...regs];
  const size = Math.ceil(all.length / 2) * 16;
  a.i("addi", sp, sp, -size);
  all.forEach((reg, n) => {
    storeWord(a, reg, sp, 8 * n);
  });
  body();
  all.forEach((reg, n) => {
    loadWord(a, reg, sp, 8 * n);
  });
  a.i("addi", sp, sp, size);
}

/** Of fields, which have 64 bits, what a register holds. */
export function loadField(a: RiscvAssembler, to: Reg, field: keyof typeof fields): void {
  loadWordFrom(a, to, "boot.record", 8 * fields[field]);
}

/** `by` is destroyed. */
export function storeField(a: RiscvAssembler, from: Reg, field: keyof typeof fields, by: Reg): void {
  storeWordTo(a, from, "boot.record", by, 8 * fields[field]);
}

/** The page that an entry leads to, or the other way round: physical address × 2^-12 × 2^10. */
export function entryFromAddress(a: RiscvAssembler, to: Reg, address: Reg): void {
  a.shift("srli", to, address, 12);
  a.shift("slli", to, to, 10);
}

export function addressFromEntry(a: RiscvAssembler, to: Reg, entry: Reg): void {
  a.shift("srli", to, entry, 10);
  a.shift("slli", to, to, 12);
}

/** Copies `size` bytes, a multiple of 8, with registers `from`, `to` and `end` moved on; `by` is destroyed. */
export function copyWords(a: RiscvAssembler, to: Reg, from: Reg, end: Reg, by: Reg): void {
  const done = a.label();
  const next = a.here();
  a.branch("geu", to, end, done);
  loadWord(a, by, from);
  storeWord(a, by, to);
  a.i("addi", from, from, a.xlen / 8);
  a.i("addi", to, to, a.xlen / 8);
  a.jump(next);
  a.bind(done);
}

/** Zeros from `at` to `end`, both multiples of 8. */
export function wipe(a: RiscvAssembler, at: Reg, end: Reg): void {
  const done = a.label();
  const next = a.here();
  a.branch("geu", at, end, done);
  storeWord(a, zero, at);
  a.i("addi", at, at, a.xlen / 8);
  a.jump(next);
  a.bind(done);
}
