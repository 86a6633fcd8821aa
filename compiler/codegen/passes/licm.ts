import { type Cfg, computeCfg, computeLoops, homesOf, type Loop } from "../ssa/cfg.ts";
import type { OptimizeContext } from "../ssa/context.ts";
import { type Block, effectsOf, type Func, type Inst, type Load, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { comparisonOps, effect, type Op } from "../ssa/ops.ts";
import { mayOverlap, type Place } from "./alias.ts";
import { changesIn, isPure } from "./effects.ts";

/**
 * Moves computations whose operands do not change in a loop to the place before it. Loads move only if the loop cannot
 * write there and runs them first of all, so that nothing is read that was not to be read, and nothing traps too early.
 */
export function hoistInvariants(func: Func, context: OptimizeContext): void {
  const cfg = computeCfg(func);
  const { all } = computeLoops(func, cfg);
  if (all.length === 0) return;
  const homes = homesOf(func);
  // Inner loops first: what leaves one may leave the next as well.
  for (const loop of [...all].reverse()) new Hoisting(func, cfg, loop, homes, context).run();
}

/** A loop may take so many registers for values computed before it. */
const MAX_HOISTED = 8;

/** Not worth a register by themselves: free or cheap to make again, or better left beside the branch they decide. */
const cheap: ReadonlySet<Op> = new Set<Op>([
  "iconst",
  "wrap",
  "extend_u",
  "extend_s",
  "eqz",
  ...comparisonOps,
  "ref.null",
  "ref.func",
]);

class Hoisting {
  readonly #func: Func;
  readonly #context: OptimizeContext;
  readonly #cfg: Cfg;
  readonly #loop: Loop;
  readonly #inside: ReadonlySet<Block>;
  readonly #homes: (Block | undefined)[];
  readonly #moved: Inst[] = [];
  #count = 0;
  #writes: Place[] = [];
  #writesAnything = false;
  #setsAnything = false;
  readonly #globalsSet = new Set<number>();

  constructor(func: Func, cfg: Cfg, loop: Loop, homes: (Block | undefined)[], context: OptimizeContext) {
    this.#func = func;
    this.#context = context;
    this.#cfg = cfg;
    this.#loop = loop;
    this.#inside = new Set(loop.blocks);
    this.#homes = homes;
  }

  run(): void {
    for (const block of this.#loop.blocks) for (const inst of block.insts) this.#note(inst);
    const before = this.#preheader();
    if (before === undefined) return;
    let first = true; // nothing with an effect has happened since the loop was entered
    for (const block of this.#loop.blocks) {
      if (block !== this.#loop.header) first = false;
      const kept: Inst[] = [];
      for (const inst of block.insts) {
        if (this.#canMove(inst, first)) this.#move(inst);
        else {
          kept.push(inst);
          if ((effectsOf(inst) & ~(effect.readsMemory | effect.readsState)) !== 0) first = false;
        }
      }
      block.insts = kept;
    }
    if (this.#moved.length === 0) return;
    const moved = new Set(this.#moved);
    for (const block of this.#loop.blocks) block.insts = block.insts.filter((inst) => !moved.has(inst));
    before.insts.splice(-1, 0, ...this.#moved);
    for (const inst of this.#moved) for (const result of inst.results) this.#homes[result] = before;
  }

  #note(inst: Inst): void {
    if (inst.op === "store")
      this.#writes.push({ address: inst.args[0]!, offset: inst.offset, bytes: inst.bytes });
    else {
      const changes = changesIn(inst, this.#context);
      if (changes.memory) this.#writesAnything = true;
      if (changes.all) this.#setsAnything = true;
      for (const index of changes.globals) this.#globalsSet.add(index);
    }
  }

  /** The one block from which the loop is entered, if it leads nowhere else. */
  #preheader(): Block | undefined {
    const { header } = this.#loop;
    const [only, ...others] = this.#cfg.preds[header.id]!.filter((pred) => !this.#inside.has(pred));
    if (only === undefined || others.length > 0 || terminator(only).targets.length !== 1) return undefined;
    return only;
  }

  #isOutside(value: ValueId): boolean {
    const home = this.#homes[value];
    return home === undefined || !this.#inside.has(home);
  }

  /** A constant inside the loop is as good as outside: it moves along. */
  #isInvariant(value: ValueId): boolean {
    return this.#isOutside(value) || this.#func.constant(value) !== undefined;
  }

  #canMove(inst: Inst, first: boolean): boolean {
    if (this.#count >= MAX_HOISTED || cheap.has(inst.op)) return false;
    if (!inst.args.every((value) => this.#isInvariant(value))) return false;
    if (inst.op === "global.get") return !this.#setsAnything && !this.#globalsSet.has(inst.index);
    if (inst.op === "load") return first && this.#isUnchanged(inst);
    return isPure(this.#func, inst);
  }

  #isUnchanged(load: Load): boolean {
    if (this.#writesAnything) return false;
    const place = { address: load.args[0]!, offset: load.offset, bytes: load.bytes };
    // A place written to an address that changes in the loop may be any.
    return this.#writes.every(
      (each) => this.#isInvariant(each.address) && !mayOverlap(this.#func, each, place),
    );
  }

  #move(inst: Inst): void {
    for (const value of inst.args) {
      const constant = this.#isOutside(value) ? undefined : this.#func.inst(value);
      if (constant) {
        this.#moved.push(constant);
        this.#homes[value] = undefined; // outside from now on
      }
    }
    this.#moved.push(inst);
    for (const result of inst.results) this.#homes[result] = undefined;
    this.#count++;
  }
}
