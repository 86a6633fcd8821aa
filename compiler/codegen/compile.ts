/** WebAssembly module → sections of machine code. */

import { refuseLeaks, secretFunctions } from "./constant-time.ts";
import { buildFunction } from "./frontend/build.ts";
import { contextOf } from "./frontend/context.ts";
import { refuseFloats } from "./frontend/refuse-floats.ts";
import { constantOf, factsOf, globalsSection, moduleSections } from "./isa/data.ts";
import { type IsaName, isas } from "./isa/index.ts";
import type { Isa } from "./isa/isa.ts";
import { symbols } from "./isa/symbols.ts";
import type { Line, Section } from "./object/section.ts";
import { optimize } from "./passes/index.ts";
import type { Func } from "./ssa/func.ts";
import { parseModule } from "./wasm/decode.ts";
import { type Global, importedFunctions, type Module } from "./wasm/module.ts";
import { validate } from "./wasm/validate.ts";

export interface CompiledFunction {
  readonly index: number;
  readonly name: string;
  /** Bytes of machine code and jump tables. */
  readonly bytes: number;
  readonly symbol: string;
}

/** What the code of a function was made of. Nothing in it depends on where function and body are. */
export interface FunctionLines {
  /** Offset of the body in the module. */
  readonly body: number;
  /** `offset` is in the function's section, `at` in its body. */
  readonly lines: readonly Line[];
}

export interface CompiledModule {
  readonly module: Module;
  /** Code of functions, in order of their indices. */
  readonly code: readonly Section[];
  /** Globals, tables, segments and routines, as far as something refers to them. */
  readonly data: readonly Section[];
  readonly functions: readonly CompiledFunction[];
  /** Of each function: for people. Sections have none any more, so that code is equal whatever it was made of. */
  readonly lines: readonly FunctionLines[];
  /** Symbols that the platform must define. */
  readonly undefinedSymbols: ReadonlySet<string>;
}

/** Throws `WasmError` for an invalid module, `UnsupportedError` for what the machine cannot do, `LeakError` for a secret function that tells of what it reads. The same bytes for the same module, always. */
export function compile(wasm: Uint8Array, name: IsaName): CompiledModule {
  return compileFor(wasm, isas[name]);
}

/** The same for an instruction set of one's own. */
export function compileFor(wasm: Uint8Array, isa: Isa): CompiledModule {
  const module = parseModule(wasm);
  validate(module);
  const facts = factsOf(module);
  const context = contextOf(module, isa);
  const imports = importedFunctions(module);
  const code: Section[] = [];
  const functions: CompiledFunction[] = [];
  const lines: FunctionLines[] = [];
  const secret = secretFunctions(module);
  const kept: Func[] = [];
  for (let index = imports; index < module.functions.length; index++) {
    const func = buildFunction(module, index);
    if (!isa.floats) refuseFloats(module, func, isa.name);
    optimize(func, context);
    if (secret.has(index)) kept.push(func);
    const sections = isa.compileFunction(func, facts);
    const body = module.functions[index]!.code!.start;
    lines.push({ body, lines: linesWithin(sections[0]!, body) });
    code.push(...sections.map(withoutLines));
    const bytes = sections.reduce((sum, section) => sum + section.size, 0);
    functions.push({ index, name: module.functions[index]!.name, bytes, symbol: symbols.function(index) });
  }
  refuseLeaks(kept);
  const exported = exportSymbols(module, code);
  // Nothing is imported but functions: whoever makes an image knows the values that set-up has given, and puts them in.
  const initial = ({ init }: Global) => (init === undefined ? 0n : constantOf(module, init));
  const data = [...moduleSections(module, exported, isa), globalsSection(module, initial)];
  return {
    module,
    code: exported,
    data,
    functions,
    lines,
    undefinedSymbols: undefinedIn([...exported, ...data]),
  };
}

const linesWithin = ({ lines = [] }: Section, body: number): Line[] =>
  lines.map(({ offset, at }) => ({ offset, at: at - body }));

const withoutLines = ({ lines: _, ...section }: Section): Section => section;

/** Exported functions have second symbols, at the same places. */
function exportSymbols(module: Module, code: readonly Section[]): Section[] {
  const names = new Map<string, string[]>();
  const add = (index: number, name: string) => {
    const symbol = symbols.function(index);
    names.set(symbol, [...(names.get(symbol) ?? []), name]);
  };
  for (const { kind, index, name } of module.exports) if (kind === "func") add(index, symbols.export(name));
  if (module.start !== undefined) add(module.start, symbols.start);
  return code.map((section) => {
    const more = section.symbols.flatMap(({ name, offset }) =>
      (names.get(name) ?? []).map((alias) => ({ name: alias, offset })),
    );
    return more.length === 0 ? section : { ...section, symbols: [...section.symbols, ...more] };
  });
}

function undefinedIn(sections: readonly Section[]): Set<string> {
  const defined = new Set(sections.flatMap(({ symbols: own }) => own.map(({ name }) => name)));
  const wanted = sections.flatMap(({ relocations }) => relocations.map(({ symbol }) => symbol));
  return new Set(wanted.filter((symbol) => !defined.has(symbol)).toSorted());
}
