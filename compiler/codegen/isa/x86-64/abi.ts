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

/** Symbols that compiled code and the platform agree on. */
export const symbols = {
  function: (index: number) => `wasm.function.${index}`,
  global: (index: number) => `wasm.global.${index}`,
  /** Addresses of descriptors; 0 is null. */
  table: (index: number) => `wasm.table.${index}`,
  tableSize: (index: number) => `wasm.table_size.${index}`,
  /** Type number and code address of a function that may be called through a table. */
  descriptor: (index: number) => `wasm.descriptor.${index}`,
  data: (index: number) => `wasm.data.${index}`,
  dataSize: (index: number) => `wasm.data_size.${index}`,
  element: (index: number) => `wasm.element.${index}`,
  elementSize: (index: number) => `wasm.element_size.${index}`,
  export: (name: string) => `wasm.export.${name}`,
  start: "wasm.start",
  /** Further results of a function with several: the caller reads them at once after the call. */
  results: "wasm.results",
  memoryPages: "rt.memory_pages",
  memoryGrow: "rt.memory_grow",
  memoryCopy: "wasm.memory_copy",
  memoryFill: "wasm.memory_fill",
  memoryInit: (segment: number) => `wasm.memory_init.${segment}`,
  tableGrow: (table: number) => `wasm.table_grow.${table}`,
  tableFill: (table: number) => `wasm.table_fill.${table}`,
  tableCopy: (to: number, from: number) => `wasm.table_copy.${to}.${from}`,
  tableInit: (table: number, segment: number) => `wasm.table_init.${table}.${segment}`,
} as const;
