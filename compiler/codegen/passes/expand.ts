/** Operations that the machine has no instruction for, as sequences of those that it has (Warren, Hacker's Delight, chapter 5). */
import type { OptimizeContext } from "../ssa/context.ts";
import type { Func } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import type { Op } from "../ssa/ops.ts";
import { floatExpansions } from "./expand-floats.ts";
import { type Expansion, Sequence } from "./sequence.ts";

export function expandOperations(func: Func, { lacking }: OptimizeContext): void {
  if (lacking === undefined || lacking.size === 0) return;
  const replaced = new Map<ValueId, ValueId>();
  for (const block of func.blocks) {
    const { insts } = block;
    block.insts = [];
    for (const inst of insts) {
      const expand = lacking.has(inst.op) ? rules[inst.op] : undefined;
      if (expand === undefined) block.insts.push(inst);
      else
        replaced.set(
          inst.results[0]!,
          expand(new Sequence(func, block, inst), ...(inst.args as [ValueId, ValueId])),
        );
    }
  }
  const now = (values: readonly ValueId[]) => values.map((value) => replaced.get(value) ?? value);
  for (const { insts } of func.blocks)
    for (const inst of insts) {
      inst.args = now(inst.args);
      if ("targets" in inst) for (const target of inst.targets) target.args = now(target.args);
    }
}

/** Sums of ever wider fields. */
const popcnt = (s: Sequence, x: ValueId): ValueId => {
  const pairs = s.do("sub", x, s.do("and", s.do("shr_u", x, 1n), s.bytes(0x55n)));
  const threes = s.bytes(0x33n);
  const nibbles = s.do("add", s.do("and", pairs, threes), s.do("and", s.do("shr_u", pairs, 2n), threes));
  const bytes = s.do("and", s.do("add", nibbles, s.do("shr_u", nibbles, 4n)), s.bytes(0x0fn));
  return s.do("shr_u", s.do("mul", bytes, s.bytes(1n)), BigInt(s.bits - 8));
};

/** The ones below the lowest one. */
const ctz: Expansion = (s, x) => {
  const below = s.do("and", s.do("sub", x, 1n), s.do("xor", x, -1n));
  return popcnt(s, below);
};

/** The zeros that are left when all bits below the highest one are set. */
const clz: Expansion = (s, x) => {
  let filled = x;
  for (let by = 1n; by < s.bits; by *= 2n) filled = s.do("or", filled, s.do("shr_u", filled, by));
  return popcnt(s, s.do("xor", filled, -1n));
};

const rules: { readonly [O in Op]?: Expansion } = { popcnt, ctz, clz, ...floatExpansions };
