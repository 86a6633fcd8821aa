import { type Block, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import type { Op } from "../ssa/ops.ts";
import { bitsOf } from "../ssa/types.ts";
import { learnRange } from "./ranges.ts";
import { inverses } from "./simplify/compare.ts";
import type { Scope } from "./simplify/scope.ts";

/** Notes what is known in `block`, whose only predecessor is `pred`, because it was branched to. */
export function learnEdge(pred: Block, block: Block, scope: Scope): void {
  const end = terminator(pred);
  const [value] = end.args;
  if (end.op === "br_table") {
    learnCase(
      end.targets.map((target) => target.block),
      block,
      value!,
      scope,
    );
    return;
  }
  if (end.op !== "br_if" || end.targets[0]!.block === end.targets[1]!.block) return;
  learnCondition(value!, end.targets[0]!.block === block, scope);
}

function learnCase(targets: readonly Block[], block: Block, value: ValueId, scope: Scope): void {
  const [first, last] = [targets.indexOf(block), targets.lastIndexOf(block)];
  if (first === -1) return; // ruled out while this walk went on
  if (last === targets.length - 1) {
    // The default: not less than the number of entries, or one of those that lead here as well.
    scope.facts.refine(value, BigInt(first), (1n << 32n) - 1n);
    return;
  }
  scope.facts.refine(value, BigInt(first), BigInt(last));
}

/** Notes what follows from `value` being zero or not. */
export function learnCondition(value: ValueId, holds: boolean, scope: Scope): void {
  const all = (1n << BigInt(bitsOf[scope.typeOf(value)])) - 1n;
  scope.facts.refine(value, holds ? 1n : 0n, holds ? all : 0n);
  const inst = scope.func.inst(value);
  if (inst === undefined) return;
  const [a, b] = inst.args as [ValueId, ValueId];
  if (inst.op === "eqz") learnZero(a, holds, scope);
  else if (inst.op === "and" && holds && scope.isBool(a) && scope.isBool(b)) {
    learnCondition(a, true, scope);
    learnCondition(b, true, scope);
  } else if (inst.op === "or" && !holds) {
    learnCondition(a, false, scope);
    learnCondition(b, false, scope);
  } else {
    const op = holds ? inst.op : inverses[inst.op];
    if (op && op in learn) learn[op]!(a, b, scope);
  }
}

function learnZero(value: ValueId, isZero: boolean, scope: Scope): void {
  const all = (1n << BigInt(bitsOf[scope.typeOf(value)])) - 1n;
  learnRange(value, isZero ? 0n : 1n, isZero ? 0n : all, scope);
}

type Learn = (a: ValueId, b: ValueId, scope: Scope) => void;

/** a + n <= b */
const below =
  (n: bigint): Learn =>
  (a, b, scope) => {
    const [x, y] = [scope.fact(a), scope.fact(b)];
    scope.relations.learn(a, b, n);
    learnRange(a, x.min, y.max - n >= 0n ? y.max - n : 0n, scope);
    learnRange(b, x.min + n, y.max, scope);
  };

const flip =
  (rule: Learn): Learn =>
  (a, b, scope) =>
    rule(b, a, scope);

/** a < b, signed: if a is not negative, b is not either, and then it is as unsigned. */
const belowSigned =
  (n: bigint): Learn =>
  (a, b, scope) => {
    const most = (1n << BigInt(bitsOf[scope.typeOf(a)] - 1)) - 1n;
    if (!scope.isPositive(a)) return;
    learnRange(b, scope.fact(b).min, most, scope);
    below(n)(a, b, scope);
  };

const learn: { readonly [O in Op]?: Learn } = {
  eq: (a, b, scope) => {
    const [x, y] = [scope.fact(a), scope.fact(b)];
    learnRange(a, y.min, y.max, scope);
    learnRange(b, x.min, x.max, scope);
    scope.relations.learn(a, b, 0n);
    scope.relations.learn(b, a, 0n);
  },
  ne: (a, b, scope) => {
    if (scope.constant(b) === 0n) learnZero(a, false, scope);
  },
  lt_u: below(1n),
  le_u: below(0n),
  gt_u: flip(below(1n)),
  ge_u: flip(below(0n)),
  lt_s: belowSigned(1n),
  le_s: belowSigned(0n),
  gt_s: flip(belowSigned(1n)),
  ge_s: flip(belowSigned(0n)),
};
