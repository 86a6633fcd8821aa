import type { Inst, Terminator } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import type { Rule, Rules, Scope } from "./scope.ts";

/** Brings conditions to their simplest form; what is then constant, the pass `branches` removes. */
const condition: Rule = (inst, scope) => {
  const branch = inst as Terminator;
  for (;;) {
    const [value] = branch.args as [ValueId];
    const { min, max } = scope.fact(value);
    if (min > 0n || max === 0n) {
      if (scope.constant(value) === undefined) branch.args[0] = scope.number("i32", min > 0n ? 1n : 0n);
      return undefined;
    }
    const inner = scope.func.inst(value);
    if (inner?.op === "eqz" && inner.type === "i32") {
      branch.args[0] = inner.args[0]!;
      branch.targets.reverse();
    } else if (isNotZero(inner, scope)) branch.args[0] = inner!.args[0]!;
    else return undefined;
  }
};

function isNotZero(inst: Inst | undefined, scope: Scope): boolean {
  return inst?.op === "ne" && inst.type === "i32" && scope.constant(inst.args[1]!) === 0n;
}

/** Targets that the range of the selector rules out. */
const table: Rule = (inst, scope) => {
  const branch = inst as Terminator;
  const { max } = scope.fact(branch.args[0]!);
  const last = branch.targets.length - 1;
  // The last reachable entry can serve as the default.
  if (max < BigInt(last)) branch.targets.length = Number(max) + 1;
  return undefined;
};

export const control: Rules = { br_if: [condition], br_table: [table] };
