import { computeCfg } from "../ssa/cfg.ts";
import type { OptimizeContext } from "../ssa/context.ts";
import { type Block, type Draft, type Func, type Inst, type InstOf, isTerminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { row } from "../ssa/ops.ts";
import { Replacements } from "../ssa/rewrite.ts";
import { simplifyBranches } from "./branches.ts";
import { removeDeadBlocks, removeDeadCode } from "./dead-code.ts";
import { numberValues } from "./gvn.ts";
import { layOut } from "./layout.ts";
import { removeRedundantParams } from "./params.ts";

/**
 * Puts tiny functions where they are called: an array access with its check costs less than its call, and the check can
 * then be seen to be superfluous. Calls that are worth more have been inlined before wasm came to us.
 * What is put in belongs to the place of its call: so the lines of a function depend on no other function, and a check that fails is reported where it was asked for.
 */
export function inlineCalls(func: Func, context: OptimizeContext): void {
  if (context.build === undefined) return;
  inlineInto(func, context, 0);
}

/** Instructions of a body that is inlined, constants and what only ends in a trap not counted. */
const MAX_HOT = 12;
const MAX_COLD = 6;
/** Bytes of wasm beyond which a function need not be looked at. */
export const MAX_BYTES = 100;
/** Small functions of small functions, so deep: a function's own code depends on what is so many calls and one more away. */
export const MAX_DEPTH = 2;
/** A function grows by so many calls at most. */
const MAX_CALLS = 200;

/**
 * By context, so by module, and by depth: the body to inline, or undefined for a function that is too large. What is inlined into a body depends on its depth and on nothing else, so the
 * code of a function does not depend on which ones were compiled before.
 */
const bodies = new WeakMap<OptimizeContext, readonly Map<number, Func | undefined>[]>();

function inlineInto(func: Func, context: OptimizeContext, depth: number): void {
  const results = new Replacements();
  let calls = 0;
  const blocks: Block[] = [];
  const work = [...func.blocks].reverse();
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    blocks.push(block);
    if (calls >= MAX_CALLS) continue;
    for (const [place, inst] of block.insts.entries()) {
      const body = inst.op === "call" ? bodyOf(inst.callee, context, depth) : undefined;
      if (body === undefined) continue;
      const made = splice(func, block, place, body, results);
      // The rest of the block is now the last of the new ones, and may have further calls.
      for (const each of made.reverse()) work.push(each);
      calls++;
      break;
    }
  }
  func.blocks = blocks;
  removeDeadBlocks(func); // what follows a call that never returns
  results.apply(func);
}

function bodyOf(callee: number, context: OptimizeContext, depth: number): Func | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const levels = bodies.get(context) ?? Array.from({ length: MAX_DEPTH + 1 }, () => new Map());
  bodies.set(context, levels);
  const known = levels[depth]!;
  if (known.has(callee)) return known.get(callee);
  known.set(callee, undefined);
  const body = context.build!(callee, MAX_BYTES);
  if (body === undefined) return undefined;
  removeRedundantParams(body);
  inlineInto(body, context, depth + 1);
  removeRedundantParams(body);
  simplifyBranches(body);
  removeDeadCode(body);
  numberValues(body, context);
  simplifyBranches(body);
  removeDeadCode(body);
  layOut(body);
  if (isSmall(body)) known.set(callee, body);
  return known.get(callee);
}

function isSmall(body: Func): boolean {
  const { preds, position } = computeCfg(body);
  let [hot, cold] = [0, 0];
  for (const block of body.blocks) {
    if (preds[block.id]!.some((pred) => position[pred.id]! >= position[block.id]!)) return false; // a loop
    for (const inst of block.insts) {
      if (inst.op === "iconst") continue;
      if (block.cold) cold++;
      else if (isCall(inst)) return false;
      else hot++;
    }
  }
  return hot <= MAX_HOT && cold <= MAX_COLD;
}

function isCall(inst: Inst): boolean {
  return inst.op === "call" || inst.op === "call_indirect" || inst.op === "call_import";
}

/** Replaces the call at `place` by the body; gives the new blocks, what follows the call last. */
function splice(func: Func, block: Block, place: number, body: Func, results: Replacements): Block[] {
  const call = block.insts[place] as InstOf<"call">;
  const after = func.makeBlock();
  after.insts = block.insts.slice(place + 1);
  call.results.forEach((result) => {
    results.replace(result, func.addParam(after, func.typeOf(result)));
  });
  block.insts.length = place;
  const copy = new Copy(func, body, call, after);
  const [entry, ...others] = copy.blocks();
  for (const inst of entry!.insts) block.insts.push(inst);
  return [...others, after];
}

/** A copy of all blocks of `body` in another function; its returns jump to `after`. */
class Copy {
  readonly #func: Func;
  readonly #body: Func;
  readonly #call: Inst;
  readonly #after: Block;
  readonly #values: ValueId[] = [];
  readonly #blocks: Block[] = [];

  constructor(func: Func, body: Func, call: Inst, after: Block) {
    this.#func = func;
    this.#body = body;
    this.#call = call;
    this.#after = after;
    for (const block of body.blocks) {
      const made = func.makeBlock();
      this.#blocks[block.id] = made;
      if (block === body.entry) block.params.forEach((param, index) => this.#name(param, call.args[index]!));
      else for (const param of block.params) this.#name(param, func.addParam(made, body.typeOf(param)));
    }
  }

  #name(value: ValueId, as: ValueId): void {
    this.#values[value] = as;
  }

  blocks(): Block[] {
    // Definitions stand before uses only in the order of control flow.
    for (const block of computeCfg(this.#body).order) {
      const made = this.#blocks[block.id]!;
      for (const inst of block.insts) made.insts.push(this.#copy(inst));
    }
    return this.#body.blocks.map(({ id }) => this.#blocks[id]!);
  }

  #copy(inst: Inst): Inst {
    const args = inst.args.map((value) => this.#values[value]!);
    const { at } = this.#call;
    if (inst.op === "return")
      return this.#func.make({ op: "jump", args: [], targets: [{ block: this.#after, args }], at });
    const { id: _, results, ...fields } = inst;
    const draft = { ...fields, args, at } as unknown as Draft;
    if (isTerminator(inst))
      (draft as { targets: unknown }).targets = inst.targets.map((target) => ({
        block: this.#blocks[target.block.id]!,
        args: target.args.map((value) => this.#values[value]!),
      }));
    const bySignature = row(inst.op).result === undefined;
    const types = bySignature ? results.map((result) => this.#body.typeOf(result)) : undefined;
    const made = this.#func.make(draft, types);
    results.forEach((result, index) => {
      this.#name(result, made.results[index]!);
    });
    return made;
  }
}
