/** An instance of a WebAssembly module as a native test program: compiled code linked with the harness, and commands for it. */
import { buildFunction } from "../frontend/build.ts";
import { ssaType } from "../frontend/builder.ts";
import { contextOf } from "../frontend/context.ts";
import { refuseFloats } from "../frontend/refuse-floats.ts";
import { constantOf, factsOf, globalsSection, moduleSections } from "../isa/data.ts";
import { symbols } from "../isa/symbols.ts";
import type { Section } from "../object/section.ts";
import { optimize } from "../passes/index.ts";
import { type Trap, trapCodes } from "../ssa/types.ts";
import { UnsupportedError } from "../wasm/error.ts";
import { type ConstantExpression, type Module, typeOfFunction } from "../wasm/module.ts";
import type { NativeMachine } from "./machine.ts";
import { type NativeProgram, nativeProgram } from "./program.ts";
import type { Command } from "./protocol.ts";
import { pc } from "./x86-64/machine.ts";

/** What the instance gets from outside; functions that it imports do nothing and give 0. */
export interface NativeHost {
  /** Value of an imported global, "MODULE.NAME". */
  global(name: string): bigint;
  /** Sizes of imported memories and tables, in pages and elements. */
  readonly memory: { readonly min: number; readonly max: number };
  readonly table: { readonly min: number; readonly max: number };
}

/** An instance may grow no further than this. */
const MAX_PAGES = 1024;
/** Trap code of a function that the machine cannot execute. */
export const UNSUPPORTED_CODE = 0xee;

/** Commands refer to addresses of the linked program; `invoke` and `get` make them by name. */
export class NativeInstance {
  readonly module: Module;
  readonly program: NativeProgram;
  /** What makes the instance; it must all succeed. */
  readonly start: readonly Command[];
  /** Making it ends in this trap, after `start`. */
  readonly startTrap: Trap | undefined;
  readonly #host: NativeHost;

  readonly #machine: NativeMachine;

  constructor(module: Module, host: NativeHost, machine: NativeMachine = pc) {
    this.#host = host;
    this.#machine = machine;
    this.module = linked(module, host);
    const limits = this.module.memories[0]?.limits;
    const pages = limits?.min ?? 0;
    const code = this.#code();
    const facts = moduleSections(this.module, code, this.#machine.isa);
    const globals = globalsSection(this.module, ({ init, import: imported }) =>
      init === undefined ? host.global(imported!) : this.#constant(init),
    );
    const sections = [...code, ...facts, globals];
    const moreResults = facts.some(({ name }) => name === symbols.results) ? symbols.results : undefined;
    const imports = new Set(module.functions.flatMap(({ import: name }) => name ?? []));
    const maxPages = Math.max(pages, Math.min(limits?.max ?? 65536, MAX_PAGES));
    const platform = [...imports].map(machine.emptyFunction);
    this.program = nativeProgram([...sections, ...platform], machine, { pages, maxPages, moreResults });
    const { commands, trap } = this.#segments();
    this.start = commands;
    if (trap === undefined && module.start !== undefined)
      this.start = [...commands, this.#call(module.start, [])];
    this.startTrap = trap;
  }

  /** Calls an exported function. */
  invoke(name: string, args: readonly bigint[]): Command {
    return this.#call(this.#export(name), args);
  }

  /** Reads an exported global. */
  get(name: string): Command {
    return { kind: "peek", address: this.#address(symbols.global(this.#export(name))) };
  }

  /** Reads a global by its index. */
  global(index: number): Command {
    return { kind: "peek", address: this.#address(symbols.global(index)) };
  }

  #call(index: number, args: readonly bigint[]): Command {
    const type = typeOfFunction(this.module, index);
    const [params, results] = [type.params.map(ssaType), type.results.map(ssaType)];
    const { import: imported } = this.module.functions[index]!;
    const { extension, word } = this.#machine.isa;
    const extend = extension === "zero" ? BigInt.asUintN : BigInt.asIntN;
    const long = word === 4 ? "pair" : "i64";
    const types = results.map((type) => (type === "i32" ? "i32" : type === "i64" ? long : "i64"));
    const words = args.flatMap((arg, n) => {
      if (params[n] === "i32") return [extend(32, arg)];
      return word === 4 && params[n] === "i64" ? [arg, arg >> 32n] : [arg];
    });
    const count = types.reduce((sum, type) => sum + (type === "pair" ? 2 : 1), 0);
    const address = this.#address(imported ?? symbols.function(index));
    return { kind: "call", address, args: words, results: count, types };
  }

  #export(name: string): number {
    const found = this.module.exports.find((each) => each.name === name);
    if (found === undefined) throw new Error(`BUG: nothing is exported as ${name}`);
    return found.index;
  }

  #address(symbol: string): number {
    const address = this.program.symbols.get(symbol);
    if (address === undefined) throw new Error(`BUG: ${symbol} is not in the program`);
    return address;
  }

  #code(): Section[] {
    const facts = factsOf(this.module);
    const { isa } = this.#machine;
    const context = contextOf(this.module, isa);
    return this.module.functions.flatMap(({ code }, index) => {
      if (code === undefined) return [];
      try {
        const func = buildFunction(this.module, index);
        if (!isa.floats) refuseFloats(this.module, func, isa.name);
        optimize(func, context);
        return isa.compileFunction(func, facts);
      } catch (error) {
        if (error instanceof UnsupportedError)
          return [isa.trapping(symbols.function(index), UNSUPPORTED_CODE)];
        throw error;
      }
    });
  }

  #constant(expression: ConstantExpression): bigint {
    const [first] = expression.insts;
    if (first?.op !== "global.get") return constantOf(this.module, expression);
    const { init, import: imported } = this.module.globals[first.index]!;
    return init === undefined ? this.#host.global(imported!) : this.#constant(init);
  }

  /** Segments are copied in order, tables first; the first that does not fit is a trap. */
  #segments(): { commands: Command[]; trap: Trap | undefined } {
    const offsetOf = (expression: ConstantExpression) =>
      Number(BigInt.asUintN(32, this.#constant(expression)));
    for (const { mode, init } of this.module.elements) {
      if (mode.kind !== "active") continue;
      if (offsetOf(mode.offset) + init.length > this.module.tables[mode.table]!.limits.min)
        return { commands: [], trap: "table" };
    }
    const commands: Command[] = [];
    for (const { mode, bytes } of this.module.data) {
      if (mode.kind !== "active") continue;
      const offset = offsetOf(mode.offset);
      if (offset + bytes.length > this.module.memories[0]!.limits.min * 65536)
        return { commands, trap: "memory" };
      if (bytes.length > 0) commands.push({ kind: "write", offset, bytes });
    }
    return { commands, trap: undefined };
  }
}

/** The module with the sizes that its imports really have. */
function linked(module: Module, host: NativeHost): Module {
  const { memory, table } = host;
  return {
    ...module,
    memories: module.memories.map((each) => (each.import === undefined ? each : { ...each, limits: memory })),
    tables: module.tables.map((each) => (each.import === undefined ? each : { ...each, limits: table })),
  };
}

/** The trap that an answer's code stands for. */
export function trapOf(code: number): Trap | undefined {
  return (Object.keys(trapCodes) as Trap[]).find((trap) => trapCodes[trap].code === code);
}
