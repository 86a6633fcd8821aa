/**
 * Instructions as rows: Xtensa Instruction Set Architecture reference manual, chapters 6 and 7. Of its options: density, 16 and 32-bit multiply, divide,
 * miscellaneous operations (min, max, sext, nsa). ESP32's LX6 has all of them.
 */

/** Three registers: fields op1 and op2 of the format RRR. */
interface Row {
  readonly op1: number;
  readonly op2: number;
}
const row = (op1: number, op2: number): Row => ({ op1, op2 });

/** `name r, s, t` */
export const rrr = {
  and: row(0, 1),
  or: row(0, 2),
  xor: row(0, 3),
  add: row(0, 8),
  addx2: row(0, 9),
  addx4: row(0, 10),
  addx8: row(0, 11),
  sub: row(0, 12),
  subx2: row(0, 13),
  subx4: row(0, 14),
  subx8: row(0, 15),
  /** The two registers as 64 bits, `s` above, shifted to the right by SAR. */
  src: row(1, 8),
  mul16u: row(1, 12),
  mull: row(2, 8),
  muluh: row(2, 10),
  quou: row(2, 12),
  quos: row(2, 13),
  remu: row(2, 14),
  rems: row(2, 15),
  min: row(3, 4),
  max: row(3, 5),
  minu: row(3, 6),
  maxu: row(3, 7),
  moveqz: row(3, 8),
  movnez: row(3, 9),
  movltz: row(3, 10),
  movgez: row(3, 11),
} as const satisfies Record<string, Row>;
export type Rrr = keyof typeof rrr;

/** `name r, t`; `s` is fixed. */
export const rt = {
  neg: { ...row(0, 6), s: 0 },
  abs: { ...row(0, 6), s: 1 },
  srl: { ...row(1, 9), s: 0 },
  sra: { ...row(1, 11), s: 0 },
} as const;
export type Rt = keyof typeof rt;

/** `name s`: sets the shift amount register. */
export const amounts = { ssr: 0, ssl: 1 } as const;
export type Amount = keyof typeof amounts;

/** Accesses `name t, s, offset`: the field r, and log2 of the unit of the offset, which has 8 bits. */
export const loads = {
  l8ui: { r: 0, unit: 0 },
  l16ui: { r: 1, unit: 1 },
  l32i: { r: 2, unit: 2 },
  l16si: { r: 9, unit: 1 },
} as const;
export type LoadName = keyof typeof loads;
export const stores = {
  s8i: { r: 4, unit: 0 },
  s16i: { r: 5, unit: 1 },
  s32i: { r: 6, unit: 2 },
} as const;
export type StoreName = keyof typeof stores;

/** Branches on two registers: the field r; the opposite has the highest bit changed. */
export const branches = {
  bnone: 0,
  beq: 1,
  blt: 2,
  bltu: 3,
  ball: 4,
  bany: 8,
  bne: 9,
  bge: 10,
  bgeu: 11,
  bnall: 12,
} as const;
export type Branch = keyof typeof branches;

/** Branches on a register and zero: the field m; the opposite has the lowest bit changed. */
export const zeroBranches = { beqz: 0, bnez: 1, bltz: 2, bgez: 3 } as const;
export type ZeroBranch = keyof typeof zeroBranches;

/** Branches on a register and one of sixteen constants: fields n and m. */
export const constantBranches = {
  beqi: { n: 2, m: 0 },
  bnei: { n: 2, m: 1 },
  blti: { n: 2, m: 2 },
  bgei: { n: 2, m: 3 },
  bltui: { n: 3, m: 2 },
  bgeui: { n: 3, m: 3 },
} as const;
export type ConstantBranch = keyof typeof constantBranches;

const constants = [4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256];
/** What comparisons can be with, by field: table 3-17 and 3-18. */
export const signedConstants: readonly number[] = [-1, 1, 2, 3, ...constants];
export const unsignedConstants: readonly number[] = [32768, 65536, 2, 3, ...constants];

/** Whole instructions of 24 bits. */
export const plain = {
  isync: 0x002000,
  rsync: 0x002010,
  esync: 0x002020,
  dsync: 0x002030,
  memw: 0x0020c0,
  extw: 0x0020d0,
  nop: 0x0020f0,
  syscall: 0x005000,
  rfe: 0x003000,
  /** All interrupts are let in. */
  "waiti 0": 0x007000,
} as const;
export type Plain = keyof typeof plain;

/** Special registers: chapter 5. */
export const specials = {
  lcount: 2,
  sar: 3,
  windowbase: 72,
  windowstart: 73,
  dbreaka0: 144,
  dbreaka1: 145,
  dbreakc0: 160,
  dbreakc1: 161,
  epc1: 177,
  epc6: 182,
  excsave1: 209,
  excsave6: 214,
  interrupt: 226,
  intclear: 227,
  intenable: 228,
  ps: 230,
  vecbase: 231,
  exccause: 232,
  ccount: 234,
  excvaddr: 238,
  ccompare0: 240,
} as const;
export type Special = keyof typeof specials;
