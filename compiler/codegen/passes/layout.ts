import { computeCfg } from "../ssa/cfg.ts";
import { type Block, type Func, terminator } from "../ssa/func.ts";

/**
 * Marks the blocks that can only end in a trap as cold and puts them last. The others stay in the order of the source,
 * in which loops are in one piece.
 */
export function layOut(func: Func): void {
  const { order } = computeCfg(func);
  for (const block of [...order].reverse()) block.cold = block !== func.entry && isCold(block);
  func.blocks = [...func.blocks.filter(({ cold }) => !cold), ...func.blocks.filter(({ cold }) => cold)];
}

function isCold(block: Block): boolean {
  const end = terminator(block);
  if (end.op === "trap") return true;
  return end.targets.length > 0 && end.targets.every((target) => target.block.cold);
}
