/** Runs the program of a regular expression: all states at once, so each character is looked at once a state. */
import type { Instruction, Interval, Program } from "./regex.ts";

export interface Match {
  readonly matched: boolean;
  /** How far the text could be part of a match: the offset of the first character that fits nowhere. */
  readonly reached: number;
  /** State visits, for the step counter. */
  readonly steps: number;
}

/** Whether the pattern matches anywhere in the text. */
export function matchRegex({ instructions }: Program, text: string): Match {
  const run = new Run(instructions, text);
  return run.search();
}

class Run {
  readonly #program: readonly Instruction[];
  readonly #text: string;
  /** Instruction → the offset for which it is in the set already. */
  readonly #seen: Int32Array;
  #steps = 0;
  #matched = false;

  constructor(program: readonly Instruction[], text: string) {
    this.#program = program;
    this.#text = text;
    this.#seen = new Int32Array(program.length).fill(-1);
  }

  search(): Match {
    const anchored = this.#program[0]?.op === "start";
    let states: number[] = [];
    let at = 0;
    let reached = 0;
    for (;;) {
      if (at === 0 || !anchored) this.#enter(0, at, states);
      if (this.#matched) return { matched: true, reached: at, steps: this.#steps };
      if (at >= this.#text.length) break;
      const code = this.#text.codePointAt(at)!;
      const next = at + (code > 0xffff ? 2 : 1);
      const following: number[] = [];
      for (const state of states) {
        const instruction = this.#program[state]!;
        this.#steps++;
        if (instruction.op === "class" && accepts(instruction.ranges, code) !== instruction.negated)
          this.#enter(state + 1, next, following);
      }
      if (following.length > 0) reached = next;
      else if (anchored && !this.#matched) return { matched: false, reached, steps: this.#steps };
      states = following;
      at = next;
    }
    return { matched: this.#matched, reached, steps: this.#steps };
  }

  /** Adds an instruction and all that follow it without taking a character. */
  #enter(first: number, at: number, states: number[]): void {
    const pending = [first];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (this.#seen[index] === at) continue;
      this.#seen[index] = at;
      this.#steps++;
      const instruction = this.#program[index]!;
      switch (instruction.op) {
        case "class":
          states.push(index);
          break;
        case "split":
          pending.push(instruction.or, instruction.to);
          break;
        case "jump":
          pending.push(instruction.to);
          break;
        case "start":
          if (at === 0) pending.push(index + 1);
          break;
        case "end":
          if (at === this.#text.length) pending.push(index + 1);
          break;
        case "boundary":
          if (this.#boundary(at) !== instruction.negated) pending.push(index + 1);
          break;
        case "match":
          this.#matched = true;
          break;
      }
    }
  }

  #boundary(at: number): boolean {
    return isWord(this.#text.charCodeAt(at - 1)) !== isWord(this.#text.charCodeAt(at));
  }
}

function accepts(ranges: readonly Interval[], code: number): boolean {
  for (const [low, high] of ranges) if (code >= low && code <= high) return true;
  return false;
}

function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
  );
}
