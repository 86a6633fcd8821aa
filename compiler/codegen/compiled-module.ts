/** What compiling a module gives. */
import { constantOf, globalsSection, moduleSections } from "./isa/data.ts";
import { symbols } from "./isa/symbols.ts";
import type { Line, Section } from "./object/section.ts";
import type { Unit } from "./unit.ts";
import type { Global, Module } from "./wasm/module.ts";

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
  /** How many functions were not known before. */
  readonly compiled: number;
}

/** Code of functions, and all that it needs of the module beside. */
export function assembled(
  { module, isa, indices }: Unit,
  done: ReadonlyMap<number, readonly Section[]>,
  compiled: number,
): CompiledModule {
  const functions = indices.map((index) => ({
    index,
    name: module.functions[index]!.name,
    bytes: done.get(index)!.reduce((sum, section) => sum + section.size, 0),
    symbol: symbols.function(index),
  }));
  const lines = indices.map((index) => {
    const body = module.functions[index]!.code!.start;
    return { body, lines: linesWithin(done.get(index)![0]!, body) };
  });
  const sections = indices.flatMap((index) => done.get(index)!.map(withoutLines));
  const code = exportSymbols(module, sections);
  // Nothing is imported but functions: whoever makes an image knows the values that set-up has given, and puts them in.
  const initial = ({ init }: Global) => (init === undefined ? 0n : constantOf(module, init));
  const data = [...moduleSections(module, code, isa), globalsSection(module, initial)];
  const undefinedSymbols = undefinedIn([...code, ...data]);
  return { module, code, data, functions, lines, undefinedSymbols, compiled };
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
