import type { Changes, OptimizeContext } from "../ssa/context.ts";
import { effectsOf, type Func, type Inst } from "../ssa/func.ts";
import { effect } from "../ssa/ops.ts";

/** Effects of an instruction where its operands are known: a division by a constant that is neither 0 nor -1 cannot trap. */
export function effectsIn(func: Func, inst: Inst): number {
  const effects = effectsOf(inst);
  if (inst.op !== "div_s" && inst.op !== "div_u" && inst.op !== "rem_s" && inst.op !== "rem_u")
    return effects;
  const divisor = func.constant(inst.args[1]!);
  const safe = divisor !== undefined && divisor !== 0n && (divisor !== -1n || inst.op !== "div_s");
  return safe ? effects & ~effect.traps : effects;
}

const anything: Changes & { readonly all: true } = {
  memory: true,
  size: true,
  globals: new Set(),
  all: true,
};

/** What an instruction may change in memory and globals; `all` says that any global may change. */
export function changesIn(inst: Inst, context: OptimizeContext): Changes & { readonly all?: true } {
  if (inst.op === "call") return context.changes?.(inst.callee) ?? anything;
  if (inst.op === "call_import" || inst.op === "call_indirect") return anything;
  const memory = (effectsOf(inst) & effect.writesMemory) !== 0;
  const size = inst.op === "memory.grow";
  return { memory, size, globals: inst.op === "global.set" ? new Set([inst.index]) : noGlobals };
}

const noGlobals: ReadonlySet<number> = new Set();

/** May be computed anywhere and as often as one likes: no effects at all. */
export function isPure(func: Func, inst: Inst): boolean {
  return effectsIn(func, inst) === effect.none;
}
