import type { Draft, Func, Inst, InstOf } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import { bitsOf, type IntType, type Type } from "../../ssa/types.ts";
import type { Fact, Facts } from "../facts.ts";
import type { Relations } from "../relations.ts";

/** What a rule sees of the function at the place of the instruction it is asked about. */
export class Scope {
  readonly func: Func;
  readonly facts: Facts;
  readonly relations: Relations;
  /** Bytes that linear memory never exceeds. */
  readonly memoryLimit: bigint;
  /** Operations beyond WebAssembly's that may be made. */
  readonly machine: ReadonlySet<Op>;
  readonly #place: (draft: Draft) => ValueId;

  constructor(
    func: Func,
    facts: Facts,
    relations: Relations,
    memoryLimit: bigint,
    machine: ReadonlySet<Op>,
    place: (draft: Draft) => ValueId,
  ) {
    this.func = func;
    this.facts = facts;
    this.relations = relations;
    this.memoryLimit = memoryLimit;
    this.machine = machine;
    this.#place = place;
  }

  /** The instruction behind `value` if its operation is `op`. */
  as<O extends Op>(value: ValueId, op: O): InstOf<O> | undefined {
    const inst = this.func.inst(value);
    return inst?.op === op ? (inst as InstOf<O>) : undefined;
  }
  constant(value: ValueId): bigint | undefined {
    return this.func.constant(value);
  }
  fact(value: ValueId): Fact {
    return this.facts.of(value);
  }
  typeOf(value: ValueId): Type {
    return this.func.typeOf(value);
  }
  /** Known to be less than 2^(bits - 1), so that signed and unsigned readings agree. */
  isPositive(value: ValueId): boolean {
    return this.fact(value).max < 1n << BigInt(bitsOf[this.typeOf(value)] - 1);
  }
  /** Known to be 0 or 1. */
  isBool(value: ValueId): boolean {
    return this.fact(value).max <= 1n;
  }

  /** Puts an instruction before the one asked about, simplified in its turn; gives what stands for its result. */
  emit(op: Op, type: Type, ...args: readonly ValueId[]): ValueId {
    return this.#place({ op, type, args: [...args] } as unknown as Draft);
  }
  place(draft: Draft): ValueId {
    return this.#place(draft);
  }
  /** A constant; `value` may be anything that is right modulo the width. */
  number(type: Type, value: bigint): ValueId {
    return this.#place({
      op: "iconst",
      type: type as IntType,
      args: [],
      value: BigInt.asIntN(bitsOf[type], value),
    });
  }
}

/**
 * Gives the value that can be used instead of the instruction's result, or undefined. A rule for an instruction without
 * result changes it in place.
 */
export type Rule = (inst: Inst, scope: Scope) => ValueId | undefined;
export type Rules = { readonly [O in Op]?: readonly Rule[] };

/** The width of the type that the instruction works at, and all ones of that width. */
export function width(inst: Inst): bigint {
  return BigInt(bitsOf[inst.type]);
}
/** All bits of the instruction's type. */
export function ones(inst: Inst): bigint {
  return (1n << width(inst)) - 1n;
}

/** For a power of two its exponent; `value` is read as unsigned. */
export function exponent(type: Type, value: bigint): bigint | undefined {
  const number = BigInt.asUintN(bitsOf[type], value);
  if (number === 0n || (number & (number - 1n)) !== 0n) return undefined;
  return BigInt(number.toString(2).length - 1);
}
