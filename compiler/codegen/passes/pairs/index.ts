import { computeCfg } from "../../ssa/cfg.ts";
import type { OptimizeContext } from "../../ssa/context.ts";
import { type Block, type Draft, type Func, type Inst, isTerminator } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { type Op, row } from "../../ssa/ops.ts";
import { Replacements } from "../../ssa/rewrite.ts";
import { wordsOf } from "../../ssa/types.ts";
import { removeDeadCode } from "../dead-code.ts";
import { numberValues } from "../gvn.ts";
import { removeRedundantParams } from "../params.ts";
import { splitConditions } from "../short-circuit.ts";
import { arithmetic, multiplyHigh } from "./arithmetic.ts";
import { comparisons } from "./compare.ts";
import { getGlobal, load, loadDevice, setGlobal, store, storeDevice } from "./memory.ts";
import { shifts } from "./shifts.ts";
import { type Pair, Words } from "./words.ts";

/**
 * For machines whose registers have 32 bits: every i64 becomes two i32, the low one first, in parameters, results and calls too.
 * Divisions become calls of routines (`isa/routines.ts`). Afterwards what is known of the halves is put to use.
 */
export function splitLongs(func: Func, context: OptimizeContext): void {
  if (context.word !== 4) return;
  func.longs = false;
  if (!hasLongs(func)) return;
  new Splitting(func).run();
  removeRedundantParams(func);
  numberValues(func, context);
  removeDeadCode(func);
  splitConditions(func);
}

function hasLongs(func: Func): boolean {
  if (func.params.includes("i64") || func.results.includes("i64")) return true;
  const isLong = (value: ValueId) => func.typeOf(value) === "i64";
  return func.blocks.some(
    ({ params, insts }) =>
      params.some(isLong) || insts.some(({ args, results }) => [...args, ...results].some(isLong)),
  );
}

/** Division has no simple form by halves. */
const routines: { readonly [O in Op]?: string } = {
  div_s: "wasm.i64_div_s",
  div_u: "wasm.i64_div_u",
  rem_s: "wasm.i64_rem_s",
  rem_u: "wasm.i64_rem_u",
};

class Splitting {
  readonly #func: Func;
  readonly #pairs: (Pair | undefined)[] = [];
  /** For results that are no i64. */
  readonly #same = new Replacements();

  constructor(func: Func) {
    this.#func = func;
  }

  run(): void {
    const func = this.#func;
    func.params = wordsOf(func.params);
    func.results = wordsOf(func.results);
    for (const block of func.blocks) this.#params(block);
    // Definitions come before uses in this order only.
    for (const block of computeCfg(func).order) {
      const { insts } = block;
      block.insts = [];
      for (const inst of insts) this.#inst(block, inst);
    }
    this.#same.apply(func);
  }

  #params(block: Block): void {
    const { params } = block;
    block.params = [];
    for (const param of params)
      if (this.#isLong(param))
        this.#pairs[param] = [this.#func.addParam(block, "i32"), this.#func.addParam(block, "i32")];
      else block.params.push(param);
  }

  #isLong(value: ValueId): boolean {
    return this.#func.typeOf(value) === "i64";
  }

  #inst(block: Block, inst: Inst): void {
    const w = new Words(this.#func, block, inst.at, this.#pairs);
    if (isTerminator(inst)) {
      inst.args = w.flat(inst.args);
      for (const target of inst.targets) target.args = w.flat(target.args);
      block.insts.push(inst);
    } else if (![...inst.args, ...inst.results].some((value) => this.#isLong(value))) block.insts.push(inst);
    else if (inst.op === "store") store(w, inst);
    else if (inst.op === "global.set") setGlobal(w, inst);
    else if (isDevice(inst, "hw.store64")) storeDevice(w, inst);
    else if (row(inst.op).result === undefined && !isComputed(inst)) this.#call(w, inst);
    else {
      const [result] = inst.results;
      const made = this.#compute(w, inst);
      if (typeof made === "number") this.#same.replace(result!, made);
      else this.#pairs[result!] = made;
    }
  }

  /** What has a signature gets another one. */
  #call(w: Words, inst: Inst): void {
    const types = wordsOf(inst.results.map((value) => this.#func.typeOf(value)));
    const { id: _, results: __, ...fields } = inst;
    const made = this.#func.make({ ...fields, args: w.flat(inst.args) } as unknown as Draft, types);
    w.block.insts.push(made);
    let at = 0;
    for (const result of inst.results)
      if (this.#isLong(result)) {
        this.#pairs[result] = [made.results[at]!, made.results[at + 1]!];
        at += 2;
      } else this.#same.replace(result, made.results[at++]!);
  }

  #compute(w: Words, inst: Inst): Pair | ValueId {
    const { op, args } = inst;
    const [a, b] = args as [ValueId, ValueId];
    switch (op) {
      case "iconst":
        return [w.number(Number(BigInt.asIntN(32, inst.value))), w.number(Number(inst.value >> 32n))];
      case "wrap":
        return w.pair(a)[0];
      case "extend_s":
        return [a, w.sign(a)];
      case "extend_u":
        return [a, w.number(0)];
      case "select": {
        const [yes, no] = [w.pair(b), w.pair(args[2]!)];
        return [w.select(a, yes[0], no[0]), w.select(a, yes[1], no[1])];
      }
      case "load":
        return load(w, inst);
      case "global.get":
        return getGlobal(w, inst);
      case "intrinsic":
        return inst.name === "hw.load64" ? loadDevice(w, inst) : multiplyHigh(w, w.pair(a), w.pair(b));
      default:
        return this.#byRule(w, inst, w.pair(a), b === undefined ? w.pair(a) : w.pair(b));
    }
  }

  #byRule(w: Words, { op }: Inst, a: Pair, b: Pair): Pair | ValueId {
    const symbol = routines[op];
    if (symbol !== undefined) {
      const draft: Draft = { op: "call_import", args: [...a, ...b], symbol, at: w.at };
      const call = this.#func.make(draft, ["i32", "i32"]);
      w.block.insts.push(call);
      return [call.results[0]!, call.results[1]!];
    }
    const shift = shifts[op];
    if (shift !== undefined) return shift(w, a, b[0]);
    const rule = arithmetic[op] ?? comparisons[op];
    if (rule === undefined) throw new Error(`BUG: no halves for ${op}`);
    return rule(w, a, b);
  }
}

const isDevice = (inst: Inst, name: string): boolean => inst.op === "intrinsic" && inst.name === name;
/** Intrinsics that become several operations. */
const isComputed = (inst: Inst): boolean => isDevice(inst, "math.mul64hi") || isDevice(inst, "hw.load64");
