/** One SSA function → one section of machine code, and its jump tables. */
import type { Section } from "../../object/section.ts";
import type { Func } from "../../ssa/func.ts";
import { compileFramed, type FrameRules } from "../framed.ts";
import type { ModuleFacts } from "../isa.ts";
import { addressing, registerFile, scratch } from "./abi.ts";
import { Assembler } from "./assembler.ts";
import { addConstant, MOST_OFFSET, stackAt } from "./context.ts";
import { Lowering } from "./lowering.ts";
import { a0, sp } from "./regs.ts";
import { arithmeticRules, mulhi_u } from "./rules-arithmetic.ts";
import { callRules } from "./rules-call.ts";
import { controlRules } from "./rules-control.ts";
import { intrinsicRules } from "./rules-intrinsic.ts";
import { memoryRules } from "./rules-memory.ts";

const rules = { ...arithmeticRules, ...memoryRules, ...controlRules, ...callRules, ...intrinsicRules };
const highRules = { ...rules, mulhi_u };

/** What cores have or have not. */
export interface Variant {
  /** The upper half of a product: `muluh` (Xtensa ISA, 4.3.6: Mul32High). */
  readonly high: boolean;
}

export const compileFunction = ({ high }: Variant, func: Func, facts: ModuleFacts): readonly Section[] =>
  compileFramed(new Lowering(func, facts, high ? highRules : rules), frameRules);

const frameRules: FrameRules<Assembler> = {
  word: 4,
  registerFile,
  link: a0,
  scratch,
  most: MOST_OFFSET,
  assembler: () => new Assembler(),
  constant: (a, to, value) => a.li(to, value),
  copy: (a, to, from) => a.mv(to, from),
  load(a, to, at) {
    const { base, offset } = stackAt(a, at, to);
    a.load("l32i", to, base, offset);
  },
  store(a, from, at) {
    const { base, offset } = stackAt(a, at, addressing);
    a.store("s32i", from, base, offset);
  },
  moveStack: (a, by) => addConstant(a, sp, sp, by, scratch),
  touch(a, down) {
    a.li(scratch, BigInt(-down));
    a.r("add", scratch, scratch, sp);
    a.load("l8ui", scratch, scratch);
  },
};
