import { computeCfg } from "../ssa/cfg.ts";
import { type Block, type Func, type Target, terminator } from "../ssa/func.ts";
import { followConstant } from "./branches.ts";
import { removeDeadBlocks } from "./dead-code.ts";

/**
 * Makes invariant 9 of verify.ts hold, so that there is a place for the moves of every edge: an edge that has arguments, or
 * that leads where other blocks lead too, gets a block of its own if it is not the only way on. Equal edges of one
 * `br_table` share theirs. The new block stands before its target.
 */
export function splitCriticalEdges(func: Func): void {
  for (const block of func.blocks) followConstant(func, block); // a `br_if` whose two ways have become one
  removeDeadBlocks(func);
  const { preds } = computeCfg(func);
  const before: Block[][] = Array.from({ length: func.blockCount }, () => []);
  for (const block of func.blocks) {
    const end = terminator(block);
    if (end.targets.length < 2) continue;
    const made = new Map<string, Target>();
    end.targets = end.targets.map((target) => {
      const only = preds[target.block.id]!.every((pred) => pred === block);
      if (only && target.args.length === 0) return target;
      const key = [target.block.id, ...target.args].join();
      const known = made.get(key);
      if (known) return known;
      const between = func.makeBlock();
      between.cold = target.block.cold;
      between.insts.push(func.make({ op: "jump", args: [], targets: [target], at: end.at }));
      before[target.block.id]!.push(between);
      made.set(key, { block: between, args: [] });
      return { block: between, args: [] };
    });
  }
  func.blocks = func.blocks.flatMap((block) => [...before[block.id]!, block]);
}
