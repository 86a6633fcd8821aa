/** The calling convention and the registers of compiled code: docs/architecture.md section 4. It is Xtensa's call0 convention with the roles below. */
import type { RegisterFile } from "../../regalloc/mir.ts";
import type { Convention } from "../convention.ts";
import { symbols } from "../symbols.ts";
import type { Assembler } from "./assembler.ts";
import { stackAt } from "./context.ts";
import * as r from "./regs.ts";

export const resultRegisters = [r.a2, r.a3] as const;
/** Base of linear memory, always. */
export const memoryBase = r.a15;
/** For moves between places: never holds a value across instructions. */
export const scratch = r.a8;
/** For addresses of one instruction, likewise. */
export const addressing = r.a9;

const free = [r.a7, r.a6, r.a5, r.a4, r.a3, r.a2, r.a10, r.a11];
const kept = [r.a12, r.a13, r.a14];

export const registerFile: RegisterFile = { allocatable: [...free, ...kept], calleeSaved: kept };

const mask = (regs: readonly number[]) => regs.reduce((bits, reg) => bits | (1 << reg), 0);

export const convention: Convention<Assembler> = {
  word: 4,
  argumentRegisters: [r.a2, r.a3, r.a4, r.a5, r.a6, r.a7],
  resultRegisters,
  clobbers: mask(free),
  index: addressing,
  storeArgument(a, from, n) {
    const { base, offset } = stackAt(a, 4 * n, addressing);
    a.store("s32i", from, base, offset);
  },
  storeResult(a, from, n) {
    a.la(addressing, symbols.results, 8 * n);
    a.store("s32i", from, addressing);
  },
  loadResult(a, to, n) {
    a.la(to, symbols.results, 8 * n);
    a.load("l32i", to, to);
  },
};
