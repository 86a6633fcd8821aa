import { type Cfg, homesOf, type Loop, type Loops } from "../../ssa/cfg.ts";
import type { MemoryChecks, OptimizeContext } from "../../ssa/context.ts";
import { type Block, type Func, type Inst, type Load, type Store, terminator } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { effect } from "../../ssa/ops.ts";
import { learnEdge } from "../conditions.ts";
import { effectsIn } from "../effects.ts";
import { Facts } from "../facts.ts";
import { learnRange } from "../ranges.ts";
import { Relations } from "../relations.ts";
import { Scope } from "../simplify/scope.ts";

/** "index + end <= size of memory" has to be asked before instruction `before` of `block`. */
export interface Check {
  readonly block: Block;
  readonly before: Inst;
  readonly index: ValueId;
  readonly end: number;
}

/** So many blocks after an access are looked at for wider ones. */
const MAX_BLOCKS = 8;

const endOf = ({ offset, bytes }: Load | Store): number => offset + bytes;

const isAccess = (inst: Inst): inst is Load | Store => inst.op === "load" || inst.op === "store";

/**
 * One walk down the dominator tree that finds the checks which are needed. Memory never shrinks: what has been checked stays so. A check is as
 * wide as the accesses of the same index need that surely follow, with nothing in between that would be seen if the program stopped early.
 */
export class Plan {
  readonly checks: Check[] = [];
  readonly #func: Func;
  readonly #cfg: Cfg;
  readonly #loops: Loops;
  readonly #memory: MemoryChecks;
  readonly #homes: readonly (Block | undefined)[];
  readonly #scope: Scope;
  /** How far from each index has been checked on the way to where the walk is. */
  readonly #covered = new Map<ValueId, number>();
  readonly #undo: { readonly index: ValueId; readonly before: number | undefined }[] = [];

  constructor(func: Func, cfg: Cfg, loops: Loops, memory: MemoryChecks, context: OptimizeContext) {
    this.#func = func;
    this.#cfg = cfg;
    this.#loops = loops;
    this.#memory = memory;
    this.#homes = homesOf(func);
    const facts = new Facts(func);
    const limit = BigInt(memory.exact ? memory.least : (context.memoryLimit ?? 2 ** 32));
    const never = () => {
      throw new Error("BUG: nothing is made here");
    };
    this.#scope = new Scope(func, facts, new Relations(func, facts), limit, new Set(), never);
  }

  run(): readonly Check[] {
    const { facts, relations } = this.#scope;
    const stack: (Block | { facts: number; relations: number; covered: number })[] = [this.#func.entry];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      if ("facts" in item) {
        facts.rewind(item.facts);
        relations.rewind(item.relations);
        this.#forget(item.covered);
        continue;
      }
      stack.push({ facts: facts.mark, relations: relations.mark, covered: this.#undo.length });
      this.#block(item);
      stack.push(...this.#cfg.children[item.id]!.toReversed());
    }
    return this.checks;
  }

  #block(block: Block): void {
    const preds = this.#cfg.preds[block.id]!;
    const [pred] = preds;
    if (pred !== undefined && preds.every((each) => each === pred)) learnEdge(pred, block, this.#scope);
    this.#hoist(block);
    block.insts.forEach((inst, at) => {
      this.#scope.facts.learn(inst);
      if (!isAccess(inst)) return;
      const index = inst.args[0]!;
      if (this.#isSafe(index, endOf(inst))) return;
      this.#add({ block, before: inst, index, end: this.#widest(block, at, inst) });
    });
  }

  /** Checks that a loop begins with are done once, before it, if their index does not change in it. */
  #hoist(header: Block): void {
    const loop = this.#loops.of[header.id];
    const before = loop?.header === header ? this.#preheader(loop) : undefined;
    if (loop === undefined || before === undefined) return;
    const inside = new Set(loop.blocks);
    const found = new Map<ValueId, number>();
    this.#ahead(header, 0, (access) => {
      const [index] = access.args as [ValueId];
      const home = this.#homes[index];
      if (home !== undefined && inside.has(home)) return;
      found.set(index, Math.max(found.get(index) ?? 0, endOf(access)));
    });
    for (const [index, end] of found)
      if (!this.#isSafe(index, end)) this.#add({ block: before, before: terminator(before), index, end });
  }

  /** The one block from which the loop is entered, if it leads nowhere else. */
  #preheader({ header }: Loop): Block | undefined {
    const outside = this.#cfg.preds[header.id]!.filter((pred) => !this.#cfg.dominates(header, pred));
    const [only, ...others] = outside;
    return only !== undefined && others.length === 0 && terminator(only).op === "jump" ? only : undefined;
  }

  #isSafe(index: ValueId, end: number): boolean {
    if ((this.#covered.get(index) ?? 0) >= end) return true;
    return this.#scope.facts.fresh(index).max + BigInt(end) <= BigInt(this.#memory.least);
  }

  #add(check: Check): void {
    const { index, end } = check;
    this.checks.push(check);
    this.#undo.push({ index, before: this.#covered.get(index) });
    this.#covered.set(index, end);
    const most = this.#scope.memoryLimit - BigInt(end);
    if (most >= 0n) learnRange(index, 0n, most, this.#scope);
  }

  #forget(mark: number): void {
    while (this.#undo.length > mark) {
      const { index, before } = this.#undo.pop()!;
      if (before === undefined) this.#covered.delete(index);
      else this.#covered.set(index, before);
    }
  }

  #widest(block: Block, at: number, access: Load | Store): number {
    let end = endOf(access);
    this.#ahead(block, at, (other) => {
      if (other.args[0] === access.args[0]) end = Math.max(end, endOf(other));
    });
    return end;
  }

  /** The accesses that surely are executed from a place on, up to and with the first that would leave a trace. */
  #ahead(block: Block, at: number, see: (access: Load | Store) => void): void {
    const seen = new Set<Block>();
    let from = at;
    for (let next: Block | undefined = block; next !== undefined && seen.size < MAX_BLOCKS; from = 0) {
      if (seen.has(next)) return;
      seen.add(next);
      for (const inst of next.insts.slice(from)) {
        if (isAccess(inst)) see(inst);
        if (inst.op !== "load" && inst.op !== "jump" && this.#leavesTrace(inst)) return;
      }
      const end: Inst = terminator(next);
      next = end.op === "jump" ? end.targets[0]!.block : undefined;
    }
  }

  /** A trap for another reason is a trace, too. */
  #leavesTrace(inst: Inst): boolean {
    return (effectsIn(this.#func, inst) & ~(effect.readsMemory | effect.readsState)) !== 0;
  }
}
