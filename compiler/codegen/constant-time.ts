/**
 * Constant time: a function that calls `math.secret`, and all that it calls, may let nothing that it reads from memory decide what is executed, which
 * address is accessed, or how long an instruction takes. It is shown on what the passes leave, so it does not matter which of them would have made a
 * branch of a select: docs/codegen.md.
 */

import type { Func, Inst } from "./ssa/func.ts";
import type { ValueId } from "./ssa/ids.ts";
import { intrinsics, SECRET } from "./ssa/intrinsics.ts";
import { readInstruction, readLocals } from "./wasm/instructions.ts";
import type { Module } from "./wasm/module.ts";
import { Reader } from "./wasm/reader.ts";

/** What would tell of a secret. */
export interface Leak {
  readonly func: string;
  /** Byte offset in the wasm module. */
  readonly at: number;
  readonly what: string;
}

/** A secret function does what takes longer or shorter with what is secret. */
export class LeakError extends Error {
  constructor({ func, at, what }: Leak) {
    super(`function ${func} is secret, but ${what} depends on what it reads (wasm offset ${at})`);
    this.name = "LeakError";
  }
}

/** Indices of the functions that call the mark, and of all that these call. */
export function secretFunctions(module: Module): ReadonlySet<number> {
  const mark = module.functions.findIndex(({ import: name }) => name === SECRET);
  if (mark === -1) return new Set();
  const callees = module.functions.map((_, index) => calleesOf(module, index));
  const found = new Set<number>();
  const work = callees.flatMap((called, index) => (called.has(mark) ? [index] : []));
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    if (found.has(index) || module.functions[index]!.code === undefined) continue;
    found.add(index);
    work.push(...callees[index]!);
  }
  return found;
}

function calleesOf(module: Module, index: number): Set<number> {
  const callees = new Set<number>();
  const { code } = module.functions[index]!;
  if (code === undefined) return callees;
  const reader = new Reader(module.bytes, code.start, code.end);
  readLocals(reader);
  while (!reader.done) {
    const { opcode, index: callee } = readInstruction(reader);
    if (opcode.name === "call" || opcode.name === "return_call") callees.add(callee);
  }
  return callees;
}

/**
 * Leaks of secret functions as the passes leave them. Secret is what is loaded, and what is computed from it, through calls and globals too. Arguments that
 * come from other functions are public: addresses and lengths.
 */
export function leaksOf(funcs: readonly Func[]): Leak[] {
  const known = new Knowledge(funcs);
  while (funcs.some((func) => known.spread(func)));
  return funcs.flatMap((func) =>
    func.blocks.flatMap(({ insts }) =>
      insts.flatMap((inst) => {
        const what = leak(inst, (value) => known.has(func, value));
        return what === undefined ? [] : [{ func: func.name, at: inst.at, what }];
      }),
    ),
  );
}

class Knowledge {
  readonly #byIndex: ReadonlyMap<number, Func>;
  readonly #secret = new Map<Func, Set<ValueId>>();
  readonly #results = new Map<Func, Set<number>>();
  readonly #globals = new Set<number>();
  #changed = false;

  constructor(funcs: readonly Func[]) {
    this.#byIndex = new Map(funcs.map((func) => [func.index, func]));
    for (const func of funcs) {
      this.#secret.set(func, new Set());
      this.#results.set(func, new Set());
    }
  }

  has(func: Func, value: ValueId): boolean {
    return this.#secret.get(func)!.has(value);
  }

  /** Walks over a function once; true if anything new became secret. */
  spread(func: Func): boolean {
    this.#changed = false;
    for (const { insts } of func.blocks) for (const inst of insts) this.#inst(func, inst);
    return this.#changed;
  }

  #inst(func: Func, inst: Inst): void {
    const isSecret = (value: ValueId) => this.has(func, value);
    const values = this.#secret.get(func)!;
    if ("targets" in inst)
      for (const { block, args } of inst.targets)
        block.params.forEach((param, n) => {
          if (isSecret(args[n]!)) this.#add(values, param);
        });
    if (inst.op === "return")
      inst.args.forEach((value, n) => {
        if (isSecret(value)) this.#add(this.#results.get(func)!, n);
      });
    else if (inst.op === "global.set" && isSecret(inst.args[0]!)) this.#add(this.#globals, inst.index);
    else if (inst.op === "call") this.#call(func, inst.callee, inst);
    else if (this.#makesSecret(inst, isSecret)) for (const result of inst.results) this.#add(values, result);
  }

  #call(func: Func, index: number, { args, results }: Inst): void {
    const values = this.#secret.get(func)!;
    // Every callee is secret too, unless a pass has put another function's call here: nothing is known of that.
    const callee = this.#byIndex.get(index);
    if (callee === undefined) {
      for (const result of results) this.#add(values, result);
      return;
    }
    args.forEach((value, n) => {
      if (this.has(func, value)) this.#add(this.#secret.get(callee)!, callee.entry.params[n]!);
    });
    results.forEach((result, n) => {
      if (this.#results.get(callee)!.has(n)) this.#add(values, result);
    });
  }

  #makesSecret(inst: Inst, isSecret: (value: ValueId) => boolean): boolean {
    if (inst.op === "load" || inst.op === "call_import" || inst.op === "call_indirect") return true;
    if (inst.op === "global.get") return this.#globals.has(inst.index);
    // What a device gives is as secret as memory.
    if (inst.op === "intrinsic" && intrinsics[inst.name]!.effects !== 0) return true;
    return inst.args.some(isSecret);
  }

  #add<T>(set: Set<T>, value: T): void {
    if (set.has(value)) return;
    set.add(value);
    this.#changed = true;
  }
}

/** What about the instruction an observer sees, if that is secret. */
function leak(inst: Inst, isSecret: (value: ValueId) => boolean): string | undefined {
  const [first] = inst.args;
  switch (inst.op) {
    case "br_if":
    case "br_table":
      return isSecret(first!) ? "a branch" : undefined;
    case "load":
    case "store":
      return isSecret(first!) ? "the address of an access" : undefined;
    case "memory.fill":
      return isSecret(first!) || isSecret(inst.args[2]!) ? inst.op : undefined;
    case "div_s":
    case "div_u":
    case "rem_s":
    case "rem_u":
      return inst.args.some(isSecret) ? "the time of a division" : undefined;
    case "call_import":
      return inst.args.some(isSecret) ? `a call of ${inst.symbol}` : undefined;
    case "call_indirect":
      return inst.args.some(isSecret) ? "a call through a table" : undefined;
    default:
      return whole.test(inst.op) && inst.args.some(isSecret) ? inst.op : undefined;
  }
}

/** Operations all of whose operands are seen; floating point takes longer for some numbers. */
const whole =
  /^(memory|table|elem|data)\.|^f(add|sub|mul|div|sqrt|min|max|eq|lt|le|promote|demote|ceil|floor|trunc|nearest)$|^(ftoi|itof)_/;

/** Throws for the first leak. */
export function refuseLeaks(funcs: readonly Func[]): void {
  const [first] = leaksOf(funcs);
  if (first !== undefined) throw new LeakError(first);
}
