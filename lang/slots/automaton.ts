/** A regular expression as a table that one walk over a text decides by: what a machine that starts can match with. */
import { compileRegex, type Instruction, type Interval } from "../values/regex.ts";

/** State 0 is that no text can match any more, state 1 the beginning. */
export interface Automaton {
  /** Where the ranges of characters begin that are told apart; the first is 0. */
  readonly cuts: readonly number[];
  /** The next state by state and range, row by row. */
  readonly next: readonly number[];
  /** By state: 1 if a text that ends here matches. */
  readonly accepts: readonly number[];
}

/** Tables stay below some kilobytes. */
const MOST_STATES = 400;
const MOST_CELLS = 8000;

/** Undefined: it looks at borders of words, or has too many states. */
export function automatonOf(pattern: string): Automaton | undefined {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) throw new Error("BUG: a type's pattern cannot be read");
  const { instructions } = compiled.value;
  if (instructions.some(({ op }) => op === "boundary")) return undefined;
  const cuts = cutsOf(instructions);
  const states = new States(instructions);
  const next: number[] = cuts.map(() => 0);
  states.of(states.closure([0], true));
  for (let state = 1; state < states.sets.length; state++) {
    if (states.sets.length > MOST_STATES || states.sets.length * cuts.length > MOST_CELLS) return undefined;
    for (const cut of cuts) next.push(states.after(state, cut));
  }
  return { cuts, next, accepts: states.sets.map((set) => (states.accepts(set) ? 1 : 0)) };
}

function cutsOf(instructions: readonly Instruction[]): readonly number[] {
  const cuts = new Set([0]);
  for (const instruction of instructions)
    if (instruction.op === "class") for (const [low, high] of instruction.ranges) cuts.add(low).add(high + 1);
  return [...cuts].toSorted((a, b) => a - b);
}

type Set_ = readonly number[];

/** Sets of instructions that a text may stand at, by number. */
class States {
  readonly sets: Set_[] = [[]];
  readonly #numbers = new Map<string, number>([["", 0]]);
  readonly #program: readonly Instruction[];

  constructor(program: readonly Instruction[]) {
    this.#program = program;
  }

  of(set: Set_): number {
    const key = set.join(" ");
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.sets.length);
    return this.sets.push(set) - 1;
  }

  /** A match that is found stays found; a pattern may begin anywhere. */
  after(state: number, code: number): number {
    const set = this.sets[state]!;
    if (set.some((at) => this.#program[at]!.op === "match")) return state;
    const moved = set.flatMap((at) => {
      const instruction = this.#program[at]!;
      return instruction.op === "class" && has(instruction.ranges, code) !== instruction.negated
        ? [at + 1]
        : [];
    });
    return this.of(this.closure([...moved, 0], false));
  }

  accepts(set: Set_): boolean {
    const pending = set.flatMap((at) => (this.#program[at]!.op === "end" ? [at + 1] : []));
    return [...set, ...this.closure(pending, false, true)].some((at) => this.#program[at]!.op === "match");
  }

  /** All instructions that are reached without taking a character, in order. */
  closure(first: readonly number[], atStart: boolean, atEnd = false): Set_ {
    const found = new Set<number>();
    const pending = [...first];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      const instruction = this.#program[at]!;
      if (instruction.op === "split") pending.push(instruction.to, instruction.or);
      if (instruction.op === "jump") pending.push(instruction.to);
      if ((instruction.op === "start" && atStart) || (instruction.op === "end" && atEnd))
        pending.push(at + 1);
    }
    return [...found]
      .filter((at) => ["class", "end", "match"].includes(this.#program[at]!.op))
      .toSorted((a, b) => a - b);
  }
}

const has = (ranges: readonly Interval[], code: number): boolean =>
  ranges.some(([low, high]) => code >= low && code <= high);
