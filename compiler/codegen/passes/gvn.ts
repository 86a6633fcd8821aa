import { type Cfg, computeCfg } from "../ssa/cfg.ts";
import type { OptimizeContext } from "../ssa/context.ts";
import {
  type Block,
  type Draft,
  type Func,
  type Inst,
  isTerminator,
  type Target,
  terminator,
} from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { intrinsics } from "../ssa/intrinsics.ts";
import { effect, type Op, row } from "../ssa/ops.ts";
import { fieldsOf } from "../ssa/print.ts";
import { Replacements } from "../ssa/rewrite.ts";
import { learnCondition, learnEdge } from "./conditions.ts";
import { removeDeadBlocks } from "./dead-code.ts";
import { effectsIn } from "./effects.ts";
import { type Fact, Facts, join } from "./facts.ts";
import { KnownMemory } from "./loads.ts";
import { Redirects } from "./redirects.ts";
import { Relations } from "./relations.ts";
import { simplify } from "./simplify/index.ts";
import { learnAddress, smallBulk } from "./simplify/memory.ts";
import { Scope } from "./simplify/scope.ts";

/**
 * One walk down the dominator tree that simplifies each instruction, computes what is constant, uses an equal value
 * that dominates instead of computing it again (global value numbering), does not read again what is known to be in memory,
 * and puts to use what branches and accesses on the way have shown about ranges. In functions with loops a walk that only looks goes before, so that the ranges of
 * values carried round a loop are known at its start.
 */
export function numberValues(func: Func, context: OptimizeContext): void {
  const cfg = computeCfg(func);
  const hasLoops = func.blocks.some((block) => successorsBefore(block, cfg) && block.insts.length > 0);
  const looked = hasLoops ? new Walk(func, cfg, context, false, undefined).run() : undefined;
  new Walk(func, cfg, context, true, looked).run();
  removeDeadBlocks(func); // a `br_table` may have lost targets
}

function successorsBefore(block: Block, cfg: Cfg): boolean {
  return terminator(block).targets.some(
    ({ block: next }) => next.params.length > 0 && cfg.position[next.id]! <= cfg.position[block.id]!,
  );
}

const none: ReadonlySet<Op> = new Set();

/** Joined facts of the arguments for each parameter, by ValueId. */
type ParamFacts = readonly (Fact | undefined)[];

class Walk {
  readonly #func: Func;
  readonly #cfg: Cfg;
  readonly #scope: Scope;
  readonly #rewrites: boolean;
  readonly #before: ParamFacts | undefined;
  readonly #params: (Fact | undefined)[] = [];
  /** By BlockId: edges whose arguments are in `#params`. */
  readonly #edges: Int32Array;
  readonly #same = new Replacements();
  readonly #numbers = new Map<string, ValueId>();
  readonly #newNumbers: { key: string; before: ValueId | undefined }[] = [];
  readonly #memory: KnownMemory | undefined;
  readonly #redirects: Redirects | undefined;
  #out: Inst[] = [];
  #at = 0;

  constructor(
    func: Func,
    cfg: Cfg,
    context: OptimizeContext,
    rewrites: boolean,
    before: ParamFacts | undefined,
  ) {
    this.#func = func;
    this.#cfg = cfg;
    this.#rewrites = rewrites;
    this.#before = before;
    this.#edges = new Int32Array(func.blockCount);
    const facts = new Facts(func);
    const place = (draft: Draft) => this.#place(draft);
    if (rewrites) {
      this.#memory = new KnownMemory(func, cfg, context, this.#same, place);
      this.#redirects = new Redirects(func, cfg);
    }
    const limit = BigInt(context.memoryLimit ?? 2 ** 32);
    this.#scope = new Scope(func, facts, new Relations(func, facts), limit, context.machine ?? none, place);
  }

  run(): ParamFacts {
    const stack: (Block | { facts: number; relations: number; numbers: number })[] = [this.#func.entry];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      if ("facts" in item) {
        this.#scope.facts.rewind(item.facts);
        this.#scope.relations.rewind(item.relations);
        this.#forget(item.numbers);
        continue;
      }
      const { facts, relations } = this.#scope;
      stack.push({ facts: facts.mark, relations: relations.mark, numbers: this.#newNumbers.length });
      this.#block(item);
      // The first child is on top: children are visited in the order of the control flow.
      for (const child of this.#cfg.children[item.id]!.toReversed()) stack.push(child);
    }
    this.#redirects?.apply();
    return this.#params;
  }

  #block(block: Block): void {
    this.#enter(block);
    if (!this.#rewrites) {
      for (const inst of block.insts) this.#look(inst);
      this.#leave(block);
      return;
    }
    this.#out = [];
    this.#memory!.enter(block);
    for (const inst of block.insts) {
      this.#at = inst.at;
      this.#visit(inst);
    }
    block.insts = this.#out;
    this.#memory!.leave(block);
    this.#leave(block);
  }

  #enter(block: Block): void {
    const preds = this.#cfg.preds[block.id]!;
    const complete = this.#edges[block.id] === preds.length;
    for (const param of block.params) {
      const found = complete ? this.#params[param] : this.#before?.[param];
      if (found) this.#scope.facts.set(param, found);
    }
    const [pred] = preds;
    if (pred && preds.every((each) => each === pred)) learnEdge(pred, block, this.#scope);
  }

  /** Hands the facts about arguments to the parameters of the targets, with what the branch itself shows. */
  #leave(block: Block): void {
    const end = terminator(block);
    const { facts, relations } = this.#scope;
    const [condition] = end.args;
    end.targets.forEach((target, index) => {
      this.#edges[target.block.id]!++;
      if (end.op !== "br_if") {
        this.#handOver(target);
        return;
      }
      const { min, max } = facts.of(condition!);
      if (index === 0 ? max === 0n : min > 0n) return; // never taken
      const marks = [facts.mark, relations.mark] as const;
      learnCondition(condition!, index === 0, this.#scope);
      this.#handOver(target);
      facts.rewind(marks[0]);
      relations.rewind(marks[1]);
    });
  }

  #handOver(target: Target): void {
    const { facts } = this.#scope;
    target.block.params.forEach((param, place) => {
      const found = facts.fresh(target.args[place]!);
      const before = this.#params[param];
      this.#params[param] = before ? join([before, found]) : found;
    });
    this.#redirects?.look(
      target,
      (value) => facts.fresh(value),
      (value) => this.#same.resolve(value),
    );
  }

  #look(inst: Inst): void {
    this.#scope.facts.learn(inst);
    if (inst.op === "load" || inst.op === "store") learnAddress(inst, this.#scope);
  }

  #place(draft: Draft): ValueId {
    const results = draft.op === "intrinsic" ? intrinsics[draft.name]!.results : undefined;
    return this.#visit(this.#func.make({ ...draft, at: this.#at } as Draft, results))!;
  }

  /** Puts an instruction, or what is better, at the end of the block; gives what stands for its result. */
  #visit(inst: Inst): ValueId | undefined {
    this.#same.applyTo(inst);
    const value = simplify(inst, this.#scope);
    if (value !== undefined) return this.#use(inst, value);
    if (smallBulk(inst, this.#scope)) return undefined;
    const remembered = this.#memory!.visit(inst);
    if (remembered === "drop") return undefined;
    if (remembered !== undefined) return this.#use(inst, remembered);
    const key = this.#key(inst);
    const known = key === undefined ? undefined : this.#numbers.get(key);
    if (known !== undefined) return this.#use(inst, known);
    this.#look(inst);
    const exact = this.#exact(inst);
    if (exact !== undefined) return this.#use(inst, exact);
    if (key !== undefined) this.#remember(key, inst.results[0]!);
    this.#out.push(inst);
    return inst.results[0];
  }

  #use(inst: Inst, value: ValueId): ValueId {
    this.#same.replace(inst.results[0]!, value);
    return value;
  }

  /** The range of a pure instruction's result is one number. */
  #exact(inst: Inst): ValueId | undefined {
    const [result] = inst.results;
    if (result === undefined || inst.op === "iconst" || effectsIn(this.#func, inst) !== effect.none)
      return undefined;
    const type = this.#func.typeOf(result);
    if (type !== "i32" && type !== "i64") return undefined;
    const { min, max } = this.#scope.fact(result);
    return min === max ? this.#scope.number(type, min) : undefined;
  }

  /** Equal keys mean equal results. Undefined for what is more than its operands. */
  #key(inst: Inst): string | undefined {
    if (isTerminator(inst) || inst.results.length !== 1) return undefined;
    if ((effectsIn(this.#func, inst) & ~effect.traps) !== 0) return undefined;
    if (inst.op === "iconst") return `${inst.type}#${inst.value}`;
    const args = row(inst.op).commutative ? inst.args.toSorted((a, b) => a - b) : inst.args;
    const fields = (fieldsOf[inst.op] ?? []).map((name) => inst[name as keyof Inst]);
    return `${inst.op}.${inst.type} ${args.join()} ${fields.join()}`;
  }

  #remember(key: string, value: ValueId): void {
    this.#newNumbers.push({ key, before: this.#numbers.get(key) });
    this.#numbers.set(key, value);
  }

  #forget(mark: number): void {
    while (this.#newNumbers.length > mark) {
      const { key, before } = this.#newNumbers.pop()!;
      if (before === undefined) this.#numbers.delete(key);
      else this.#numbers.set(key, before);
    }
  }
}
