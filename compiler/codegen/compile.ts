/** WebAssembly module → sections of machine code. */

import { assembled, type CompiledModule } from "./compiled-module.ts";
import { refuseLeaks, secretFunctions } from "./constant-time.ts";
import type { Crew } from "./crew.ts";
import { type IsaName, isas } from "./isa/index.ts";
import type { Isa } from "./isa/isa.ts";
import { type FunctionCache, KnownFunctions } from "./known-functions.ts";
import type { Section } from "./object/section.ts";
import { Unit } from "./unit.ts";
import { parseModule } from "./wasm/decode.ts";
import { validate } from "./wasm/validate.ts";

/** Throws `WasmError` for an invalid module, `UnsupportedError` for what the machine cannot do, `LeakError` for a secret function that tells of what it reads. The same bytes for the same module, always. */
export function compile(wasm: Uint8Array, name: IsaName): CompiledModule {
  return compileFor(wasm, isas[name]);
}

/** The same for an instruction set of one's own. */
export function compileFor(wasm: Uint8Array, isa: Isa): CompiledModule {
  const work = new Work(wasm, isa);
  return work.finish();
}

/** Those who make it faster. The bytes are the same with all of them, and without. */
export interface Helpers {
  readonly cache?: FunctionCache | undefined;
  readonly crew?: Crew | undefined;
}

export async function compileWith(
  wasm: Uint8Array,
  name: IsaName,
  { cache, crew }: Helpers,
): Promise<CompiledModule> {
  const work = new Work(wasm, isas[name], cache);
  await work.share(wasm, name, crew);
  return work.finish();
}

/** A module that is compiled, and how far that has come. */
class Work {
  readonly #unit: Unit;
  readonly #known: KnownFunctions | undefined;
  readonly #done = new Map<number, readonly Section[]>();
  /** Functions that were not known. */
  readonly #fresh: ReadonlySet<number>;
  /** Of the secret functions together it is not known yet that they tell nothing. */
  readonly #unproved: readonly number[];

  constructor(wasm: Uint8Array, isa: Isa, cache?: FunctionCache) {
    const module = parseModule(wasm);
    validate(module);
    this.#unit = new Unit(module, isa);
    this.#known = cache && new KnownFunctions(this.#unit, cache);
    for (const index of this.#unit.indices) this.#put(index, this.#known?.recall(index));
    this.#fresh = new Set(this.#missing());
    const secret = [...secretFunctions(module)].toSorted((a, b) => a - b);
    this.#unproved = secret.length > 0 && this.#known?.isProved(secret) === true ? [] : secret;
    this.#prove();
  }

  /** What is not done yet, the longest first, is done by us and by the crew. */
  async share(wasm: Uint8Array, isa: IsaName, crew: Crew | undefined): Promise<void> {
    const { functions } = this.#unit.module;
    const sizes = this.#missing().map((index) => {
      const { start, end } = functions[index]!.code!;
      return { index, bytes: end - start };
    });
    const order = sizes.toSorted((a, b) => b.bytes - a.bytes || a.index - b.index);
    const shift = crew?.begin({ wasm, isa, order });
    if (shift === undefined) return;
    for (let index = shift.next(); index !== undefined; index = shift.next())
      this.#put(
        index,
        attempt(() => this.#unit.compile(index!)),
      );
    for (const { index, sections } of await shift.others()) this.#put(index, sections);
  }

  finish(): CompiledModule {
    // What others could not do is done again here, so that who asks too much is told the same whoever has tried before.
    for (const index of this.#missing()) this.#put(index, this.#unit.compile(index));
    for (const index of this.#fresh) this.#known?.remember(index, this.#done.get(index)!);
    if (this.#unproved.length > 0) this.#known?.prove(this.#unproved);
    return assembled(this.#unit, this.#done, this.#fresh.size);
  }

  /** SSA of all secret functions is looked at as a whole. Code is made of it on the way. */
  #prove(): void {
    const funcs = this.#unproved.map((index) => this.#unit.optimized(index));
    refuseLeaks(funcs);
    for (const func of funcs) if (!this.#done.has(func.index)) this.#put(func.index, this.#unit.emit(func));
  }

  #missing(): number[] {
    return this.#unit.indices.filter((index) => !this.#done.has(index));
  }

  #put(index: number, sections: readonly Section[] | undefined): void {
    if (sections !== undefined) this.#done.set(index, sections);
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
