import type { ValueId } from "../ssa/ids.ts";
import { bitsOf } from "../ssa/types.ts";
import type { Scope } from "./simplify/scope.ts";

/** Notes that min <= value <= max from here on, which is a range for what the value is made of, too. */
export function learnRange(value: ValueId, min: bigint, max: bigint, scope: Scope): void {
  scope.facts.refine(value, min, max);
  const { root, plus } = scope.relations.sum(value);
  if (root !== value)
    scope.facts.refine(root, min > plus ? min - plus : 0n, max - plus >= 0n ? max - plus : 0n);
  else learnWrapped(value, min, max, scope);
}

/** The test of a range: of `x - c < n` follows c <= x < c + n, whether or not the difference may wrap otherwise. */
function learnWrapped(value: ValueId, min: bigint, max: bigint, scope: Scope): void {
  const inst = scope.func.inst(value);
  const constant = inst?.op === "add" ? scope.constant(inst.args[1]!) : undefined;
  if (constant === undefined) return;
  const bits = bitsOf[inst!.type];
  const back = BigInt.asUintN(bits, -constant);
  if (max + back < 1n << BigInt(bits)) scope.facts.refine(inst!.args[0]!, min + back, max + back);
}
