import { type Block, type Func, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { Replacements } from "../ssa/rewrite.ts";

/** The arguments that all branches give for the parameters of each block, by BlockId, one list per edge. */
export function argumentsOf(func: Func): ValueId[][][] {
  const found: ValueId[][][] = Array.from({ length: func.blockCount }, () => []);
  for (const block of func.blocks)
    for (const target of terminator(block).targets) found[target.block.id]!.push(target.args);
  return found;
}

/** Takes away the parameters of `block` that are not `kept`, with the arguments for them. */
export function dropParams(block: Block, edges: readonly ValueId[][], kept: readonly boolean[]): void {
  if (kept.every(Boolean)) return;
  for (const list of [block.params, ...edges]) {
    let length = 0;
    for (let index = 0; index < kept.length; index++) if (kept[index]) list[length++] = list[index]!;
    list.length = length;
  }
}

/**
 * Removes parameters that are always given one and the same value, be it through themselves: a loop's parameter for
 * a local that is not really changed, and whatever has one predecessor only.
 */
export function removeRedundantParams(func: Func): void {
  const edges = argumentsOf(func);
  const same = new Replacements();
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of func.blocks) {
      if (block.params.length === 0 || block === func.entry) continue;
      const kept = block.params.map((param, index) => {
        const value = onlyValue(param, edges[block.id]!, index, same);
        if (value === undefined) return true;
        same.replace(param, value);
        changed = true;
        return false;
      });
      dropParams(block, edges[block.id]!, kept);
    }
  }
  same.apply(func);
}

function onlyValue(
  param: ValueId,
  edges: readonly ValueId[][],
  index: number,
  same: Replacements,
): ValueId | undefined {
  let only: ValueId | undefined;
  for (const args of edges) {
    const value = same.resolve(args[index]!);
    if (value === param || value === only) continue;
    if (only !== undefined) return undefined;
    only = value;
  }
  return only;
}
