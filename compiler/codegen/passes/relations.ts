import type { Func } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { bitsOf } from "../ssa/types.ts";
import type { Facts } from "./facts.ts";

/** A value as another one plus a constant, without wrapping at the width of their type. */
export interface Sum {
  readonly root: ValueId;
  readonly plus: bigint;
}

/**
 * Differences of values that branches have shown, read as unsigned integers: "x + n <= y". What one check of a bound has shown
 * makes a later, weaker check of the same values superfluous. Undone with the walk, like `Facts`.
 */
export class Relations {
  readonly #func: Func;
  readonly #facts: Facts;
  /** By "x,y": the greatest n for which x + n <= y is known. */
  readonly #known = new Map<string, bigint>();
  readonly #undo: { readonly key: string; readonly before: bigint | undefined }[] = [];

  constructor(func: Func, facts: Facts) {
    this.#func = func;
    this.#facts = facts;
  }

  /** Takes constants off a value; zero-extension is seen through, so sums of both widths meet at the same root. */
  sum(value: ValueId): Sum {
    let plus = 0n;
    let root = value;
    for (let inst = this.#func.inst(root); inst !== undefined; inst = this.#func.inst(root)) {
      if (inst.op === "extend_u") root = inst.args[0]!;
      else if (inst.op === "add") {
        const constant = this.#func.constant(inst.args[1]!);
        if (constant === undefined) break;
        // x + c is less than x where it wraps; c may be a negative number, for which wrapping is the rule.
        const limit = 1n << BigInt(bitsOf[inst.type]);
        const { min, max } = this.#facts.of(inst.args[0]!);
        const unsigned = BigInt.asUintN(bitsOf[inst.type], constant);
        if (max + unsigned < limit) plus += unsigned;
        else if (constant < 0n && min + constant >= 0n) plus += constant;
        else break;
        root = inst.args[0]!;
      } else break;
    }
    return { root, plus };
  }

  /** Notes that a + n <= b. */
  learn(a: ValueId, b: ValueId, n: bigint): void {
    const [x, y] = [this.sum(a), this.sum(b)];
    if (x.root === y.root) return;
    const key = `${x.root},${y.root}`;
    const before = this.#known.get(key);
    const difference = x.plus - y.plus + n;
    if (before !== undefined && before >= difference) return;
    this.#undo.push({ key, before });
    this.#known.set(key, difference);
  }

  /** Is a + n <= b sure? */
  implies(a: ValueId, b: ValueId, n: bigint): boolean {
    const [x, y] = [this.sum(a), this.sum(b)];
    if (x.root === y.root) return x.plus + n <= y.plus;
    const known = this.#known.get(`${x.root},${y.root}`);
    return known !== undefined && x.plus - y.plus + n <= known;
  }

  get mark(): number {
    return this.#undo.length;
  }
  rewind(mark: number): void {
    while (this.#undo.length > mark) {
      const { key, before } = this.#undo.pop()!;
      if (before === undefined) this.#known.delete(key);
      else this.#known.set(key, before);
    }
  }
}
