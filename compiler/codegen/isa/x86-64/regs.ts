/** Registers of x86-64 by their numbers in encodings. */
export type Reg = number;

export const names64 = [
  "rax",
  "rcx",
  "rdx",
  "rbx",
  "rsp",
  "rbp",
  "rsi",
  "rdi",
  "r8",
  "r9",
  "r10",
  "r11",
  "r12",
  "r13",
  "r14",
  "r15",
] as const;

export const rax = 0;
export const rcx = 1;
export const rdx = 2;
export const rbx = 3;
export const rsp = 4;
export const rbp = 5;
export const rsi = 6;
export const rdi = 7;
export const r8 = 8;
export const r9 = 9;
export const r10 = 10;
export const r11 = 11;
export const r12 = 12;
export const r13 = 13;
export const r14 = 14;
export const r15 = 15;

/** Memory operand: base + index * scale + displacement, or a symbol's address + displacement. */
export interface Mem {
  readonly base?: Reg;
  readonly index?: Reg;
  readonly scale?: 1 | 2 | 4 | 8;
  readonly disp?: number;
  /** With it there is no base: rip-relative in 64-bit code, absolute in 32-bit code; absolute too with an index. */
  readonly symbol?: string;
}

export type Size = 1 | 2 | 4 | 8;

/** Condition codes by their number in `jcc`, `setcc`, `cmovcc` (Intel SDM volume 2, appendix B.1.4.7). */
export const conditions = {
  o: 0,
  no: 1,
  b: 2,
  ae: 3,
  e: 4,
  ne: 5,
  be: 6,
  a: 7,
  s: 8,
  ns: 9,
  p: 10,
  np: 11,
  l: 12,
  ge: 13,
  le: 14,
  g: 15,
} as const;
export type Condition = keyof typeof conditions;
