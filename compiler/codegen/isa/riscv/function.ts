/** One SSA function → one section of machine code, and its jump tables. */
import type { Section } from "../../object/section.ts";
import type { Func } from "../../ssa/func.ts";
import { compileFramed, type FrameRules } from "../framed.ts";
import type { ModuleFacts } from "../isa.ts";
import { addressing, registerFile, scratch } from "./abi.ts";
import { shareAddresses } from "./addresses.ts";
import { Assembler, fits12 } from "./assembler.ts";
import { stackAt, wordLoad, wordStore } from "./context.ts";
import { Lowering } from "./lowering.ts";
import { ra, sp, zero } from "./regs.ts";
import { arithmeticRules } from "./rules-arithmetic.ts";
import { bitRules } from "./rules-bits.ts";
import { callRules } from "./rules-call.ts";
import { controlRules } from "./rules-control.ts";
import { floatRules } from "./rules-float.ts";
import { intrinsicRules } from "./rules-intrinsic.ts";
import { isPositive, memoryRules } from "./rules-memory.ts";

/** Bits of a register, and whether there are Zba and Zbb. */
export interface Variant {
  readonly xlen: 32 | 64;
  readonly bits: boolean;
}

const rules = {
  ...arithmeticRules,
  ...floatRules,
  ...memoryRules,
  ...controlRules,
  ...callRules,
  ...intrinsicRules,
};

export function compileFunction({ xlen, bits }: Variant, func: Func, facts: ModuleFacts): readonly Section[] {
  const lowering = new Lowering(func, facts, bits ? { ...rules, ...bitRules } : rules);
  lowering.xlen = xlen;
  lowering.bits = bits;
  lowering.sharedAddresses = shareAddresses(func, (index) => bits || isPositive(lowering, index));
  return compileFramed(lowering, frameRules(xlen));
}

const frameRules = (xlen: 32 | 64): FrameRules<Assembler> => ({
  word: xlen === 64 ? 8 : 4,
  registerFile,
  link: ra,
  scratch,
  zero,
  most: 2047,
  assembler: () => new Assembler(xlen),
  constant: (a, to, value) => a.li(to, value),
  copy: (a, to, from) => a.mv(to, from),
  load(a, to, at) {
    const { base, offset } = stackAt(a, at, to);
    a.load(wordLoad(a), to, base, offset);
  },
  store(a, from, at) {
    const { base, offset } = stackAt(a, at, addressing);
    a.store(wordStore(a), from, base, offset);
  },
  moveStack(a, by) {
    if (fits12(by)) return a.i("addi", sp, sp, by);
    a.li(scratch, BigInt(by));
    a.r("add", sp, sp, scratch);
  },
  touch(a, down) {
    a.li(scratch, BigInt(-down));
    a.r("add", scratch, scratch, sp);
    a.load("lb", zero, scratch);
  },
});
