import type { Func, Inst } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import type { Op } from "../ssa/ops.ts";
import { bitsOf, type Type } from "../ssa/types.ts";

/** What is known of an integer, read as unsigned: `min` <= value <= `max`, and no bit outside of `bits` is set. */
export interface Fact {
  readonly min: bigint;
  readonly max: bigint;
  readonly bits: bigint;
}

const all = { 32: (1n << 32n) - 1n, 64: (1n << 64n) - 1n } as const;
const unknown: Readonly<Record<32 | 64, Fact>> = {
  32: { min: 0n, max: all[32], bits: all[32] },
  64: { min: 0n, max: all[64], bits: all[64] },
};

/** All ones up to the highest bit of `value`. */
function fill(value: bigint): bigint {
  return value === 0n ? 0n : (1n << BigInt(value.toString(2).length)) - 1n;
}

/** Keeps min <= max, even where a contradiction shows that the place is never reached. */
function fact(min: bigint, max: bigint, bits: bigint): Fact {
  const most = max < bits ? max : bits;
  return { min: min < most ? min : most, max: most, bits: bits & fill(most) };
}

const upTo = (max: bigint): Fact => ({ min: 0n, max, bits: fill(max) });
const bool = upTo(1n);

/**
 * Facts about the values of one function, valid where a walk down the dominator tree stands: what an instruction makes of the
 * facts about its operands, for ever; what a branch or an access has shown, until the walk leaves the blocks it dominates.
 */
export class Facts {
  readonly #func: Func;
  readonly #known: (Fact | undefined)[] = [];
  readonly #undo: { readonly value: ValueId; readonly before: Fact | undefined }[] = [];

  constructor(func: Func) {
    this.#func = func;
  }

  of(value: ValueId): Fact {
    return this.#known[value] ?? unknown[bitsOf[this.#func.typeOf(value)]];
  }

  /** As `of`, but derived again from what is known by now of the operands, and of theirs. */
  fresh(value: ValueId, depth = 2): Fact {
    const known = this.of(value);
    const inst = depth > 0 && known.min !== known.max ? this.#func.inst(value) : undefined;
    if (inst === undefined || inst.args.length === 0 || !(inst.op in rules)) return known;
    const again = derive(inst, (operand) => this.fresh(operand, depth - 1));
    if (again === undefined) return known;
    return fact(max(known.min, again.min), min(known.max, again.max), known.bits & again.bits);
  }

  /** Notes what follows from an instruction whose operands are known. */
  learn(inst: Inst): void {
    const [result] = inst.results;
    if (result === undefined) return;
    const found = derive(inst, (value) => this.of(value));
    if (found) this.#known[result] = found;
  }

  set(value: ValueId, found: Fact): void {
    this.#known[value] = found;
  }

  /** Notes that min <= value <= max from here on in the blocks that this one dominates. */
  refine(value: ValueId, min: bigint, max: bigint): void {
    const before = this.of(value);
    const low = min > before.min ? min : before.min;
    const high = max < before.max ? max : before.max;
    // A contradiction: this place is never reached. Keep what is known, it is as good as anything.
    if (low > high || (low === before.min && high === before.max)) return;
    this.#undo.push({ value, before: this.#known[value] });
    this.#known[value] = fact(low, high, before.bits);
  }

  /** For `rewind`. */
  get mark(): number {
    return this.#undo.length;
  }
  rewind(mark: number): void {
    while (this.#undo.length > mark) {
      const { value, before } = this.#undo.pop()!;
      this.#known[value] = before;
    }
  }
}

type Look = (value: ValueId) => Fact;

function derive(inst: Inst, look: Look): Fact | undefined {
  if (inst.op === "iconst") {
    const value = BigInt.asUintN(bitsOf[inst.type], inst.value);
    return { min: value, max: value, bits: value };
  }
  if (inst.op === "load") return inst.signed ? undefined : upTo((1n << BigInt(inst.bytes * 8)) - 1n);
  const rule = rules[inst.op];
  return rule?.(inst.type, inst.args.map(look) as [Fact, Fact, Fact]);
}

type Rule = (type: Type, args: [Fact, Fact, Fact]) => Fact | undefined;

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const limit = (type: Type): bigint => all[bitsOf[type]];
/** The one value that it can be. */
const exactly = ({ min: low, max: high }: Fact): bigint | undefined => (low === high ? low : undefined);
const shiftCount = (type: Type, by: Fact): bigint | undefined => {
  const count = exactly(by);
  return count === undefined ? undefined : count & BigInt(bitsOf[type] - 1);
};
/** A value that sign-extension leaves alone, because its sign bit is clear. */
const ifPositive =
  (bits: number): Rule =>
  (_type, [a]) =>
    a.max < 1n << BigInt(bits - 1) ? a : undefined;
const compare: Rule = () => bool;

const rules: { readonly [O in Op]?: Rule } = {
  add: (type, [a, b]) =>
    a.max + b.max <= limit(type) ? fact(a.min + b.min, a.max + b.max, limit(type)) : undefined,
  sub: (type, [a, b]) => (a.min >= b.max ? fact(a.min - b.max, a.max - b.min, limit(type)) : undefined),
  mul: (type, [a, b]) =>
    a.max * b.max <= limit(type) ? fact(a.min * b.min, a.max * b.max, limit(type)) : undefined,
  mulhi_u: (type, [a, b]) => {
    const width = BigInt(bitsOf[type]);
    return fact((a.min * b.min) >> width, (a.max * b.max) >> width, limit(type));
  },
  div_u: (type, [a, b]) =>
    fact(b.max > 0n ? a.min / b.max : 0n, b.min > 0n ? a.max / b.min : a.max, limit(type)),
  rem_u: (_type, [a, b]) => upTo(min(a.max, b.max > 0n ? b.max - 1n : 0n)),
  and: (_type, [a, b]) => fact(0n, min(a.max, b.max), a.bits & b.bits),
  or: (_type, [a, b]) => fact(max(a.min, b.min), a.bits | b.bits, a.bits | b.bits),
  xor: (_type, [a, b]) => fact(0n, a.bits | b.bits, a.bits | b.bits),
  shl: (type, [a, by]) => {
    const count = shiftCount(type, by);
    if (count === undefined) return undefined;
    const bits = (a.bits << count) & limit(type);
    return a.max << count <= limit(type)
      ? fact(a.min << count, a.max << count, bits)
      : fact(0n, limit(type), bits);
  },
  shr_u: (type, [a, by]) => {
    const count = shiftCount(type, by);
    return count === undefined ? upTo(a.max) : fact(a.min >> count, a.max >> count, a.bits >> count);
  },
  shr_s: (type, args) => (args[0].max <= limit(type) >> 1n ? rules.shr_u!(type, args) : undefined),
  clz: (type) => upTo(BigInt(bitsOf[type])),
  ctz: (type) => upTo(BigInt(bitsOf[type])),
  popcnt: (type) => upTo(BigInt(bitsOf[type])),
  bswap16: () => upTo(0xffffn),
  extend8_s: ifPositive(8),
  extend16_s: ifPositive(16),
  extend32_s: ifPositive(32),
  extend_s: ifPositive(32),
  extend_u: (_type, [a]) => a,
  wrap: (_type, [a]) => (a.max <= all[32] ? a : fact(0n, all[32], a.bits & all[32])),
  eqz: compare,
  eq: compare,
  ne: compare,
  lt_s: compare,
  lt_u: compare,
  gt_s: compare,
  gt_u: compare,
  le_s: compare,
  le_u: compare,
  ge_s: compare,
  ge_u: compare,
  feq: compare,
  flt: compare,
  fle: compare,
  select: (_type, [, a, b]) => ({ min: min(a.min, b.min), max: max(a.max, b.max), bits: a.bits | b.bits }),
  "memory.size": () => upTo(65536n),
};

/** Joins the facts of several edges into one parameter. */
export function join(facts: readonly Fact[]): Fact {
  return facts.reduce((a, b) => ({ min: min(a.min, b.min), max: max(a.max, b.max), bits: a.bits | b.bits }));
}
