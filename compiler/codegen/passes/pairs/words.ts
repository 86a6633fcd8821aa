import type { Block, Draft, Func } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { intrinsics } from "../../ssa/intrinsics.ts";
import type { Op } from "../../ssa/ops.ts";

/** An i64 as two values. */
export type Pair = readonly [low: ValueId, high: ValueId];

/** Writes operations on i32 at the end of a block. */
export class Words {
  readonly func: Func;
  readonly block: Block;
  readonly at: number;
  readonly #pairs: readonly (Pair | undefined)[];

  /** `pairs`: what stands for each i64, by ValueId. */
  constructor(func: Func, block: Block, at: number, pairs: readonly (Pair | undefined)[]) {
    this.func = func;
    this.block = block;
    this.at = at;
    this.#pairs = pairs;
  }

  /** The halves of an i64. */
  pair(value: ValueId): Pair {
    const pair = this.#pairs[value];
    if (pair === undefined) throw new Error(`BUG: v${value} has no halves`);
    return pair;
  }

  /** The values themselves, and for an i64 its two. */
  flat(values: readonly ValueId[]): ValueId[] {
    return values.flatMap((value) => (this.func.typeOf(value) === "i64" ? [...this.pair(value)] : [value]));
  }

  number(value: number): ValueId {
    return this.put({ op: "iconst", type: "i32", args: [], value: BigInt(value | 0) });
  }

  do(op: Op, ...args: readonly ValueId[]): ValueId {
    return this.put({ op, type: "i32", args: [...args] } as unknown as Draft);
  }

  /** With a constant as second operand. */
  by(op: Op, value: ValueId, constant: number): ValueId {
    return this.do(op, value, this.number(constant));
  }

  put(draft: Draft): ValueId {
    return this.func.append(this.block, { ...draft, at: this.at });
  }

  /** One with a single i32 as its result, or none. */
  intrinsic(name: string, args: readonly ValueId[]): ValueId {
    const types = intrinsics[name]!.results;
    return this.func.append(this.block, { op: "intrinsic", name, args: [...args], at: this.at }, types);
  }

  /** All bits are those of the sign. */
  sign(value: ValueId): ValueId {
    return this.by("shr_s", value, 31);
  }

  select(condition: ValueId, yes: ValueId, no: ValueId): ValueId {
    return this.do("select", condition, yes, no);
  }
}
