import { computeCfg } from "../ssa/cfg.ts";
import { type Block, type Func, type Target, type Terminator, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { operandsOf } from "../ssa/rewrite.ts";
import { removeDeadBlocks } from "./dead-code.ts";
import { removeRedundantParams } from "./params.ts";

/**
 * Makes control flow direct: constant conditions are followed, branches to blocks that only branch on go where those go, a
 * decision that a predecessor has made already is not made again, and blocks that always follow each other become one.
 */
export function simplifyBranches(func: Func): void {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const block of func.blocks) followConstant(func, block);
    removeDeadBlocks(func);
    const threaded = threadJumps(func);
    removeDeadBlocks(func);
    removeRedundantParams(func);
    const merged = mergeBlocks(func);
    if (!threaded && !merged) return;
  }
}

/** Each round needs what the one before has made; more than a few only pays in generated puzzles. */
const MAX_ROUNDS = 8;

function jumpTo(func: Func, block: Block, target: Target): void {
  const { at } = terminator(block);
  block.insts.pop();
  block.insts.push(func.make({ op: "jump", args: [], targets: [target], at }));
}

/** Replaces a branch by a jump where there is nothing to decide. */
export function followConstant(func: Func, block: Block): void {
  const end = terminator(block);
  if (end.op !== "br_if" && end.op !== "br_table") return;
  const [first] = end.targets as [Target];
  const constant = func.constant(end.args[0]!);
  if (constant !== undefined) jumpTo(func, block, chosen(end, constant));
  else if (end.targets.every((target) => sameTarget(target, first))) jumpTo(func, block, first);
  else if (end.op === "br_table" && end.targets.length === 2) {
    const [entry, other] = end.targets as [Target, Target];
    block.insts.pop();
    block.insts.push(func.make({ op: "br_if", args: end.args, targets: [other, entry], at: end.at }));
  }
}

function chosen({ op, targets }: Terminator, constant: bigint): Target {
  if (op === "br_if") return targets[constant !== 0n ? 0 : 1]!;
  return targets[Number(BigInt.asUintN(32, constant))] ?? targets.at(-1)!;
}

function sameTarget(a: Target, b: Target): boolean {
  return a.block === b.block && a.args.every((value, index) => value === b.args[index]);
}

/** Redirects edges to blocks that have nothing but a branch. */
function threadJumps(func: Func): boolean {
  const uses = countUses(func);
  const headers = loopHeaders(func);
  let changed = false;
  for (const block of func.blocks) {
    const end = terminator(block);
    end.targets = end.targets.map((target) => {
      const beyond = passThrough(func, target, uses, headers);
      if (beyond) changed = true;
      return beyond ?? target;
    });
    if (end.op === "jump" && !headers.has(end.targets[0]!.block) && takeDecision(func, block, end, uses))
      changed = true;
  }
  return changed;
}

/** How often each value is an operand, by ValueId. */
export function countUses(func: Func): Int32Array {
  const uses = new Int32Array(func.valueCount);
  const count = (values: readonly ValueId[]) => {
    for (let n = 0; n < values.length; n++) uses[values[n]!]!++;
  };
  for (const { insts } of func.blocks)
    for (const inst of insts) {
      count(inst.args);
      if ("targets" in inst) for (const { args } of inst.targets) count(args);
    }
  return uses;
}

/** A way round the test at the start of a loop would give the loop a second entry. */
function loopHeaders(func: Func): ReadonlySet<Block> {
  const { preds, position } = computeCfg(func);
  const isHeader = ({ id }: Block) => preds[id]!.some((pred) => position[pred.id]! >= position[id]!);
  return new Set(func.blocks.filter(isHeader));
}

/** All uses of the block's parameters are in its terminator, so that the block can be gone round. */
export function isOnlyBranch(block: Block, uses: Int32Array): boolean {
  if (block.insts.length !== 1) return false;
  const own = new Map(block.params.map((param) => [param, 0]));
  for (const value of operandsOf(terminator(block))) if (own.has(value)) own.set(value, own.get(value)! + 1);
  return block.params.every((param) => own.get(param) === uses[param]);
}

/** Values of `block` as they are on an edge with these arguments. */
export function substitute(block: Block, args: readonly ValueId[]): (value: ValueId) => ValueId {
  const given = new Map(block.params.map((param, index) => [param, args[index]!]));
  return (value) => given.get(value) ?? value;
}

/** Where an edge leads in the end if its target only jumps on, or decides by what is constant on this edge. */
function passThrough(
  func: Func,
  { block, args }: Target,
  uses: Int32Array,
  headers: ReadonlySet<Block>,
): Target | undefined {
  if (block === func.entry || !isOnlyBranch(block, uses)) return undefined;
  const end = terminator(block);
  const real = substitute(block, args);
  let [next] = end.targets as [Target];
  if (end.op === "br_if") {
    const constant = func.constant(real(end.args[0]!));
    if (constant === undefined || headers.has(block)) return undefined;
    next = chosen(end, constant);
  } else if (end.op !== "jump") return undefined;
  if (next.block === block) return undefined;
  const beyond = { block: next.block, args: next.args.map(real) };
  for (const value of beyond.args) uses[value]!++;
  return beyond;
}

/**
 * A jump to a block that only tests one of its parameters tests the argument itself, if the outcome is known here or the
 * argument was made for the test alone.
 */
function takeDecision(func: Func, block: Block, end: Terminator, uses: Int32Array): boolean {
  const [{ block: next, args }] = end.targets as [Target];
  const decision = terminator(next);
  if (decision.op !== "br_if" || next === block || !isOnlyBranch(next, uses)) return false;
  const [condition] = decision.args as [ValueId];
  if (!next.params.includes(condition)) return false;
  const real = substitute(next, args);
  const targets = decision.targets.map((target) => ({ block: target.block, args: target.args.map(real) }));
  const constant = func.constant(real(condition));
  for (const target of targets) for (const value of target.args) uses[value]!++;
  uses[real(condition)]!++;
  block.insts.pop();
  const { at } = decision;
  if (constant !== undefined)
    block.insts.push(func.make({ op: "jump", args: [], targets: [targets[constant !== 0n ? 0 : 1]!], at }));
  else block.insts.push(func.make({ op: "br_if", args: [real(condition)], targets, at }));
  return true;
}

/** Joins a block with the only one that follows it, if it is the only one before that. */
function mergeBlocks(func: Func): boolean {
  const edges = new Int32Array(func.blockCount);
  for (const block of func.blocks) for (const { block: next } of terminator(block).targets) edges[next.id]!++;
  const gone = new Set<Block>();
  for (const block of func.blocks) {
    if (gone.has(block)) continue;
    for (;;) {
      const end = terminator(block);
      if (end.op !== "jump") break;
      const { block: next, args } = end.targets[0]!;
      if (next === block || edges[next.id] !== 1 || args.length > 0) break;
      block.insts.pop();
      for (const inst of next.insts) block.insts.push(inst);
      gone.add(next);
    }
  }
  func.blocks = func.blocks.filter((block) => !gone.has(block));
  return gone.size > 0;
}
