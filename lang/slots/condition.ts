/** Refinements as small programs for a stack of numbers, which a machine runs over what it was given. */
import type { Core, Variable } from "../check/core.ts";
import type { Refinement } from "../types/type.ts";
import { type Automaton, automatonOf } from "./automaton.ts";
import { numberOf } from "./number.ts";

/** `constant` has its number behind it, `matches` the number of a pattern. */
export const operation = {
  constant: 0n,
  value: 1n,
  length: 2n,
  equal: 3n,
  unequal: 4n,
  below: 5n,
  atMost: 6n,
  above: 7n,
  atLeast: 8n,
  and: 9n,
  or: 10n,
  not: 11n,
  matches: 12n,
} as const;

const comparisons: Readonly<Record<string, bigint>> = {
  "==": operation.equal,
  "!=": operation.unequal,
  "<": operation.below,
  "<=": operation.atMost,
  ">": operation.above,
  ">=": operation.atLeast,
};

/** More than these could need more room than a machine has for them. */
const MOST_OPERATIONS = 200;

/** What cannot be decided where a machine starts: the evaluator is not there. */
class Unknown extends Error {}

export class Conditions {
  readonly programs: (readonly bigint[])[] = [];
  readonly patterns: Automaton[] = [];

  /** False: it cannot be decided there. */
  add(refinement: Refinement): boolean {
    try {
      const program =
        refinement.by === "in"
          ? this.#between([operation.value], refinement.range)
          : this.#of(refinement.condition, refinement.it);
      if (program.length > MOST_OPERATIONS) return false;
      this.programs.push(program);
      return true;
    } catch (error) {
      if (error instanceof Unknown) return false;
      throw error;
    }
  }

  /** A pattern that the text has to match. False: it cannot be decided there. */
  addPattern(pattern: string): boolean {
    const automaton = automatonOf(pattern);
    if (automaton === undefined) return false;
    this.programs.push([operation.matches, BigInt(this.patterns.push(automaton) - 1)]);
    return true;
  }

  addRange(low: bigint, high: bigint): void {
    this.programs.push(within([operation.value], low, high));
  }

  #of(core: Core, it: Variable): bigint[] {
    if (core.op === "const") {
      const number = numberOf(core.value);
      if (number !== undefined) return [operation.constant, number];
    }
    if (core.op === "variable" && core.variable === it) return [operation.value];
    if (core.op === "short") {
      const word = core.stop ? operation.or : operation.and;
      return [...this.#of(core.left, it), ...this.#of(core.right, it), word];
    }
    if (core.op === "apply") return this.#apply(core, it);
    throw new Unknown();
  }

  #apply({ name, args }: Extract<Core, { op: "apply" }>, it: Variable): bigint[] {
    const [left, right] = args;
    const own = left?.op === "variable" && left.variable === it;
    if (name === "len" && own) return [operation.length];
    if (name === "not" && left) return [...this.#of(left, it), operation.not];
    const comparison = comparisons[name];
    if (comparison !== undefined && left && right)
      return [...this.#of(left, it), ...this.#of(right, it), comparison];
    if (name === "in" && left && right) {
      const what = this.#of(left, it);
      return right.op === "list" || (right.op === "const" && right.value.kind === "list")
        ? this.#among(what, right)
        : this.#between(what, right);
    }
    if (name === "matches" && own && right?.op === "const" && right.value.kind === "regex") {
      const automaton = automatonOf(right.value.pattern);
      if (automaton) return [operation.matches, BigInt(this.patterns.push(automaton) - 1)];
    }
    throw new Unknown();
  }

  #between(what: readonly bigint[], range: Core): bigint[] {
    const ends =
      range.op === "range" && range.low.op === "const" && range.high.op === "const"
        ? [range.low.value, range.high.value]
        : range.op === "const" && range.value.kind === "range"
          ? [range.value.low, range.value.high]
          : [];
    const [low, high] = ends.map(numberOf);
    if (low === undefined || high === undefined) throw new Unknown();
    return within(what, low, high);
  }

  #among(what: readonly bigint[], list: Core): bigint[] {
    const values =
      list.op === "const" && list.value.kind === "list"
        ? list.value.items
        : list.op === "list"
          ? list.items.map((item) => (item.op === "const" ? item.value : undefined))
          : [];
    const { constant, equal, or } = operation;
    return values.flatMap((value, n) => {
      const number = value && numberOf(value);
      if (number === undefined) throw new Unknown();
      return [...what, constant, number, equal, ...(n > 0 ? [or] : [])];
    });
  }
}

function within(what: readonly bigint[], low: bigint, high: bigint): bigint[] {
  const { constant, atLeast, atMost, and } = operation;
  return [...what, constant, low, atLeast, ...what, constant, high, atMost, and];
}
