import { type Cfg, computeCfg, computeLoops, type Loops } from "../../ssa/cfg.ts";
import type { MemoryChecks, OptimizeContext } from "../../ssa/context.ts";
import { type Block, type Draft, type Func, type Inst, terminator } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import { type Check, Plan } from "./plan.ts";

/**
 * Where nothing faults by itself outside of linear memory, accesses are checked by comparing their index with the size of memory less their
 * end; one block traps for all of them.
 */
export function checkBounds(func: Func, context: OptimizeContext): void {
  const { checks: memory } = context;
  if (memory === undefined) return;
  const cfg = computeCfg(func);
  const loops = computeLoops(func, cfg);
  const checks = new Plan(func, cfg, loops, memory, context).run();
  if (checks.length > 0) new Checking(func, cfg, loops, memory, context).insert(checks);
}

/** The size of memory does not fit 32 bits if memory is as large as it can be: it never is, on a machine with such addresses. */
const PAGE_BITS = 16;
const MOST = 2 ** 32;

class Checking {
  readonly #func: Func;
  readonly #cfg: Cfg;
  readonly #loops: Loops;
  readonly #memory: MemoryChecks;
  readonly #context: OptimizeContext;
  /** Instructions that go before others, by these. */
  readonly #added = new Map<Inst, Inst[]>();
  readonly #limits = new Map<string, ValueId>();
  #size: ValueId | undefined;

  constructor(func: Func, cfg: Cfg, loops: Loops, memory: MemoryChecks, context: OptimizeContext) {
    this.#func = func;
    this.#cfg = cfg;
    this.#loops = loops;
    this.#memory = memory;
    this.#context = context;
  }

  insert(checks: readonly Check[]): void {
    if (!this.#memory.exact && !this.#grows()) this.#makeSize(checks);
    const conditions = new Map<Inst, ValueId[]>();
    for (const check of checks) {
      const before = conditions.get(check.before) ?? [];
      conditions.set(check.before, [...before, this.#condition(check)]);
    }
    const trap = this.#func.makeBlock();
    trap.cold = true;
    this.#func.append(trap, { op: "trap", args: [], targets: [], trap: "memory", at: checks[0]!.before.at });
    this.#func.blocks = this.#func.blocks.flatMap((block) => this.#split(block, conditions, trap));
    this.#func.blocks.push(trap);
  }

  /** Can memory become larger while the function runs? */
  #grows(): boolean {
    return this.#func.blocks.some(({ insts }) => insts.some((inst) => this.#mayGrow(inst)));
  }

  #mayGrow(inst: Inst): boolean {
    if (inst.op === "memory.grow") return true;
    if (!this.#memory.grows) return false;
    if (inst.op === "call") return this.#context.changes?.(inst.callee)?.size ?? true;
    return inst.op === "call_indirect";
  }

  /** Once, where it is known before all checks and outside of loops. */
  #makeSize(checks: readonly Check[]): void {
    let place = checks[0]!.block;
    const { dominates, idom } = this.#cfg;
    for (const { block } of checks) while (!dominates(place, block)) place = idom[place.id]!;
    place = this.#outside(place);
    this.#size = this.#sizeAt(this.#firstCheck(place, checks));
  }

  /** The nearest block on all ways here that is in no loop. */
  #outside(block: Block): Block {
    let place = block;
    while (this.#loops.depth(place.id) > 0) place = this.#cfg.idom[place.id]!;
    return place;
  }

  #firstCheck(block: Block, checks: readonly Check[]): Inst {
    const own = new Set(checks.filter((check) => check.block === block).map(({ before }) => before));
    return block.insts.find((inst) => own.has(inst)) ?? terminator(block);
  }

  #sizeAt(before: Inst): ValueId {
    if (this.#context.machine?.has("memory.bytes"))
      return this.#add(before, { op: "memory.bytes", args: [] });
    const pages = this.#add(before, { op: "memory.size", args: [] });
    return this.#do(before, "shl", pages, this.#number(before, PAGE_BITS));
  }

  /** Is it out of bounds? */
  #condition({ block, before, index, end }: Check): ValueId {
    const { least, exact } = this.#memory;
    if (end >= MOST || (exact && end > least)) return this.#number(before, 1);
    if (exact) return this.#do(before, "gt_u", index, this.#number(before, least - end));
    const size = this.#size ?? this.#sizeAt(before);
    const fixed = this.#func.constant(index);
    if (fixed !== undefined) {
      const last = Number(BigInt.asUintN(32, fixed)) + end;
      return last >= MOST
        ? this.#number(before, 1)
        : this.#do(before, "lt_u", size, this.#number(before, last));
    }
    const beyond = this.#do(before, "lt_u", this.#limit(block, before, size, end), index);
    if (end <= least) return beyond;
    return this.#do(before, "or", beyond, this.#do(before, "lt_u", size, this.#number(before, end)));
  }

  /** The greatest index. In a loop it is computed before it, where the size is. */
  #limit(block: Block, before: Inst, size: ValueId, end: number): ValueId {
    const compute = (at: Inst) => this.#do(at, "sub", size, this.#number(at, end));
    if (this.#size === undefined || this.#loops.depth(block.id) === 0) return compute(before);
    const place = this.#outside(block);
    const key = `${place.id} ${end}`;
    const known = this.#limits.get(key) ?? compute(terminator(place));
    this.#limits.set(key, known);
    return known;
  }

  #number(before: Inst, value: number): ValueId {
    return this.#add(before, {
      op: "iconst",
      type: "i32",
      args: [],
      value: BigInt.asIntN(32, BigInt(value)),
    });
  }

  #do(before: Inst, op: Op, left: ValueId, right: ValueId): ValueId {
    return this.#add(before, { op, type: "i32", args: [left, right] } as Draft);
  }

  #add(before: Inst, draft: Draft): ValueId {
    const inst = this.#func.make({ ...draft, at: before.at });
    this.#added.set(before, [...(this.#added.get(before) ?? []), inst]);
    return inst.results[0]!;
  }

  /** A block with checks ends at each, and goes on behind it. */
  #split(block: Block, conditions: ReadonlyMap<Inst, readonly ValueId[]>, trap: Block): Block[] {
    const { insts } = block;
    const blocks = [block];
    let current = block;
    block.insts = [];
    for (const inst of insts) {
      current.insts.push(...(this.#added.get(inst) ?? []));
      for (const condition of conditions.get(inst) ?? []) {
        const next = this.#func.makeBlock();
        next.cold = block.cold;
        const targets = [trap, next].map((to) => ({ block: to, args: [] }));
        this.#func.append(current, { op: "br_if", args: [condition], targets, at: inst.at });
        blocks.push(next);
        current = next;
      }
      current.insts.push(inst);
    }
    return blocks;
  }
}
