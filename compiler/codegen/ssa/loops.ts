import { type Cfg, computeCfg } from "./cfg.ts";
import type { Block, Func } from "./func.ts";

/** How many loops contain each block, by BlockId: natural loops of back edges to dominating headers. */
export function loopDepths(func: Func, cfg: Cfg = computeCfg(func)): Int32Array {
  const depth = new Int32Array(func.blockCount);
  for (const header of cfg.order) {
    const latches = cfg.preds[header.id]!.filter((from) => cfg.dominates(header, from));
    if (latches.length === 0) continue;
    for (const block of naturalLoop(header, latches, cfg)) depth[block.id]! += 1;
  }
  return depth;
}

function naturalLoop(header: Block, latches: readonly Block[], cfg: Cfg): ReadonlySet<Block> {
  const loop = new Set([header]);
  const stack = [...latches];
  for (let block = stack.pop(); block !== undefined; block = stack.pop()) {
    if (loop.has(block)) continue;
    loop.add(block);
    stack.push(...cfg.preds[block.id]!);
  }
  return loop;
}
