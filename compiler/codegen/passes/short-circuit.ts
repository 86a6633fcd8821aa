import { type Block, type Func, type Inst, type Target, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { isCondition } from "../ssa/ops.ts";
import { operandsOf } from "../ssa/rewrite.ts";
import { countUses } from "./branches.ts";
import { isPure } from "./effects.ts";

/**
 * A branch on two conditions that were computed to be joined becomes two branches: a comparison that decides a branch costs no
 * register, and on each way on more is known. `x || y` goes to the same place twice, `x && y` asks the second only after the first.
 */
export function splitConditions(func: Func): void {
  const uses = countUses(func);
  func.blocks = func.blocks.flatMap((block) => split(func, block, uses));
}

/** So many conditions in a row are asked one by one at most. */
const MOST = 8;
/** How far the operands of a condition are followed. */
const DEPTH = 8;

function split(func: Func, block: Block, uses: Int32Array): Block[] {
  const blocks = [block];
  for (let n = 0; n < blocks.length; n++) {
    let second: Block | undefined;
    do {
      second = blocks.length < MOST ? splitOnce(func, blocks[n]!, uses) : undefined;
      if (second !== undefined) blocks.splice(n + 1, 0, second);
    } while (second !== undefined);
  }
  return blocks;
}

/** The condition of a block that ends with two of them, each wanted for nothing else. */
function isJoint(func: Func, block: Block, uses: Int32Array): Inst | undefined {
  const end = terminator(block);
  if (end.op !== "br_if") return undefined;
  const inst = func.inst(end.args[0]!);
  if (inst === undefined || (inst.op !== "or" && inst.op !== "and") || uses[end.args[0]!] !== 1)
    return undefined;
  const sides = inst.args.map((value) => isFree(func, value, uses));
  const isFitting = inst.op === "or" || inst.args.every((value) => isTruth(func, value, DEPTH));
  return isFitting && sides.includes(true) ? inst : undefined;
}

function splitOnce(func: Func, block: Block, uses: Int32Array): Block | undefined {
  const joint = isJoint(func, block, uses);
  if (joint === undefined) return undefined;
  const end = terminator(block);
  const [yes, no] = end.targets as [Target, Target];
  const [first, second] = joint.args as [ValueId, ValueId];
  const next = func.makeBlock();
  next.cold = block.cold;
  const { at } = end;
  const copy = ({ block: to, args }: Target): Target => ({ block: to, args: [...args] });
  block.insts = block.insts.filter((inst) => inst !== end && inst !== joint);
  sink(func, second, block, next, uses, DEPTH);
  next.insts.push(func.make({ op: "br_if", args: [second], targets: [yes, no], at }));
  const go = { block: next, args: [] };
  const targets = joint.op === "or" ? [copy(yes), go] : [go, copy(no)];
  block.insts.push(func.make({ op: "br_if", args: [first], targets, at }));
  for (const target of targets) for (const value of target.args) uses[value]!++;
  return next;
}

/** Moves what is only wanted for `value` along. */
function sink(func: Func, value: ValueId, from: Block, to: Block, uses: Int32Array, depth: number): void {
  const inst = func.inst(value);
  if (depth === 0 || inst === undefined || uses[value] !== 1 || !isPure(func, inst)) return;
  const place = from.insts.indexOf(inst);
  if (place < 0) return;
  from.insts.splice(place, 1);
  for (const operand of operandsOf(inst)) sink(func, operand, from, to, uses, depth - 1);
  to.insts.push(inst);
}

/** Costs nothing as a condition. */
function isFree(func: Func, value: ValueId, uses: Int32Array): boolean {
  const inst = func.inst(value);
  return (
    inst !== undefined && uses[value] === 1 && (isCondition(inst.op) || inst.op === "or" || inst.op === "and")
  );
}

/** Is it 0 or 1? */
function isTruth(func: Func, value: ValueId, depth: number): boolean {
  const inst = func.inst(value);
  if (inst === undefined || depth === 0) return false;
  if (isCondition(inst.op)) return true;
  if (inst.op === "and" || inst.op === "or") return inst.args.every((each) => isTruth(func, each, depth - 1));
  return inst.op === "iconst" && (inst.value === 0n || inst.value === 1n);
}
