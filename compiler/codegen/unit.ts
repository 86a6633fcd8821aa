/** A module on its way to machine code: what is the same for all of its functions is found out once. */
import { buildFunction } from "./frontend/build.ts";
import { contextOf } from "./frontend/context.ts";
import { refuseFloats } from "./frontend/refuse-floats.ts";
import { factsOf } from "./isa/data.ts";
import type { Isa, ModuleFacts } from "./isa/isa.ts";
import type { Section } from "./object/section.ts";
import { type OptimizeContext, optimize } from "./passes/index.ts";
import type { Func } from "./ssa/func.ts";
import { parseModule } from "./wasm/decode.ts";
import { importedFunctions, type Module } from "./wasm/module.ts";

export class Unit {
  readonly module: Module;
  readonly isa: Isa;
  readonly facts: ModuleFacts;
  readonly context: OptimizeContext;

  /** The module is taken to be valid. */
  constructor(module: Module, isa: Isa) {
    this.module = module;
    this.isa = isa;
    this.facts = factsOf(module);
    this.context = contextOf(module, isa);
  }

  static of(wasm: Uint8Array, isa: Isa): Unit {
    return new Unit(parseModule(wasm), isa);
  }

  /** Functions that have code, in order. */
  get indices(): number[] {
    const imports = importedFunctions(this.module);
    return this.module.functions.slice(imports).map((_, n) => imports + n);
  }

  /** The SSA that all passes leave. */
  optimized(index: number): Func {
    const func = buildFunction(this.module, index);
    if (!this.isa.floats) refuseFloats(this.module, func, this.isa.name);
    optimize(func, this.context);
    return func;
  }

  /** Code, then jump tables. The same bytes whatever else was compiled before. */
  compile(index: number): readonly Section[] {
    return this.emit(this.optimized(index));
  }

  emit(func: Func): readonly Section[] {
    return this.isa.compileFunction(func, this.facts);
  }
}
