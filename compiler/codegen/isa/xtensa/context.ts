/** What instruction writers work with. */
import type { Context as Common } from "../context.ts";
import { type Assembler, fits8 } from "./assembler.ts";
import { type Reg, sp } from "./regs.ts";

export { inReg, register } from "../context.ts";

export type Context = Common<Assembler>;

/** The greatest offset of a word that an access can have. */
export const MOST_OFFSET = 1020;

/** Can it be added by one instruction, or by two? */
export const isAddend = (value: number): boolean => value >= -32768 && value <= 32512 + 127;

/** Adds a constant, through `by` if it is large. */
export function addConstant(a: Assembler, to: Reg, from: Reg, value: number, by: Reg): void {
  if (value === 0) return a.mv(to, from);
  if (fits8(value)) return a.addi(to, from, value);
  const high = (value + 128) & ~255;
  if (!isAddend(value) || !fits8(high >> 8)) {
    a.li(by, BigInt(value));
    return a.r("add", to, from, by);
  }
  a.addi(to, from, high);
  if (value !== high) a.addi(to, to, value - high);
}

/** The stack pointer and an offset, or `by` as the sum of both where it does not fit an instruction. */
export function stackAt(a: Assembler, offset: number, by: Reg): { base: Reg; offset: number } {
  if (offset <= MOST_OFFSET) return { base: sp, offset };
  a.li(by, BigInt(offset));
  a.r("add", by, by, sp);
  return { base: by, offset: 0 };
}
