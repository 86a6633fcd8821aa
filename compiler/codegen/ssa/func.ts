import type { BlockId, InstId, ValueId } from "./ids.ts";
import { intrinsics } from "./intrinsics.ts";
import { effect, type Op, row } from "./ops.ts";
import type { Trap, Type } from "./types.ts";

/**
 * SSA with block parameters. A function is blocks; a block has parameters and instructions, the last of which is its
 * only terminator; a branch gives arguments for the parameters of its target. What always holds is at the head of verify.ts.
 */
export interface Block {
  readonly id: BlockId;
  params: ValueId[];
  /** Terminator last. */
  insts: Inst[];
  /** Hardly ever executed (it ends in a trap): laid out after all others. */
  cold: boolean;
}

/** Where a branch goes, with one argument for each parameter of `block`. */
export interface Target {
  block: Block;
  args: ValueId[];
}

interface Common<O extends Op> {
  readonly id: InstId;
  readonly op: O;
  /** The type that the operation works at (`x` of its row); without meaning where the row has no `x`. */
  readonly type: Type;
  args: ValueId[];
  /** Empty, one, or, for calls, as many as the signature has. */
  readonly results: ValueId[];
  /** Byte offset in the wasm module that this came from. */
  readonly at: number;
}

export type Terminator =
  | (Common<"jump" | "br_if" | "br_table" | "return"> & { targets: Target[] })
  | (Common<"trap"> & { targets: Target[]; trap: Trap });

/** Bytes that a memory access touches. */
export type AccessBytes = 1 | 2 | 4 | 8;
/** Narrower than its type, a load extends by sign if `signed`, else by zero. */
export type Load = Common<"load"> & { bytes: AccessBytes; signed: boolean; offset: number };
/** Narrower than its type, a store writes the low bytes. */
export type Store = Common<"store"> & { bytes: AccessBytes; offset: number };

/** One instruction; the operation decides which further fields there are. */
export type Inst =
  | Common<Exclude<Op, OpWithFields>>
  | (Common<"iconst"> & { value: bigint })
  | Load
  | Store
  | (Common<"global.get" | "global.set"> & { index: number; high: boolean })
  | (Common<"ref.func" | "table.get" | "table.set"> & { index: number })
  | (Common<"table.size" | "table.grow" | "table.fill"> & { index: number })
  | (Common<"memory.init" | "data.drop" | "elem.drop"> & { segment: number })
  | (Common<"table.init" | "table.copy"> & { index: number; segment: number })
  | (Common<"call"> & { callee: number })
  | (Common<"call_import"> & { symbol: string })
  | (Common<"call_indirect"> & { typeIndex: number; table: number })
  | (Common<"intrinsic"> & { name: string })
  | Terminator;

type WithOp<T, O extends Op> = T extends { op: infer P } ? (O extends P ? T : never) : never;
/** The instructions whose operation is `O`. */
export type InstOf<O extends Op> = WithOp<Inst, O>;

type OpWithFields =
  | "iconst"
  | "load"
  | "store"
  | `global.${"get" | "set"}`
  | "ref.func"
  | `table.${"get" | "set" | "size" | "grow" | "fill" | "init" | "copy"}`
  | "memory.init"
  | "data.drop"
  | "elem.drop"
  | "call"
  | "call_import"
  | "call_indirect"
  | "intrinsic"
  | Terminator["op"];

type Loose<T> = T extends unknown
  ? Omit<T, "id" | "results" | "at" | "type"> & { type?: Type; at?: number }
  : never;
/** An instruction before it is in a function; `type` may be left out where it has no meaning. */
export type Draft = Loose<Inst>;

/** Where a value comes from: an instruction, or a block whose parameter it is. */
export type Definition = Inst | Block;

/** One function. Blocks are listed with the entry first; its parameters are those of the function. */
export class Func {
  readonly name: string;
  /** In the function index space of the module, imports counted; -1 for a routine, whose symbol is its name. */
  readonly index: number;
  params: readonly Type[];
  results: readonly Type[];
  blocks: Block[] = [];
  /** May values be i64? Not any more after the pass `pairs`, which changes signatures too. */
  longs = true;
  readonly #types: Type[] = [];
  readonly #definitions: Definition[] = [];
  #blocks = 0;
  #insts = 0;

  constructor(name: string, index: number, params: readonly Type[], results: readonly Type[]) {
    this.name = name;
    this.index = index;
    this.params = params;
    this.results = results;
  }

  /** One more than the greatest ValueId ever made. */
  get valueCount(): number {
    return this.#types.length;
  }
  /** One more than the greatest BlockId ever made. */
  get blockCount(): number {
    return this.#blocks;
  }
  get entry(): Block {
    return this.blocks[0]!;
  }

  typeOf(value: ValueId): Type {
    return this.#types[value]!;
  }
  /** The instruction or the block that defines `value`. */
  definition(value: ValueId): Definition {
    return this.#definitions[value]!;
  }
  /** The instruction that defines `value`; undefined for a block parameter. */
  inst(value: ValueId): Inst | undefined {
    const definition = this.#definitions[value]!;
    return "op" in definition ? definition : undefined;
  }
  /** The number that `value` is, sign-extended; undefined when it is not a constant. */
  constant(value: ValueId): bigint | undefined {
    const inst = this.inst(value);
    return inst?.op === "iconst" ? inst.value : undefined;
  }

  /** A new empty block; it is up to the caller to list it in `blocks`. */
  makeBlock(): Block {
    return { id: this.#blocks++ as BlockId, params: [], insts: [], cold: false };
  }
  addParam(block: Block, type: Type): ValueId {
    const value = this.#value(type, block);
    block.params.push(value);
    return value;
  }
  /** Makes an instruction with fresh results; calls name the types of theirs. The caller puts it into a block. */
  make(draft: Draft, resultTypes?: readonly Type[]): Inst {
    const { result } = row(draft.op);
    const type = draft.type ?? "i32";
    const inst = { ...draft, id: this.#insts++, type, results: [], at: draft.at ?? 0 } as unknown as Inst;
    const types = result === undefined ? (resultTypes ?? []) : result === null ? [] : [result];
    for (const each of types) inst.results.push(this.#value(each === "x" ? type : each, inst));
    return inst;
  }
  /** Makes an instruction at the end of `block` and gives its first result, if any. */
  append(block: Block, draft: Draft, resultTypes?: readonly Type[]): ValueId {
    const inst = this.make(draft, resultTypes);
    block.insts.push(inst);
    return inst.results[0]!;
  }

  #value(type: Type, definition: Definition): ValueId {
    this.#definitions.push(definition);
    return (this.#types.push(type) - 1) as ValueId;
  }
}

/** The terminator of a finished block. */
export function terminator(block: Block): Terminator {
  const last = block.insts.at(-1);
  if (last === undefined || !isTerminator(last)) throw new Error(`BUG: block ${block.id} has no terminator`);
  return last;
}

export function isTerminator(inst: Inst): inst is Terminator {
  return (row(inst.op).effects & effect.control) !== 0;
}

/** The blocks that control may go to from `block`; one may be listed twice. */
export function successors(block: Block): Block[] {
  return terminator(block).targets.map((target) => target.block);
}

/** Effects of this very instruction: an intrinsic has its own. */
export function effectsOf(inst: Inst): number {
  if (inst.op === "intrinsic") return intrinsics[inst.name]!.effects;
  return row(inst.op).effects;
}
