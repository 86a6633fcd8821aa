/** Runs one module in two engines and says where they differ. For tests. */
import { TrapError } from "../ssa/evaluate.ts";
import type { Func } from "../ssa/func.ts";
import { OutOfFuel } from "../ssa/interpret.ts";
import { parseModule } from "../wasm/decode.ts";
import type { Module } from "../wasm/module.ts";
import { typeOfFunction } from "../wasm/module.ts";
import type { Type } from "../wasm/testing/encode.ts";
import { comparable, fromJs, toJs } from "../wasm/testing/js-values.ts";
import { Random } from "../wasm/testing/random.ts";
import type { FuncType, ValueType } from "../wasm/types.ts";
import { validate } from "../wasm/validate.ts";
import { type Host, Instance } from "./instance.ts";

/** One call of an exported function. */
export interface Call {
  readonly name: string;
  readonly type: FuncType;
  readonly args: readonly bigint[];
}

/** Calls of every exported function with interesting arguments; the same for the same seed. */
export function callsOf(module: Module, seed: number, each: number): Call[] {
  const random = new Random(seed);
  const exported = module.exports.filter(({ kind }) => kind === "func");
  return exported.flatMap(({ name, index }) => {
    const type = typeOfFunction(module, index);
    return Array.from({ length: each }, () => ({
      name,
      type,
      args: type.params.map((param) => random.value(param as Type)),
    }));
  });
}

/** What a run showed: a line for each call, then the exported globals and a digest of memory. */
export type Trace = readonly string[];

/** What is no number is one and the same, since JavaScript does not promise to keep its bits. */
const shown = (types: readonly ValueType[], values: readonly bigint[]): string =>
  values.map((value, n) => comparable(types[n] as Type, value)).join();
const shownJs = (types: readonly ValueType[], values: readonly unknown[]): string =>
  values.map((value, n) => fromJs(types[n] as Type, value as number | bigint)).join();

/** In V8, as a JavaScript host sees it; imported functions log their arguments and give zeros. */
export function traceInV8(bytes: Uint8Array, module: Module, calls: readonly Call[]): Trace {
  const trace: string[] = [];
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(
      new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>),
      imports(module, trace),
    );
  } catch (error) {
    return [...trace, error instanceof WebAssembly.RuntimeError ? "trap" : String(error)];
  }
  for (const { name, type, args } of calls) {
    const native = args.map((value, index) => toJs(type.params[index] as Type, value));
    try {
      const result = (instance.exports[name] as (...args: unknown[]) => unknown)(...native);
      trace.push(`${name} ${result === undefined ? "" : shownJs(type.results, [result].flat())}`);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      trace.push(`${name} trap`);
    }
  }
  for (const { name, kind, index } of module.exports) {
    if (kind === "global") {
      const { value } = instance.exports[name] as WebAssembly.Global;
      trace.push(`${name} = ${shownJs([module.globals[index]!.type], [value])}`);
    }
    if (kind === "memory")
      trace.push(`${name} ${digest(new Uint8Array((instance.exports[name] as WebAssembly.Memory).buffer))}`);
  }
  return trace;
}

function imports(module: Module, trace: string[]): WebAssembly.Imports {
  const found: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const item of module.imports) {
    found[item.module] ??= {};
    const place = found[item.module]!;
    if (item.kind !== "func") throw new Error(`cannot give ${item.kind} ${item.name}`);
    const { params, results: types } = module.types[item.typeIndex]!;
    const results = types.map((type) => (type === "i64" ? 0n : 0));
    place[item.name] = (...args: unknown[]) => {
      trace.push(`${item.module}.${item.name}(${shownJs(params, args)})`);
      return results.length > 1 ? results : results[0];
    };
  }
  return found;
}

/** In the interpreter of SSA, each function prepared first; undefined when it takes too long to be compared. */
export function traceInSsa(
  module: Module,
  calls: readonly Call[],
  prepare: (func: Func) => void,
  fuel: number,
  word: 4 | 8 = 8,
): Trace | undefined {
  const trace: string[] = [];
  const types = new Map(module.functions.map((each, index) => [each.import, typeOfFunction(module, index)]));
  const host: Host = {
    global: () => 0n,
    call: (name, args) => {
      const { params, results } = types.get(name)!;
      trace.push(`${name}(${shown(params, args)})`);
      return results.map(() => 0n);
    },
    memory: { min: 0, max: 0 },
    table: { min: 0, max: 0 },
  };
  let instance: Instance;
  try {
    instance = new Instance(module, host, prepare, word);
    instance.fuel = fuel;
    for (const call of calls) trace.push(`${call.name} ${outcome(instance, call)}`);
  } catch (error) {
    if (error instanceof OutOfFuel) return undefined;
    if (error instanceof TrapError) return [...trace, "trap"];
    throw error;
  }
  for (const { name, kind, index } of module.exports) {
    if (kind === "global")
      trace.push(`${name} = ${shown([module.globals[index]!.type], [instance.read(name)])}`);
    if (kind === "memory") trace.push(`${name} ${digest(instance.memory)}`);
  }
  return trace;
}

function outcome(instance: Instance, { name, type, args }: Call): string {
  try {
    return shown(type.results, instance.invoke(name, args));
  } catch (error) {
    if (!(error instanceof TrapError)) throw error;
    // Only the depth of the stack is not the same everywhere.
    if (error.trap === "stack") throw new OutOfFuel("deep recursion");
    return "trap";
  }
}

function digest(bytes: Uint8Array): string {
  let hash = 0;
  for (let index = 0; index < bytes.length; index++) hash = (Math.imul(hash, 31) + bytes[index]!) | 0;
  return `${bytes.length} bytes ${hash}`;
}

/** Decodes and validates. */
export function load(bytes: Uint8Array): Module {
  const module = parseModule(bytes);
  validate(module);
  return module;
}
