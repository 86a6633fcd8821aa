/** The calling convention and the registers of compiled code: docs/architecture.md section 4. It is the standard one with the roles below. */
import type { RegisterFile } from "../../regalloc/mir.ts";
import type { Convention } from "../convention.ts";
import { symbols } from "../symbols.ts";
import type { Assembler } from "./assembler.ts";
import { stackAt, wordLoad, wordStore } from "./context.ts";
import * as r from "./regs.ts";

/** With 32 bits a second word, so that an i64 comes back in registers. */
export const resultRegisters = { 64: [r.a0], 32: [r.a0, r.a1] } as const;
/** Base of linear memory, always. */
export const memoryBase = r.s11;
/** For moves between places: never holds a value across instructions. */
export const scratch = r.t6;
/** For addresses of one instruction, likewise. */
export const addressing = r.t5;

// Those of the short instructions come first.
const free = [r.a5, r.a4, r.a3, r.a2, r.a1, r.a0, r.a6, r.a7, r.t0, r.t1, r.t2, r.t3, r.t4];
const kept = [r.s0, r.s1, r.s2, r.s3, r.s4, r.s5, r.s6, r.s7, r.s8, r.s9, r.s10];

export const registerFile: RegisterFile = { allocatable: [...free, ...kept], calleeSaved: kept };

const mask = (regs: readonly number[]) => regs.reduce((bits, reg) => bits | (1 << reg), 0);

export const conventions = { 64: convention(64), 32: convention(32) } as const;

function convention(xlen: 32 | 64): Convention<Assembler> {
  const word = xlen === 64 ? 8 : 4;
  return {
    word,
    argumentRegisters: [r.a0, r.a1, r.a2, r.a3, r.a4, r.a5, r.a6, r.a7],
    resultRegisters: resultRegisters[xlen],
    clobbers: mask(free),
    index: addressing,
    storeArgument(a, from, n) {
      const { base, offset } = stackAt(a, word * n, addressing);
      a.store(wordStore(a), from, base, offset);
    },
    storeResult: (a, from, n) => a.storeTo(wordStore(a), from, symbols.results, addressing, 8 * n),
    loadResult: (a, to, n) => a.loadFrom(wordLoad(a), to, symbols.results, 8 * n),
  };
}
