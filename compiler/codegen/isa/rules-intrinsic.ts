/** Rules for what a machine does beyond WebAssembly, by the names of the functions that stand for it. */
import type { Inst } from "../ssa/func.ts";
import { UnsupportedError } from "../wasm/error.ts";
import type { Context } from "./context.ts";
import type { Lowering, Rules } from "./lowering.ts";

/** `machine`: its name for people, whom a program that needs what is not among these is refused to. */
export const intrinsicsOf = <C extends Context<unknown>, L extends Lowering<C, L>>(
  machine: string,
  byName: Rules<L>,
): Rules<L> => ({
  intrinsic(l, inst: Inst) {
    const { name } = inst as { name: string };
    const rule = byName[name];
    if (rule === undefined)
      throw new UnsupportedError(`function ${l.func.name} needs ${name}, which ${machine} has not`);
    rule(l, inst);
  },
});
