import type { Func, Inst, Target } from "./func.ts";
import type { ValueId } from "./ids.ts";

/**
 * "Use that value instead of this one", collected by a pass and applied in one walk. Chains are followed, and shortened
 * while they are.
 */
export class Replacements {
  readonly #to: (ValueId | undefined)[] = [];
  #empty = true;

  replace(value: ValueId, by: ValueId): void {
    if (value === by) throw new Error(`BUG: v${value} replaced by itself`);
    this.#to[value] = by;
    this.#empty = false;
  }

  /** What stands for `value` now. */
  resolve(value: ValueId): ValueId {
    let last = value;
    for (let next = this.#to[last]; next !== undefined; next = this.#to[last]) last = next;
    let each = value;
    while (each !== last) {
      const next = this.#to[each]!;
      this.#to[each] = last;
      each = next;
    }
    return last;
  }

  /** Rewrites the operands of one instruction in place. */
  applyTo(inst: Inst): void {
    if (this.#empty) return;
    this.#all(inst.args);
    if ("targets" in inst) for (const target of inst.targets) this.#all(target.args);
  }

  /** Rewrites all operands of the function. */
  apply(func: Func): void {
    if (this.#empty) return;
    for (const block of func.blocks) for (const inst of block.insts) this.applyTo(inst);
  }

  #all(values: ValueId[]): void {
    for (let index = 0; index < values.length; index++) values[index] = this.resolve(values[index]!);
  }
}

/** Every operand of an instruction, arguments for targets included. Not to be changed. */
export function operandsOf(inst: Inst): readonly ValueId[] {
  return "targets" in inst ? [...inst.args, ...inst.targets.flatMap(({ args }: Target) => args)] : inst.args;
}
