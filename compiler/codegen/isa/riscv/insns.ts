/** Instructions as rows: RISC-V Unprivileged ISA 20240411, chapters 2, 4, 12 (M), 14 (A) and 28 (Zba, Zbb), and the privileged ISA for the last ones. */

/** Opcodes, bits 6 to 0. */
export const opcodes = {
  load: 0x03,
  miscMem: 0x0f,
  opImm: 0x13,
  auipc: 0x17,
  opImm32: 0x1b,
  store: 0x23,
  op: 0x33,
  lui: 0x37,
  op32: 0x3b,
  opFp: 0x53,
  branch: 0x63,
  jalr: 0x67,
  jal: 0x6f,
  system: 0x73,
} as const;

interface Row {
  readonly opcode: number;
  readonly funct3: number;
  readonly funct7: number;
}
const op = (funct3: number, funct7 = 0): Row => ({ opcode: opcodes.op, funct3, funct7 });
const op32 = (funct3: number, funct7 = 0): Row => ({ opcode: opcodes.op32, funct3, funct7 });

/** Three registers. The names with `w` work on the low 32 bits and sign-extend; RV64 only. */
export const rType = {
  add: op(0),
  sub: op(0, 0x20),
  sll: op(1),
  slt: op(2),
  sltu: op(3),
  xor: op(4),
  srl: op(5),
  sra: op(5, 0x20),
  or: op(6),
  and: op(7),
  addw: op32(0),
  subw: op32(0, 0x20),
  sllw: op32(1),
  srlw: op32(5),
  sraw: op32(5, 0x20),
  mul: op(0, 1),
  mulh: op(1, 1),
  mulhu: op(3, 1),
  div: op(4, 1),
  divu: op(5, 1),
  rem: op(6, 1),
  remu: op(7, 1),
  mulw: op32(0, 1),
  divw: op32(4, 1),
  divuw: op32(5, 1),
  remw: op32(6, 1),
  remuw: op32(7, 1),
  "add.uw": op32(0, 0x04),
  rol: op(1, 0x30),
  ror: op(5, 0x30),
  rolw: op32(1, 0x30),
  rorw: op32(5, 0x30),
} as const satisfies Record<string, Row>;
export type RType = keyof typeof rType;

const imm = (funct3: number) => ({ opcode: opcodes.opImm, funct3 });
/** A register and 12 bits, sign-extended. */
export const iType = {
  addi: imm(0),
  slti: imm(2),
  sltiu: imm(3),
  xori: imm(4),
  ori: imm(6),
  andi: imm(7),
  addiw: { opcode: opcodes.opImm32, funct3: 0 },
} as const;
export type IType = keyof typeof iType;

/** A register and a count; `high` is bits 31 to 26. */
export const shiftType = {
  slli: { opcode: opcodes.opImm, funct3: 1, high: 0 },
  srli: { opcode: opcodes.opImm, funct3: 5, high: 0 },
  srai: { opcode: opcodes.opImm, funct3: 5, high: 0x10 },
  slliw: { opcode: opcodes.opImm32, funct3: 1, high: 0 },
  srliw: { opcode: opcodes.opImm32, funct3: 5, high: 0 },
  sraiw: { opcode: opcodes.opImm32, funct3: 5, high: 0x10 },
  rori: { opcode: opcodes.opImm, funct3: 5, high: 0x18 },
  roriw: { opcode: opcodes.opImm32, funct3: 5, high: 0x18 },
} as const;
export type ShiftType = keyof typeof shiftType;

const one = (opcode: number, funct3: number, second: number) => ({ opcode, funct3, second });
/** One register; `second` are bits 31 to 20. */
export const unaryType = {
  clz: one(opcodes.opImm, 1, 0x600),
  ctz: one(opcodes.opImm, 1, 0x601),
  cpop: one(opcodes.opImm, 1, 0x602),
  "sext.b": one(opcodes.opImm, 1, 0x604),
  "sext.h": one(opcodes.opImm, 1, 0x605),
  clzw: one(opcodes.opImm32, 1, 0x600),
  ctzw: one(opcodes.opImm32, 1, 0x601),
  cpopw: one(opcodes.opImm32, 1, 0x602),
  "zext.h": one(opcodes.op32, 4, 0x080),
  rev8: one(opcodes.opImm, 5, 0x6b8),
} as const;
export type UnaryType = keyof typeof unaryType;

export const loads = { lb: 0, lh: 1, lw: 2, ld: 3, lbu: 4, lhu: 5, lwu: 6 } as const;
export type LoadName = keyof typeof loads;
export const stores = { sb: 0, sh: 1, sw: 2, sd: 3 } as const;
export type StoreName = keyof typeof stores;

/** `mode` is the rounding, or which of several operations; `second` stands where a second operand would. */
const fp = (funct7: number, mode: number, second?: number) => ({ funct7, mode, second });
/** Ties to even, whatever the program around has set. */
const nearest = 0;
const towardsZero = 1;

/** Floats: chapters 20 (F) and 21 (D). The names of conversions and moves have the result first; `l` is 64 bits of integer, `x` a general register. */
export const floatType = {
  "fadd.s": fp(0x00, nearest),
  "fadd.d": fp(0x01, nearest),
  "fsub.s": fp(0x04, nearest),
  "fsub.d": fp(0x05, nearest),
  "fmul.s": fp(0x08, nearest),
  "fmul.d": fp(0x09, nearest),
  "fdiv.s": fp(0x0c, nearest),
  "fdiv.d": fp(0x0d, nearest),
  "fsqrt.s": fp(0x2c, nearest, 0),
  "fsqrt.d": fp(0x2d, nearest, 0),
  "fmin.s": fp(0x14, 0),
  "fmin.d": fp(0x15, 0),
  "fmax.s": fp(0x14, 1),
  "fmax.d": fp(0x15, 1),
  "feq.s": fp(0x50, 2),
  "feq.d": fp(0x51, 2),
  "flt.s": fp(0x50, 1),
  "flt.d": fp(0x51, 1),
  "fle.s": fp(0x50, 0),
  "fle.d": fp(0x51, 0),
  "fcvt.s.d": fp(0x20, nearest, 1),
  "fcvt.d.s": fp(0x21, nearest, 0),
  "fcvt.l.d": fp(0x61, towardsZero, 2),
  "fcvt.lu.d": fp(0x61, towardsZero, 3),
  "fcvt.s.l": fp(0x68, nearest, 2),
  "fcvt.s.lu": fp(0x68, nearest, 3),
  "fcvt.d.l": fp(0x69, nearest, 2),
  "fcvt.d.lu": fp(0x69, nearest, 3),
  "fmv.x.w": fp(0x70, 0, 0),
  "fmv.x.d": fp(0x71, 0, 0),
  "fmv.w.x": fp(0x78, 0, 0),
  "fmv.d.x": fp(0x79, 0, 0),
} as const;
export type FloatType = keyof typeof floatType;

/** Conditions of branches; the lowest bit turns one round. */
export const conditions = { eq: 0, ne: 1, lt: 4, ge: 5, ltu: 6, geu: 7 } as const;
export type Condition = keyof typeof conditions;

/** Whole words. */
export const plain = {
  ecall: 0x0000_0073,
  ebreak: 0x0010_0073,
  /** iorw, iorw */
  fence: 0x0ff0_000f,
  "fence.i": 0x0000_100f,
  wfi: 0x1050_0073,
  sret: 0x1020_0073,
  mret: 0x3020_0073,
  "sfence.vma": 0x1200_0073,
} as const;
export type Plain = keyof typeof plain;

/** Control and status registers: privileged ISA 20211203, chapter 2. */
export const csrs = {
  sstatus: 0x100,
  sie: 0x104,
  stvec: 0x105,
  sscratch: 0x140,
  sepc: 0x141,
  scause: 0x142,
  stval: 0x143,
  sip: 0x144,
  stimecmp: 0x14d,
  satp: 0x180,
  mstatus: 0x300,
  medeleg: 0x302,
  mideleg: 0x303,
  mie: 0x304,
  mtvec: 0x305,
  mcounteren: 0x306,
  menvcfg: 0x30a,
  mscratch: 0x340,
  mepc: 0x341,
  mcause: 0x342,
  mtval: 0x343,
  mip: 0x344,
  pmpcfg0: 0x3a0,
  pmpcfg1: 0x3a1,
  pmpaddr0: 0x3b0,
  pmpaddr1: 0x3b1,
  pmpaddr2: 0x3b2,
  pmpaddr3: 0x3b3,
  pmpaddr4: 0x3b4,
  pmpaddr5: 0x3b5,
  pmpaddr6: 0x3b6,
  cycle: 0xc00,
  time: 0xc01,
  instret: 0xc02,
  timeh: 0xc81,
  mhartid: 0xf14,
} as const;
export type Csr = keyof typeof csrs;
/** funct3 with a register; + 4 with 5 bits instead of it. */
export const csrOps = { csrrw: 1, csrrs: 2, csrrc: 3 } as const;
export type CsrOp = keyof typeof csrOps;
