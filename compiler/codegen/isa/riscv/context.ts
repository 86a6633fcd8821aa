/** What instruction writers work with. */
import type { Context as Common } from "../context.ts";
import { type Assembler, fits12 } from "./assembler.ts";
import { type Reg, sp } from "./regs.ts";

export { inReg, register } from "../context.ts";

export type Context = Common<Assembler>;

/** The load and store of a whole register. */
export const wordLoad = ({ xlen }: Assembler) => (xlen === 64 ? "ld" : "lw");
export const wordStore = ({ xlen }: Assembler) => (xlen === 64 ? "sd" : "sw");

/** The stack pointer and an offset, or `by` as the sum of both where it does not fit an instruction. */
export function stackAt(a: Assembler, offset: number, by: Reg): { base: Reg; offset: number } {
  if (fits12(offset)) return { base: sp, offset };
  a.li(by, BigInt(offset));
  a.r("add", by, by, sp);
  return { base: by, offset: 0 };
}
