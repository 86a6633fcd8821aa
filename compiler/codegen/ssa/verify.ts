/**
 * What always holds of a function, between any two passes:
 *
 * 1. `blocks[0]` is the entry: no branch goes to it, its parameters have the types of the function's.
 * 2. Every listed block is reachable and listed once; branches go to listed blocks only.
 * 3. A block's last instruction is a terminator, and no other is.
 * 4. A branch gives its target one argument per parameter, of the same type; `return` one per result of the function.
 * 5. Operands and results have the types of the operation's row, or of the signature (checked if signatures are given).
 * 6. Every value is defined at one place, `definition` names it, and it dominates all uses.
 * 7. A constant is sign-extended from the width of its type; an access is no wider than its type; 0 <= offset < 2^32.
 *
 * 8. Where `longs` is false nothing is an i64, and signatures have two i32 for each.
 *
 * And after all passes, for machine code:
 *
 * 9. No edge is critical: where a block has several targets, no other block leads to any of them, and none has arguments.
 *    (So only `jump` has arguments. A `br_table` may list one block several times, a `br_if` may not.)
 */
import { type Cfg, computeCfg } from "./cfg.ts";
import { type Block, type Func, type Inst, isTerminator, terminator } from "./func.ts";
import type { ValueId } from "./ids.ts";
import { intrinsics } from "./intrinsics.ts";
import { type Operand, row } from "./ops.ts";
import { printInst } from "./print.ts";
import { bitsOf, type Type, wordsOf } from "./types.ts";

/** Types of functions, as far as calls need them. */
export interface Signatures {
  ofFunction(index: number): Signature;
  ofType(index: number): Signature;
}
export interface Signature {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

/** Throws "BUG: …" naming the first broken invariant. `final` asks for invariant 9 too. */
export function verify(func: Func, signatures?: Signatures, final = false): void {
  const checker = new Checker(func, signatures);
  checker.checkBlocks();
  const cfg = computeCfg(func);
  checker.checkReachable(cfg);
  checker.checkDominance(cfg);
  if (final) checker.checkEdges(cfg);
}

class Checker {
  readonly #func: Func;
  readonly #signatures: Signatures | undefined;
  // By ValueId: where the definition stands, as position in its block (parameters -1), and its block.
  readonly #block: (Block | undefined)[];
  readonly #position: Int32Array;

  constructor(func: Func, signatures: Signatures | undefined) {
    this.#func = func;
    this.#signatures = signatures;
    this.#block = new Array(func.valueCount).fill(undefined);
    this.#position = new Int32Array(func.valueCount);
  }

  checkBlocks(): void {
    const { blocks, entry, params } = this.#func;
    const listed = new Set(blocks);
    if (listed.size !== blocks.length) this.#fail("a block is listed twice");
    this.#sameTypes(entry.params, params, "parameters of the entry");
    if (!this.#func.longs) this.#checkHalves();
    for (const block of blocks) {
      for (const value of block.params) this.#define(value, block, -1, block);
      block.insts.forEach((inst, position) => {
        if (isTerminator(inst) !== (position === block.insts.length - 1))
          this.#fail(`terminator of b${block.id}`);
        for (const value of inst.results) this.#define(value, block, position, inst);
        this.#checkTypes(inst);
        this.#checkFields(inst);
      });
      if (block.insts.length === 0) this.#fail(`b${block.id} is empty`);
      for (const target of terminator(block).targets) {
        if (!listed.has(target.block))
          this.#fail(`b${block.id} branches to b${target.block.id}, which is not listed`);
        if (target.block === entry) this.#fail("a branch to the entry");
        const types = target.block.params.map((value) => this.#func.typeOf(value));
        this.#sameTypes(target.args, types, `arguments of b${block.id} for b${target.block.id}`);
      }
    }
  }

  #checkHalves(): void {
    const isLong = (value: ValueId) => this.#func.typeOf(value) === "i64";
    for (const { params, insts } of this.#func.blocks)
      if (params.some(isLong) || insts.some(({ args, results }) => [...args, ...results].some(isLong)))
        this.#fail("an i64 that should be two values");
  }

  checkReachable(cfg: Cfg): void {
    for (const block of this.#func.blocks)
      if (cfg.position[block.id] === -1) this.#fail(`b${block.id} is not reachable`);
  }

  checkDominance(cfg: Cfg): void {
    const use = (value: ValueId, block: Block, position: number, where: Inst) => {
      const home = this.#block[value];
      if (home === undefined) return this.#fail(`v${value} has no definition`, where);
      const ok = home === block ? this.#position[value]! < position : cfg.dominates(home, block);
      if (!ok) this.#fail(`v${value} does not dominate its use in b${block.id}`, where);
    };
    for (const block of this.#func.blocks)
      block.insts.forEach((inst, position) => {
        for (const value of inst.args) use(value, block, position, inst);
        if (!("targets" in inst)) return;
        for (const target of inst.targets) for (const value of target.args) use(value, block, position, inst);
      });
  }

  checkEdges(cfg: Cfg): void {
    for (const block of this.#func.blocks) {
      const { op, targets } = terminator(block);
      if (targets.length < 2) continue;
      for (const { block: next, args } of targets) {
        const edges = cfg.preds[next.id]!;
        const critical = args.length > 0 || edges.some((pred) => pred !== block);
        if (critical || (op === "br_if" && edges.length > 1))
          this.#fail(`the edge from b${block.id} to b${next.id} is critical`);
      }
    }
  }

  #define(value: ValueId, block: Block, position: number, definition: Inst | Block): void {
    if (this.#block[value] !== undefined) this.#fail(`v${value} is defined twice`);
    if (this.#func.definition(value) !== definition) this.#fail(`v${value} names another definition`);
    this.#block[value] = block;
    this.#position[value] = position;
  }

  #checkTypes(inst: Inst): void {
    const { args, result } = row(inst.op);
    const real = (operand: Operand): Type => (operand === "x" ? inst.type : operand);
    const signature = this.#signature(inst);
    const params = args?.map(real) ?? signature?.params;
    const results = result === undefined ? signature?.results : result === null ? [] : [real(result)];
    if (params) this.#sameTypes(inst.args, params, "operands", inst);
    if (results) this.#sameTypes(inst.results, results, "results", inst);
  }

  #signature(inst: Inst): Signature | undefined {
    const signature = this.#written(inst);
    if (signature === undefined || this.#func.longs) return signature;
    return { params: wordsOf(signature.params), results: wordsOf(signature.results) };
  }

  #written(inst: Inst): Signature | undefined {
    if (inst.op === "return") return { params: this.#func.results, results: [] };
    if (inst.op === "intrinsic") return intrinsics[inst.name];
    if (inst.op === "call") return this.#signatures?.ofFunction(inst.callee);
    if (inst.op !== "call_indirect") return undefined;
    const type = this.#signatures?.ofType(inst.typeIndex);
    return type && { params: ["i32", ...type.params], results: type.results };
  }

  #checkFields(inst: Inst): void {
    if (inst.op === "iconst" && BigInt.asIntN(bitsOf[inst.type], inst.value) !== inst.value)
      this.#fail(`${inst.value} is no ${inst.type}`, inst);
    if (inst.op !== "load" && inst.op !== "store") return;
    if (inst.bytes * 8 > bitsOf[inst.type]) this.#fail("wider than its type", inst);
    if (!(inst.offset >= 0 && inst.offset < 2 ** 32)) this.#fail(`offset ${inst.offset}`, inst);
    if (inst.op === "load" && inst.bytes * 8 === bitsOf[inst.type] && inst.signed)
      this.#fail("nothing to extend", inst);
  }

  #sameTypes(values: readonly ValueId[], types: readonly Type[], what: string, inst?: Inst): void {
    const have = values.map((value) => this.#func.typeOf(value)).join(", ");
    if (have !== types.join(", ")) this.#fail(`${what} are (${have}), not (${types.join(", ")})`, inst);
  }

  #fail(what: string, inst?: Inst): never {
    const where = inst ? `: ${printInst(this.#func, inst)}` : "";
    throw new Error(`BUG: SSA of ${this.#func.name}: ${what}${where}`);
  }
}
