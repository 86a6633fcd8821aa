/** The calling convention and the registers of compiled code: docs/architecture.md section 4. */
import type { RegisterFile } from "../../regalloc/mir.ts";
import type { Convention } from "../convention.ts";
import { symbols } from "../symbols.ts";
import type { Assembler } from "./assembler.ts";
import { r8, r9, r10, r11, r12, r13, r14, r15, rax, rbp, rbx, rcx, rdi, rdx, rsi, rsp } from "./regs.ts";

export const resultRegister = rax;
/** Base of linear memory, always. One that needs no prefix: every access has it. */
export const memoryBase = rbx;
/** For moves between places and for addresses of one instruction: never holds a value across instructions. */
export const scratch = r11;

export const registerFile: RegisterFile = {
  allocatable: [rax, rcx, rdx, rsi, rdi, r8, r9, r10, rbp, r12, r13, r14, r15],
  calleeSaved: [rbp, r12, r13, r14, r15],
};

const mask = (regs: readonly number[]) => regs.reduce((bits, reg) => bits | (1 << reg), 0);
export const maskOf = (...regs: readonly number[]): number => mask(regs);

export const convention: Convention<Assembler> = {
  word: 8,
  argumentRegisters: [rdi, rsi, rdx, rcx, r8, r9],
  resultRegisters: [resultRegister],
  clobbers: maskOf(rax, rcx, rdx, rsi, rdi, r8, r9, r10),
  index: rax,
  storeArgument: (a, from, n) => a.mov(8, { base: rsp, disp: 8 * n }, from),
  storeResult: (a, from, n) => a.mov(8, { symbol: symbols.results, disp: 8 * n }, from),
  loadResult: (a, to, n) => a.mov(8, to, { symbol: symbols.results, disp: 8 * n }),
};
