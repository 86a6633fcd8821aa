/** Turns of phrase of boot code for the ESP32-C3. */
import { type RiscvAssembler, riscvRegs } from "#codegen";
import { fields } from "../../esp32/boot/layout.ts";
import { loadWordFrom, storeWordTo } from "../../riscv/boot/idioms.ts";

type Reg = riscvRegs.Reg;

/** A word as registers of 32 bits have it. */
export const word = (value: number): bigint => BigInt.asIntN(32, BigInt(value));

/** Writes a register of a device; t1 and t2 are destroyed. */
export function set(a: RiscvAssembler, address: number, value: number): void {
  const { t1, t2 } = riscvRegs;
  a.li(t1, word(address));
  a.li(t2, word(value));
  a.store("sw", t2, t1);
}

/** `by` is destroyed. Fields have 64 bits. */
export function storeField(a: RiscvAssembler, from: Reg, field: keyof typeof fields, by: Reg): void {
  storeWordTo(a, from, "boot.record", by, 8 * fields[field]);
}

export function loadField(a: RiscvAssembler, to: Reg, field: keyof typeof fields): void {
  loadWordFrom(a, to, "boot.record", 8 * fields[field]);
}
