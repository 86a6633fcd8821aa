/** The calling convention and the registers of compiled code: docs/architecture.md section 4. */
import type { RegisterFile } from "../../regalloc/mir.ts";
import { r8, r9, r10, r11, r12, r13, r14, r15, rax, rbp, rbx, rcx, rdi, rdx, rsi } from "./regs.ts";

export const argumentRegisters = [rdi, rsi, rdx, rcx, r8, r9] as const;
export const resultRegister = rax;
/** Base of linear memory, always. */
export const memoryBase = r15;
/** For moves between places and for addresses of one instruction: never holds a value across instructions. */
export const scratch = r11;

export const registerFile: RegisterFile = {
  allocatable: [rax, rcx, rdx, rsi, rdi, r8, r9, r10, rbx, rbp, r12, r13, r14],
  calleeSaved: [rbx, rbp, r12, r13, r14],
};

const mask = (regs: readonly number[]) => regs.reduce((bits, reg) => bits | (1 << reg), 0);
export const callClobbers = mask([rax, rcx, rdx, rsi, rdi, r8, r9, r10]);
export const maskOf = (...regs: readonly number[]): number => mask(regs);
