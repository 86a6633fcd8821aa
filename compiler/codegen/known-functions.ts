/** Functions that were compiled before, found by all that their machine code depends on. */
import { Describer, type References } from "./function-key.ts";
import { renumbered } from "./isa/symbols.ts";
import type { Section } from "./object/section.ts";
import type { Unit } from "./unit.ts";

/** Where they are kept, for this very compiler: another one makes other code. */
export interface FunctionCache {
  digest(bytes: Uint8Array): string;
  get(key: string): readonly Section[] | undefined;
  put(key: string, sections: readonly Section[]): void;
}

interface Keyed extends References {
  readonly key: string;
}

export class KnownFunctions {
  readonly #unit: Unit;
  readonly #cache: FunctionCache;
  readonly #describer: Describer;
  readonly #keyed = new Map<number, Keyed | undefined>();

  constructor(unit: Unit, cache: FunctionCache) {
    this.#unit = unit;
    this.#cache = cache;
    this.#describer = new Describer(unit);
  }

  recall(index: number): readonly Section[] | undefined {
    const keyed = this.#key(index);
    const kept = keyed && this.#cache.get(keyed.key);
    const { name } = this.#unit.module.functions[index]!;
    return (
      kept &&
      renamed(kept, name, {
        function: (ordinal) => keyed.functions[ordinal],
        global: (ordinal) => keyed.globals[ordinal],
      })
    );
  }

  remember(index: number, sections: readonly Section[]): void {
    const keyed = this.#key(index);
    if (keyed === undefined) return;
    const kept = renamed(sections, "", {
      function: ordinals(keyed.functions),
      global: ordinals(keyed.globals),
    });
    this.#cache.put(keyed.key, kept);
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

/** Sections with other numbers in the names of functions and globals. */
function renamed(
  sections: readonly Section[],
  name: string,
  numbers: Parameters<typeof renumbered>[1],
): Section[] {
  return sections.map((section, n) => ({
    ...section,
    name: n === 0 ? `function ${name}` : renumbered(section.name, numbers),
    symbols: section.symbols.map((each) => ({ ...each, name: renumbered(each.name, numbers) })),
    relocations: section.relocations.map((each) => ({
      ...each,
      symbol: renumbered(each.symbol, numbers),
    })),
  }));
}
