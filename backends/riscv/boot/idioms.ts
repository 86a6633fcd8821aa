/** Turns of phrase of boot code. */
import { RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { fields } from "./layout.ts";

const { ra, sp, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

/** A section of code that begins with its own name. */
export function routine(name: string, write: (a: RiscvAssembler) => void): Section {
  const a = new RiscvAssembler(64);
  a.symbol(name);
  write(a);
  return a.section(name, "rx", 4);
}

/** Keeps the return address and `regs` on the stack while `body` runs. */
export function keeping(a: RiscvAssembler, regs: readonly Reg[], body: () => void): void {
  const all = [ra, ...regs];
  const size = Math.ceil(all.length / 2) * 16;
  a.i("addi", sp, sp, -size);
  all.forEach((reg, n) => {
    a.store("sd", reg, sp, 8 * n);
  });
  body();
  all.forEach((reg, n) => {
    a.load("ld", reg, sp, 8 * n);
  });
  a.i("addi", sp, sp, size);
}

export function loadField(a: RiscvAssembler, to: Reg, field: keyof typeof fields): void {
  a.loadFrom("ld", to, "boot.record", 8 * fields[field]);
}

/** `by` is destroyed. */
export function storeField(a: RiscvAssembler, from: Reg, field: keyof typeof fields, by: Reg): void {
  a.storeTo("sd", from, "boot.record", by, 8 * fields[field]);
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
  a.load("ld", by, from);
  a.store("sd", by, to);
  a.i("addi", from, from, 8);
  a.i("addi", to, to, 8);
  a.jump(next);
  a.bind(done);
}

/** Zeros from `at` to `end`, both multiples of 8. */
export function wipe(a: RiscvAssembler, at: Reg, end: Reg): void {
  const done = a.label();
  const next = a.here();
  a.branch("geu", at, end, done);
  a.store("sd", zero, at);
  a.i("addi", at, at, 8);
  a.jump(next);
  a.bind(done);
}
