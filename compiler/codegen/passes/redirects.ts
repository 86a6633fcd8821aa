import type { Cfg } from "../ssa/cfg.ts";
import { type Block, type Func, type Target, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { countUses, isOnlyBranch, substitute } from "./branches.ts";
import type { Fact } from "./facts.ts";

/**
 * Edges to a block that only decides what is decided already on that edge. They are found while ranges are known and
 * changed when the walk that knows them is over.
 */
export class Redirects {
  readonly #cfg: Cfg;
  readonly #uses: Int32Array;
  readonly #found: { readonly target: Target; readonly to: Target }[] = [];

  constructor(func: Func, cfg: Cfg) {
    this.#cfg = cfg;
    this.#uses = countUses(func);
  }

  /** Looks at an edge, with what is known on it; `resolve` gives what stands for a value by now. */
  look(target: Target, known: (value: ValueId) => Fact, resolve: (value: ValueId) => ValueId): void {
    const { block, args } = target;
    if (block.insts.length !== 1 || this.#isHeader(block)) return;
    const end = terminator(block);
    if (end.op !== "br_if" || !isOnlyBranch(block, this.#uses)) return;
    const { min, max } = known(substitute(block, args)(resolve(end.args[0]!)));
    if (min > 0n) this.#found.push({ target, to: end.targets[0]! });
    else if (max === 0n) this.#found.push({ target, to: end.targets[1]! });
  }

  apply(): void {
    for (const { target, to } of this.#found) {
      // The walk may have put something into the block after all, which what follows it then uses.
      if (target.block.insts.length !== 1 || target.block === to.block) continue;
      const real = substitute(target.block, target.args);
      target.args = to.args.map(real);
      target.block = to.block;
    }
  }

  /** A way round the start of a loop would give the loop a second entry. */
  #isHeader({ id }: Block): boolean {
    const { preds, position } = this.#cfg;
    return preds[id]!.some((pred) => position[pred.id]! >= position[id]!);
  }
}
