/** Functions that were compiled before, found by all that their machine code depends on. */
import { Bodies } from "./function-body.ts";
import { Describer, type References } from "./function-key.ts";
import { renumbered } from "./isa/symbols.ts";
import type { Line, Section } from "./object/section.ts";
import type { Unit } from "./unit.ts";

/** Where they are kept, for this very compiler: another one makes other code. */
export interface FunctionCache {
  digest(bytes: Uint8Array): string;
  get(key: string): readonly KeptSection[] | undefined;
  put(key: string, sections: readonly KeptSection[]): void;
}

/** A section in which functions and globals have the numbers that `References` gives them. */
export interface KeptSection extends Omit<Section, "lines"> {
  readonly lines: readonly KeptLine[];
}

/** From `offset` on code comes from what is at `place` in the pieces of a function: itself, or one that was put into it. */
type KeptLine = readonly [offset: number, ordinal: number, place: number];

interface Keyed extends References {
  readonly key: string;
}

export class KnownFunctions {
  readonly #unit: Unit;
  readonly #cache: FunctionCache;
  readonly #bodies: Bodies;
  readonly #describer: Describer;
  readonly #keyed = new Map<number, Keyed | undefined>();

  constructor(unit: Unit, cache: FunctionCache) {
    this.#unit = unit;
    this.#cache = cache;
    this.#bodies = new Bodies(unit);
    this.#describer = new Describer(unit, this.#bodies);
  }

  recall(index: number): readonly Section[] | undefined {
    const keyed = this.#key(index);
    if (keyed === undefined) return undefined;
    const kept = this.#cache.get(keyed.key);
    if (kept === undefined) return undefined;
    const { functions, globals } = keyed;
    const { name } = this.#unit.module.functions[index]!;
    const names = {
      function: (ordinal: number) => functions[ordinal],
      global: (ordinal: number) => globals[ordinal],
    };
    return kept.map(({ lines, ...section }, n) => ({
      ...renamed(section, names),
      ...(n === 0 && { name: functionSection(name) }),
      ...(lines.length > 0 && {
        lines: lines.map(([offset, ordinal, place]) => ({
          offset,
          at: this.#bodies.offsetOf(functions[ordinal]!, place),
        })),
      }),
    }));
  }

  remember(index: number, sections: readonly Section[]): void {
    const keyed = this.#key(index);
    if (keyed === undefined) return;
    const names = { function: ordinals(keyed.functions), global: ordinals(keyed.globals) };
    const kept = sections.map(({ lines = [], ...section }, n) => ({
      ...renamed(section, names),
      ...(n === 0 && { name: functionSection("") }),
      lines: this.#keptLines(lines, keyed),
    }));
    this.#cache.put(keyed.key, kept);
  }

  #keptLines(lines: readonly Line[], { functions }: References): KeptLine[] {
    const { functions: all } = this.#unit.module;
    const isIn = (at: number) => (index: number) => {
      const { code } = all[index]!;
      return code !== undefined && code.start <= at && at < code.end;
    };
    return lines.map(({ offset, at }) => {
      const ordinal = functions.findIndex(isIn(at));
      return [offset, ordinal, this.#bodies.placeOf(functions[ordinal]!, at)];
    });
  }

  /** Was it shown of just these functions, as they call each other, that they tell nothing? */
  isProved(secret: readonly number[]): boolean {
    const key = this.#proof(secret);
    return key !== undefined && this.#cache.get(key) !== undefined;
  }

  prove(secret: readonly number[]): void {
    const key = this.#proof(secret);
    if (key !== undefined) this.#cache.put(key, []);
  }

  /** What functions are is in their keys; beyond that only counts which of them are the same, and which globals. */
  #proof(secret: readonly number[]): string | undefined {
    const keyed = secret.map((index) => this.#key(index));
    if (!keyed.every((each) => each !== undefined)) return undefined;
    const functionAt = ordinals(secret);
    const globalAt = ordinals([...new Set(keyed.flatMap(({ globals }) => globals))]);
    const rows = keyed.map(({ key, functions, globals }) => [
      key,
      functions.map((index) => functionAt(index) ?? -1),
      globals.map(globalAt),
    ]);
    return this.#cache.digest(new TextEncoder().encode(`constant-time@1 ${JSON.stringify(rows)}`));
  }

  #key(index: number): Keyed | undefined {
    if (!this.#keyed.has(index)) {
      const described = this.#describer.describe(index);
      this.#keyed.set(index, described && { ...described, key: this.#cache.digest(described.text) });
    }
    return this.#keyed.get(index);
  }
}

function ordinals(numbers: readonly number[]): (number: number) => number | undefined {
  const found = new Map(numbers.map((number, ordinal) => [number, ordinal]));
  return (number) => found.get(number);
}

const functionSection = (name: string): string => `function ${name}`;

function renamed<S extends Omit<Section, "lines">>(section: S, names: Parameters<typeof renumbered>[1]): S {
  return {
    ...section,
    name: renumbered(section.name, names),
    symbols: section.symbols.map(({ name, offset }) => ({ name: renumbered(name, names), offset })),
    relocations: section.relocations.map(({ symbol, ...rest }) => ({
      ...rest,
      symbol: renumbered(symbol, names),
    })),
  };
}
