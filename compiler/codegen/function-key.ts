/**
 * All that the machine code of a function depends on, as bytes: its body, what it says of other functions, globals and types in place of their numbers, and the bodies of small functions
 * that may be put into it. Functions with the same bytes have the same code, in whatever modules they are and under whatever numbers.
 */
import { type Bodies, shownType } from "./function-body.ts";
import { MAX_BYTES, MAX_DEPTH } from "./passes/inline.ts";
import type { Unit } from "./unit.ts";
import { typeOfFunction } from "./wasm/module.ts";

/** What a function speaks of, each in the order in which it is first met; the function itself is the first. */
export interface References {
  readonly functions: readonly number[];
  readonly globals: readonly number[];
}

export interface Described extends References {
  readonly text: Uint8Array;
}

/** A function that leads to more than this is always compiled. */
const MOST_FUNCTIONS = 5000;

export class Describer {
  readonly #unit: Unit;
  readonly #head: string;
  readonly #bodies: Bodies;

  constructor(unit: Unit, bodies: Bodies) {
    this.#unit = unit;
    this.#bodies = bodies;
    const { isa, context } = unit;
    const { memoryLimit = 0, checks } = context;
    this.#head = ["function@1", isa.name, memoryLimit, JSON.stringify(checks ?? null)].join(" ");
  }

  /** Undefined for one that leads to too many others. */
  describe(index: number): Described | undefined {
    const functions = new Numbers([index]);
    const globals = new Numbers([]);
    const text = new Text();
    text.line(this.#head);
    // Who calls comes before who is called, so the first level that one is met on is the least. What is added while a set is walked is walked, too.
    const levels = [0];
    for (const [ordinal, callee] of functions.all.entries()) {
      const level = levels[ordinal]!;
      this.#callee(callee, level, text, functions, globals);
      while (levels.length < functions.all.length) levels.push(level + 1);
      if (functions.all.length > MOST_FUNCTIONS) return undefined;
    }
    this.#changes(text, functions.all, globals.all);
    return { text: text.bytes(), functions: functions.all, globals: globals.all };
  }

  #callee(index: number, level: number, text: Text, functions: Numbers, globals: Numbers): void {
    const { module } = this.#unit;
    const { code, import: imported } = module.functions[index]!;
    text.line(`function ${shownType(typeOfFunction(module, index))} ${imported ?? ""}`);
    const isRead =
      code !== undefined && (level === 0 || (level <= MAX_DEPTH + 1 && code.end - code.start <= MAX_BYTES));
    if (!isRead) return;
    for (const { start, end, kind, number, text: operand } of this.#bodies.pieces(index)) {
      text.raw(module.bytes, start, end);
      if (kind === "function") text.line(`f${functions.of(number)}`);
      else if (kind === "global") text.line(`g${globals.of(number)}`);
      else text.line(operand);
    }
  }

  /** What calls change, as far as it is spoken of. */
  #changes(text: Text, functions: readonly number[], globals: readonly number[]): void {
    const { module, context } = this.#unit;
    for (const index of functions) {
      const changes = context.changes?.(index);
      const kept = globals.map((global) => (changes?.globals.has(global) ? "1" : "0"));
      text.line(changes ? `${changes.memory} ${changes.size} ${kept.join("")}` : "anything");
    }
    for (const index of globals) text.line(module.globals[index]!.type);
  }
}

/** Numbers of a module, counted in the order in which they are met. */
class Numbers {
  readonly all: number[];
  readonly #ordinals: Map<number, number>;

  constructor(first: readonly number[]) {
    this.all = [...first];
    this.#ordinals = new Map(first.map((number, ordinal) => [number, ordinal]));
  }

  of(number: number): number {
    const known = this.#ordinals.get(number);
    if (known !== undefined) return known;
    this.#ordinals.set(number, this.all.length);
    return this.all.push(number) - 1;
  }
}

/** Parts, each behind its length, so that other parts never give the same bytes. */
class Text {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(1024);
  #length = 0;

  line(line: string): void {
    const bytes = this.#encoder.encode(line);
    this.raw(bytes, 0, bytes.length);
  }

  raw(from: Uint8Array, start: number, end: number): void {
    const size = end - start;
    const needed = this.#length + 4 + size;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    new DataView(this.#bytes.buffer).setUint32(this.#length, size, true);
    this.#bytes.set(from.subarray(start, end), this.#length + 4);
    this.#length = needed;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
