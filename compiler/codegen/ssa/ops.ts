import type { Type } from "./types.ts";

/** What an operation does besides giving its result; flags to be or-ed. */
export const effect = {
  /** Depends on its operands only and always finishes: may be merged, moved and dropped. */
  none: 0,
  /** Looks at linear memory. */
  readsMemory: 1,
  /** Changes linear memory. */
  writesMemory: 2,
  /** Looks at globals, tables, segments or the size of memory. */
  readsState: 4,
  /** Changes globals, tables, segments or the size of memory. */
  writesState: 8,
  /** May stop the program; neither dropped nor executed where it was not before. */
  traps: 16,
  /** Is seen from outside (devices, clocks, interrupts): happens exactly as often and in the order written. */
  device: 32,
  /** Ends a block. */
  control: 64,
} as const;

const { none, readsMemory, writesMemory, readsState, writesState, traps, device, control } = effect;
const anything = readsMemory | writesMemory | readsState | writesState | traps | device;

/** `x` stands for the instruction's own `type`. */
export type Operand = Type | "x";

export interface OpRow {
  /** Operand types; absent when they depend on a signature (calls, intrinsics, `return`, `br_table`). */
  readonly args?: readonly Operand[];
  /** Result type; null when there is none; absent when results depend on a signature. */
  readonly result?: Operand | null;
  readonly effects: number;
  readonly commutative?: true;
}

const xx = ["x", "x"] as const;
const binary = { args: xx, result: "x", effects: none } as const;
const commutative = { ...binary, commutative: true } as const;
const division = { args: xx, result: "x", effects: traps } as const;
const unary = { args: ["x"], result: "x", effects: none } as const;
const float = { args: xx, result: "x", effects: none } as const;
const comparison = { args: xx, result: "i32", effects: none } as const;
const three = { args: ["i32", "i32", "i32"], result: null } as const;

/**
 * Every operation, one row. Names are WebAssembly's; the type is beside the operation (`add` at `i32` prints as
 * `add.i32`). Shift and rotation counts have the type of the shifted value and are taken modulo its width. Comparisons
 * work at `type` and give 0 or 1 as i32.
 */
export const ops = {
  /** The field `value`: sign-extended from the width of `type`. */
  iconst: { args: [], result: "x", effects: none },

  add: commutative,
  sub: binary,
  mul: commutative,
  /** The high half of the unsigned product. Not WebAssembly's: passes make it, at i32, for machines that compute with 32 bits. */
  mulhi_u: commutative,
  /** Trap divideByZero; overflow for MIN / -1. */
  div_s: division,
  div_u: division,
  /** Trap divideByZero; MIN % -1 is 0. */
  rem_s: division,
  rem_u: division,
  and: commutative,
  or: commutative,
  xor: commutative,
  shl: binary,
  shr_s: binary,
  shr_u: binary,
  rotl: binary,
  rotr: binary,
  /** Of zero they give the width. */
  clz: unary,
  ctz: unary,
  popcnt: unary,
  /** Sign-extend the low 8, 16, 32 bits within the type (`extend32_s` at i64 only). */
  extend8_s: unary,
  extend16_s: unary,
  extend32_s: unary,

  /** Reverses the bytes. Not WebAssembly's: passes make it, for machines that say they have it. */
  bswap: unary,
  /** Exchanges the two low bytes; the upper half of the result is zero. As `bswap`, only where the machine has it. */
  bswap16: { args: ["i32"], result: "i32", effects: none },

  eqz: { args: ["x"], result: "i32", effects: none },
  eq: { ...comparison, commutative: true },
  ne: { ...comparison, commutative: true },
  lt_s: comparison,
  lt_u: comparison,
  gt_s: comparison,
  gt_u: comparison,
  le_s: comparison,
  le_u: comparison,
  ge_s: comparison,
  ge_u: comparison,

  /** i64 to its low 32 bits. */
  wrap: { args: ["i64"], result: "i32", effects: none },
  extend_s: { args: ["i32"], result: "i64", effects: none },
  extend_u: { args: ["i32"], result: "i64", effects: none },

  /**
   * Floats (IEEE 754, ties to even) in the integers of their bits: of 32 bits at i32, of 64 bits at i64. A result that is no number is always the
   * same one, `canonicalNan`, whatever the operands were. Signs are changed by operations on integers.
   */
  fadd: { ...float, commutative: true },
  fsub: float,
  fmul: { ...float, commutative: true },
  fdiv: float,
  /** -0 is less than 0; no number if either operand is none. */
  fmin: { ...float, commutative: true },
  fmax: { ...float, commutative: true },
  fsqrt: unary,
  /** To an integer: up, down, towards zero, to the nearest (of two the even one). The sign stays, of zeros too. */
  fceil: unary,
  ffloor: unary,
  ftrunc: unary,
  fnearest: unary,
  /** False if either operand is no number. */
  feq: { ...comparison, commutative: true },
  flt: comparison,
  fle: comparison,
  /** 32 bits to 64 and back, rounded. */
  fpromote: { args: ["i32"], result: "i64", effects: none },
  fdemote: { args: ["i64"], result: "i32", effects: none },
  /** A float of 64 bits towards zero to an integer, the nearest that there is; 0 of what is no number. */
  ftoi_s: { args: ["i64"], result: "i64", effects: none },
  ftoi_u: { args: ["i64"], result: "i64", effects: none },
  /** An integer to the float of the type, rounded once. */
  itof_s: { args: ["i64"], result: "x", effects: none },
  itof_u: { args: ["i64"], result: "x", effects: none },

  /** (condition: i32, if not zero, if zero). No branch is promised, so constant-time code may rely on it. */
  select: { args: ["i32", "x", "x"], result: "x", effects: none },

  /** Field `offset` is added to the zero-extended address in 64 bits, without wrapping. */
  load: { args: ["i32"], result: "x", effects: readsMemory | traps },
  /** (address, value) */
  store: { args: ["i32", "x"], result: null, effects: writesMemory | traps },

  "memory.size": { args: [], result: "i32", effects: readsState },
  /** Where memory need not end with a page: its size. Made by passes. */
  "memory.bytes": { args: [], result: "i32", effects: readsState },
  /** (pages) gives the old size, or -1 when refused. */
  "memory.grow": { args: ["i32"], result: "i32", effects: readsState | writesState | device },
  /** (to, from, bytes) */
  "memory.copy": { ...three, effects: readsMemory | writesMemory | traps },
  /** (to, byte, bytes) */
  "memory.fill": { ...three, effects: writesMemory | traps },
  /** (to, from in segment, bytes), field `segment` */
  "memory.init": { ...three, effects: writesMemory | readsState | traps },
  "data.drop": { args: [], result: null, effects: writesState },

  /** Field `high`: where an i64 is two values, the upper four of the eight bytes that every global has. */
  "global.get": { args: [], result: "x", effects: readsState },
  "global.set": { args: ["x"], result: null, effects: writesState },

  "ref.null": { args: [], result: "ref", effects: none },
  "ref.is_null": { args: ["ref"], result: "i32", effects: none },
  /** Field `index`: the function. */
  "ref.func": { args: [], result: "ref", effects: none },
  "table.get": { args: ["i32"], result: "ref", effects: readsState | traps },
  /** (index, value) */
  "table.set": { args: ["i32", "ref"], result: null, effects: writesState | traps },
  "table.size": { args: [], result: "i32", effects: readsState },
  /** (initial value, count) gives the old size, or -1. */
  "table.grow": { args: ["ref", "i32"], result: "i32", effects: readsState | writesState },
  /** (from index, value, count) */
  "table.fill": { args: ["i32", "ref", "i32"], result: null, effects: writesState | traps },
  /** (to, from, count), field `index` the table written, `segment` the table read */
  "table.copy": { ...three, effects: readsState | writesState | traps },
  /** (to, from, count), fields `index` the table and `segment` */
  "table.init": { ...three, effects: readsState | writesState | traps },
  "elem.drop": { args: [], result: null, effects: writesState },

  /** Function `callee` of this module. */
  call: { effects: anything },
  /** Platform function `symbol` ("MODULE.NAME"), by the calling convention. */
  call_import: { effects: anything },
  /** args[0] is the table index, then the arguments; fields `typeIndex`, `table`. Traps undefinedElement, nullElement, signature. */
  call_indirect: { effects: anything },
  /** Hardware or arithmetic import that becomes instructions in place; its own effects are in intrinsics.ts. */
  intrinsic: { effects: anything },

  jump: { args: [], result: null, effects: control },
  /** targets[0] when args[0] is not zero, else targets[1]. */
  br_if: { args: ["i32"], result: null, effects: control },
  /** targets[args[0]], unsigned; the last target when there are not so many. */
  br_table: { args: ["i32"], result: null, effects: control },
  /** Gives args, typed as the function's results. */
  return: { result: null, effects: control },
  /** Stops the program for reason `trap`. */
  trap: { args: [], result: null, effects: control | traps },
} as const satisfies Record<string, OpRow>;

export type Op = keyof typeof ops;

/** The row of an operation, with optional fields readable. */
export function row(op: Op): OpRow {
  return ops[op];
}

/** Two operands, 0 or 1. With `eqz` they are what machines have flags for. */
export const comparisonOps: ReadonlySet<Op> = new Set<Op>([
  "eq",
  "ne",
  "lt_s",
  "lt_u",
  "gt_s",
  "gt_u",
  "le_s",
  "le_u",
  "ge_s",
  "ge_u",
]);

/** Operations on floats: what a machine without floating point has not. */
export const floatOps: ReadonlySet<Op> = new Set<Op>([
  ...(["fadd", "fsub", "fmul", "fdiv", "fmin", "fmax", "fsqrt"] as const),
  ...(["fceil", "ffloor", "ftrunc", "fnearest", "feq", "flt", "fle"] as const),
  ...(["fpromote", "fdemote", "ftoi_s", "ftoi_u", "itof_s", "itof_u"] as const),
]);

/** Is it a comparison, with another value or with zero? */
export const isCondition = (op: Op): boolean => op === "eqz" || comparisonOps.has(op);
