/** Registers of Xtensa by their numbers in encodings. Windows are not used: sixteen registers, the same for callers and callees (call0 ABI). */
export type Reg = number;

export const names = Array.from({ length: 16 }, (_, n) => `a${n}`);

/** Where a call returns to. */
export const a0 = 0;
/** Stack pointer. */
export const sp = 1;
export const a2 = 2;
export const a3 = 3;
export const a4 = 4;
export const a5 = 5;
export const a6 = 6;
export const a7 = 7;
export const a8 = 8;
export const a9 = 9;
export const a10 = 10;
export const a11 = 11;
export const a12 = 12;
export const a13 = 13;
export const a14 = 14;
export const a15 = 15;
