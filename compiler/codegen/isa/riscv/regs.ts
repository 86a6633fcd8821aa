/** Registers of RISC-V by their numbers in encodings, with the names of its calling convention (RISC-V ABIs specification, chapter 1). */
export type Reg = number;

export const names = [
  ...["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"],
  ...["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"],
  ...["s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11"],
  ...["t3", "t4", "t5", "t6"],
] as const;

export const zero = 0;
export const ra = 1;
export const sp = 2;
export const gp = 3;
export const tp = 4;
export const t0 = 5;
export const t1 = 6;
export const t2 = 7;
export const s0 = 8;
export const s1 = 9;
export const a0 = 10;
export const a1 = 11;
export const a2 = 12;
export const a3 = 13;
export const a4 = 14;
export const a5 = 15;
export const a6 = 16;
export const a7 = 17;
export const s2 = 18;
export const s3 = 19;
export const s4 = 20;
export const s5 = 21;
export const s6 = 22;
export const s7 = 23;
export const s8 = 24;
export const s9 = 25;
export const s10 = 26;
export const s11 = 27;
export const t3 = 28;
export const t4 = 29;
export const t5 = 30;
export const t6 = 31;
