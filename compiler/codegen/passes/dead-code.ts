import { type Func, type Inst, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { effect } from "../ssa/ops.ts";
import { effectsIn } from "./effects.ts";
import { argumentsOf, dropParams } from "./params.ts";

const { writesMemory, writesState, traps, device, control } = effect;
const kept = writesMemory | writesState | traps | device | control;

/** Removes instructions and parameters whose values nothing needs. Loops of values that only need each other go too. */
export function removeDeadCode(func: Func): void {
  const live = findLive(func);
  const edges = argumentsOf(func);
  for (const block of func.blocks) {
    block.insts = block.insts.filter(
      (inst) => isNeeded(func, inst) || inst.results.some((value) => live[value] === 1),
    );
    if (block !== func.entry)
      dropParams(
        block,
        edges[block.id]!,
        block.params.map((param) => live[param] === 1),
      );
  }
}

function isNeeded(func: Func, inst: Inst): boolean {
  return (effectsIn(func, inst) & kept) !== 0;
}

/** By ValueId: 1 for what a needed instruction uses, directly or not. */
function findLive(func: Func): Uint8Array {
  const live = new Uint8Array(func.valueCount);
  const work: ValueId[] = [];
  const need = (value: ValueId) => {
    if (live[value] === 1) return;
    live[value] = 1;
    work.push(value);
  };
  const place = new Int32Array(func.valueCount); // of a parameter in its block's list
  for (const block of func.blocks) {
    block.params.forEach((param, index) => {
      place[param] = index;
    });
    for (const inst of block.insts) if (isNeeded(func, inst)) inst.args.forEach(need);
  }
  const edges = argumentsOf(func);
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const definition = func.definition(value);
    if ("op" in definition) definition.args.forEach(need);
    else for (const args of edges[definition.id]!) need(args[place[value]!]!);
  }
  return live;
}

/** Removes blocks that cannot be reached. */
export function removeDeadBlocks(func: Func): void {
  const seen = new Uint8Array(func.blockCount);
  const work = [func.entry];
  seen[func.entry.id] = 1;
  for (let block = work.pop(); block !== undefined; block = work.pop())
    for (const { block: next } of terminator(block).targets) {
      if (seen[next.id] === 1) continue;
      seen[next.id] = 1;
      work.push(next);
    }
  func.blocks = func.blocks.filter(({ id }) => seen[id] === 1);
}
