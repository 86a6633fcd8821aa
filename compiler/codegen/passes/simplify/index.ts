import { evaluate, TrapError } from "../../ssa/evaluate.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { type Op, row } from "../../ssa/ops.ts";
import { arithmetic } from "./arithmetic.ts";
import { bits } from "./bits.ts";
import { comparisons } from "./compare.ts";
import { control } from "./control.ts";
import { division } from "./division.ts";
import { memory } from "./memory.ts";
import type { Rule, Rules, Scope } from "./scope.ts";
import { swaps } from "./swaps.ts";

const rules = merge([arithmetic, division, bits, comparisons, memory, swaps, control]);

function merge(lists: readonly Rules[]): Rules {
  const merged: { [O in Op]?: readonly Rule[] } = {};
  for (const list of lists)
    for (const [op, each] of Object.entries(list) as [Op, readonly Rule[]][])
      merged[op] = [...(merged[op] ?? []), ...each];
  return merged;
}

/**
 * What can be used instead of the result of `inst`, with whatever is needed for it put before; undefined if it is best as
 * it is. Operands of an instruction may be changed in place.
 */
export function simplify(inst: Inst, scope: Scope): ValueId | undefined {
  constantRight(inst, scope);
  const folded = fold(inst, scope);
  if (folded !== undefined) return folded;
  for (const rule of rules[inst.op] ?? []) {
    const value = rule(inst, scope);
    if (value !== undefined) return value;
  }
  return undefined;
}

function constantRight(inst: Inst, scope: Scope): void {
  if (!row(inst.op).commutative || scope.constant(inst.args[0]!) === undefined) return;
  if (scope.constant(inst.args[1]!) === undefined) inst.args.reverse();
}

/** Computes what has constant operands only; a trap is left to happen where it stands. */
function fold(inst: Inst, scope: Scope): ValueId | undefined {
  if (inst.args.length === 0) return undefined;
  const constants: bigint[] = [];
  for (const value of inst.args) {
    const constant = scope.constant(value);
    if (constant === undefined) return undefined;
    constants.push(constant);
  }
  try {
    const value = evaluate(inst.op, inst.type, constants);
    return value === undefined ? undefined : scope.number(scope.typeOf(inst.results[0]!), value);
  } catch (error) {
    if (error instanceof TrapError) return undefined;
    throw error;
  }
}
