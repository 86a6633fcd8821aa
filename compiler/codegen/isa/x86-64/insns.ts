/**
 * Instructions as rows (Intel SDM volume 2). `code` is the opcode, most significant byte first; `ext` is the /digit of ModRM.
 * Where an operation has a byte form, its opcode is `code - 1` (mr, rm, m, mi) as the manual's tables have it.
 */

/** Two operands in ModRM: register and register-or-memory. `mr` writes r/m, `rm` writes the register. */
export const alu = { add: 0, or: 1, adc: 2, sbb: 3, and: 4, sub: 5, xor: 6, cmp: 7 } as const;
export type Alu = keyof typeof alu;

/** By an immediate count (c1 /ext ib) or by cl (d3 /ext). */
export const shifts = { rol: 0, ror: 1, rcl: 2, rcr: 3, shl: 4, shr: 5, sar: 7 } as const;
export type Shift = keyof typeof shifts;

/** One operand, f7 /ext or ff /ext. */
export const unary = {
  not: { code: 0xf7, ext: 2 },
  neg: { code: 0xf7, ext: 3 },
  mul: { code: 0xf7, ext: 4 },
  imul: { code: 0xf7, ext: 5 },
  div: { code: 0xf7, ext: 6 },
  idiv: { code: 0xf7, ext: 7 },
  inc: { code: 0xff, ext: 0 },
  dec: { code: 0xff, ext: 1 },
} as const;
export type Unary = keyof typeof unary;

/** Register from register-or-memory, no byte form. */
export const rmOps = {
  imul: 0x0faf,
  bsf: 0x0fbc,
  bsr: 0x0fbd,
  lea: 0x8d,
} as const;
export type RmOp = keyof typeof rmOps;

/** 0f ba /ext ib: a bit by an immediate number. */
export const bitOps = { bt: 4, bts: 5, btr: 6, btc: 7 } as const;
export type BitOp = keyof typeof bitOps;

const single = (code: number) => ({ prefix: 0xf3, code, wide: false });
const double = (code: number) => ({ prefix: 0xf2, code, wide: false });

/** Floats, of SSE and SSE2 only: an xmm register and a register or memory; `wide` is REX.W. */
export const sse = {
  addss: single(0x0f58),
  addsd: double(0x0f58),
  subss: single(0x0f5c),
  subsd: double(0x0f5c),
  mulss: single(0x0f59),
  mulsd: double(0x0f59),
  divss: single(0x0f5e),
  divsd: double(0x0f5e),
  minss: single(0x0f5d),
  minsd: double(0x0f5d),
  maxss: single(0x0f5f),
  maxsd: double(0x0f5f),
  sqrtss: single(0x0f51),
  sqrtsd: double(0x0f51),
  cvtss2sd: single(0x0f5a),
  cvtsd2ss: double(0x0f5a),
  /** From an integer of 64 bits, and, to a general register, to one. */
  cvtsi2ss: { ...single(0x0f2a), wide: true },
  cvtsi2sd: { ...double(0x0f2a), wide: true },
  cvttsd2si: { ...double(0x0f2c), wide: true },
  ucomiss: { prefix: 0, code: 0x0f2e, wide: false },
  ucomisd: { prefix: 0x66, code: 0x0f2e, wide: false },
  andps: { prefix: 0, code: 0x0f54, wide: false },
  orps: { prefix: 0, code: 0x0f56, wide: false },
  xorps: { prefix: 0, code: 0x0f57, wide: false },
  movd: { prefix: 0x66, code: 0x0f6e, wide: false },
  movq: { prefix: 0x66, code: 0x0f6e, wide: true },
} as const;
export type Sse = keyof typeof sse;

/** No operands. */
export const plain = {
  ret: [0xc3],
  nop: [0x90],
  hlt: [0xf4],
  cli: [0xfa],
  sti: [0xfb],
  cld: [0xfc],
  int3: [0xcc],
  ud2: [0x0f, 0x0b],
  cdq: [0x99],
  cqo: [0x48, 0x99],
  iretq: [0x48, 0xcf],
  lretq: [0x48, 0xcb],
  cpuid: [0x0f, 0xa2],
  rdmsr: [0x0f, 0x32],
  wrmsr: [0x0f, 0x30],
  rdtsc: [0x0f, 0x31],
  pause: [0xf3, 0x90],
  mfence: [0x0f, 0xae, 0xf0],
  syscall: [0x0f, 0x05],
  vmcall: [0x0f, 0x01, 0xc1],
  vmmcall: [0x0f, 0x01, 0xd9],
  "rep movsb": [0xf3, 0xa4],
  "rep movsd": [0xf3, 0xa5],
  "rep movsq": [0xf3, 0x48, 0xa5],
  "rep stosb": [0xf3, 0xaa],
  "rep stosd": [0xf3, 0xab],
  "rep stosq": [0xf3, 0x48, 0xab],
  "repe cmpsb": [0xf3, 0xa6],
  std: [0xfd],
  "in al, dx": [0xec],
  "in ax, dx": [0x66, 0xed],
  "in eax, dx": [0xed],
  "out dx, al": [0xee],
  "out dx, ax": [0x66, 0xef],
  "out dx, eax": [0xef],
} as const satisfies Record<string, readonly number[]>;
export type Plain = keyof typeof plain;

/** System instructions with one memory operand: 0f 01 /ext, 0f 00 /ext. */
export const systemOps = {
  lgdt: { code: 0x0f01, ext: 2 },
  lidt: { code: 0x0f01, ext: 3 },
  ltr: { code: 0x0f00, ext: 3 },
  invlpg: { code: 0x0f01, ext: 7 },
} as const;
export type SystemOp = keyof typeof systemOps;
