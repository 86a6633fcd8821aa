/**
 * Which accesses of memory take their address out of a register that others have filled: those of one index, which otherwise is extended and added to the
 * base of memory each time.
 */
import type { VReg } from "../../regalloc/mir.ts";
import { type Cfg, computeCfg } from "../../ssa/cfg.ts";
import type { Block, Func, Inst } from "../../ssa/func.ts";
import type { InstId, ValueId } from "../../ssa/ids.ts";

export interface SharedAddress {
  /** The access that makes the address; on every way to the others it comes first, but blocks are not written in that order. */
  readonly maker: InstId;
  /** Its register, once anyone has asked for it. */
  vreg?: VReg;
}

/** By the accesses that share one. `isCheap`: it takes one instruction to make the address of this index again. */
export function shareAddresses(
  func: Func,
  isCheap: (index: ValueId) => boolean,
): ReadonlyMap<InstId, SharedAddress> {
  const shared = new Map<InstId, SharedAddress>();
  const counts = countAccesses(func);
  const cfg = computeCfg(func);
  const made = new Map<ValueId, Map<Block, SharedAddress>>();
  for (const block of cfg.order) {
    const since = new Map<ValueId, Inst[]>();
    for (const inst of block.insts) {
      // What lives across a call has to be kept.
      if (inst.op.startsWith("call")) since.clear();
      const index = indexOf(func, inst);
      if (index === undefined || counts.get(index)! < 2) continue;
      if (isCheap(index)) nearby(since, index, inst, shared);
      else shared.set(inst.id, dominating(made, cfg, index, inst.id, block));
    }
  }
  return shared;
}

/** The index of an access that is not constant. */
function indexOf(func: Func, { op, args }: Inst): ValueId | undefined {
  const [index] = args;
  return (op === "load" || op === "store") && func.constant(index!) === undefined ? index : undefined;
}

function countAccesses(func: Func): Map<ValueId, number> {
  const counts = new Map<ValueId, number>();
  for (const { insts } of func.blocks)
    for (const inst of insts) {
      const index = indexOf(func, inst);
      if (index !== undefined) counts.set(index, (counts.get(index) ?? 0) + 1);
    }
  return counts;
}

/** With those before it in its block. */
function nearby(
  since: Map<ValueId, Inst[]>,
  index: ValueId,
  inst: Inst,
  shared: Map<InstId, SharedAddress>,
): void {
  const [first] = since.get(index) ?? [];
  since.set(index, [first ?? inst]);
  if (first === undefined) return;
  const one = shared.get(first.id) ?? { maker: first.id };
  shared.set(first.id, one).set(inst.id, one);
}

/** What was made on every way to here: reading it back, should it not stay in a register, is one instruction for three. */
function dominating(
  made: Map<ValueId, Map<Block, SharedAddress>>,
  { idom }: Cfg,
  index: ValueId,
  id: InstId,
  block: Block,
): SharedAddress {
  const places = made.get(index) ?? new Map<Block, SharedAddress>();
  made.set(index, places);
  for (let at: Block | undefined = block; at !== undefined; at = idom[at.id]) {
    const found = places.get(at);
    if (found !== undefined) return found;
  }
  const one = { maker: id };
  places.set(block, one);
  return one;
}
