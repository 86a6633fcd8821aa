/** The handler of signals: faults become the codes of traps. */
import { wordLoad, wordStore } from "../../isa/riscv/context.ts";
import * as r from "../../isa/riscv/regs.ts";
import { trapCodes } from "../../ssa/types.ts";
import { CRASH } from "../protocol.ts";
import { type Ground, STACK_GUARD, signals } from "./process.ts";

/** siginfo.si_addr; pc and sp in ucontext. */
const offsets = {
  64: { address: 16, pc: 176, sp: 192 },
  32: { address: 12, pc: 160, sp: 168 },
} as const;

/** handler(signal, siginfo, ucontext): says why in the answer and goes on at the landing. */
export function handler(g: Ground): void {
  const { a } = g;
  const { address, pc, sp } = offsets[g.xlen];
  const known = a.label();
  const land = a.label();
  a.symbol("native.handler");
  a.load(wordLoad(a), r.t0, r.a2, pc);
  a.load(wordLoad(a), r.t1, r.a1, address);
  const unless = (signal: number) => {
    const other = a.label();
    a.li(r.t2, BigInt(signal));
    a.branch("ne", r.a0, r.t2, other);
    return other;
  };
  // The number behind what is no instruction.
  const notIllegal = unless(signals.ill);
  a.load("lhu", r.t3, r.t0, 2);
  a.jump(known);
  a.bind(notIllegal);
  const notSegment = unless(signals.segv);
  const inside = (start: string, size: number, code: number) => {
    const outside = a.label();
    g.load(r.t2, start);
    a.r("sub", r.t2, r.t1, r.t2);
    a.li(r.t3, BigInt(size));
    a.branch("geu", r.t2, r.t3, outside);
    a.li(r.t3, BigInt(code));
    a.jump(known);
    a.bind(outside);
  };
  inside("native.base", g.window, trapCodes.memory.code);
  inside("native.stack", STACK_GUARD, trapCodes.stack.code);
  a.bind(notSegment);
  g.answer(r.t0, 2);
  g.answer(r.t1, 3);
  a.li(r.t3, BigInt(CRASH));
  a.r("add", r.t3, r.t3, r.a0);
  a.jump(land);
  a.bind(known);
  a.i("addi", r.t3, r.t3, 1);
  a.bind(land);
  g.answer(r.t3, 0);
  a.la(r.t0, "native.landing");
  a.store(wordStore(a), r.t0, r.a2, pc);
  g.load(r.t0, "native.saved");
  a.store(wordStore(a), r.t0, r.a2, sp);
  a.ret();
}
