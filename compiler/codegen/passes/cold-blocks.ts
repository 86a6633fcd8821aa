import { type Block, type Draft, type Func, type Inst, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { printInst } from "../ssa/print.ts";

/**
 * Makes one of blocks that report the same fault: a call with constant arguments, then a trap. Inlined checks have many. Bare
 * traps stay apart, they are as short as a branch, and the place of each tells what has failed.
 */
export function mergeColdBlocks(func: Func): void {
  const first = new Map<string, Block>();
  const instead = new Map<Block, Block>();
  for (const block of func.blocks) {
    const key = reportOf(func, block);
    if (key === undefined) continue;
    const known = first.get(key);
    if (known) instead.set(block, known);
    else first.set(key, block);
  }
  if (instead.size === 0) return;
  for (const block of new Set(instead.values())) makeIndependent(func, block);
  for (const block of func.blocks)
    for (const target of terminator(block).targets) target.block = instead.get(target.block) ?? target.block;
  func.blocks = func.blocks.filter((block) => !instead.has(block));
}

/** What the block does, with constants by value; undefined if it is no report. */
function reportOf(func: Func, block: Block): string | undefined {
  if (block.params.length > 0 || terminator(block).op !== "trap" || block === func.entry) return undefined;
  const insts = block.insts.filter(({ op }) => op !== "iconst");
  if (insts.length !== 2 || insts[0]!.op !== "call_import" || insts[0]!.results.length > 0) return undefined;
  const [call] = insts as [Inst];
  const constants = call.args.map((value) => func.constant(value));
  if (constants.includes(undefined)) return undefined;
  return `${printInst(func, { ...call, args: [] } as Inst)} ${constants.join()} ${printInst(func, insts[1]!)}`;
}

/** Its constants may be those of a block that does not dominate all ways here. */
function makeIndependent(func: Func, block: Block): void {
  const [call, trap] = block.insts.filter(({ op }) => op !== "iconst") as [Inst, Inst];
  block.insts = [];
  const copy = (value: ValueId): ValueId => {
    const constant = func.inst(value)!;
    return func.append(block, { ...constant, args: [] } as Draft);
  };
  call.args = call.args.map(copy);
  block.insts.push(call, trap);
}
