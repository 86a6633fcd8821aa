/** Calls of one module on a machine and in V8, and where the two differ. For tests. */
import { runNatives } from "#tools/native-process";
import { parseModule } from "../../wasm/decode.ts";
import { type Module, typeOfFunction } from "../../wasm/module.ts";
import type { Type } from "../../wasm/testing/encode.ts";
import { comparable, fromJs, toJs } from "../../wasm/testing/js-values.ts";
import { Random } from "../../wasm/testing/random.ts";
import { FUEL, randomModule } from "../../wasm/testing/random-module.ts";
import { type NativeHost, NativeInstance, trapOf } from "../instance.ts";
import type { NativeMachine } from "../machine.ts";
import type { NativeProgram } from "../program.ts";
import type { Answer, Command } from "../protocol.ts";

/** A module that exports a global `fuel` has it filled up before each call, so that all of them end. */
const FUEL_PER_CALL = 300;
const CALLS = 12;
/** Bytes of memory that are compared. */
const SEEN = 65536;
const host: NativeHost = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };

export interface Call {
  readonly name: string;
  readonly args: readonly bigint[];
}

/** Imported functions give zeros. */
export interface Case {
  readonly what: string;
  readonly machine: NativeMachine;
  readonly bytes: Uint8Array;
  /** The same for an engine that has its own choice of results that are no number; `bytes` if there is no such thing. */
  readonly forV8?: Uint8Array;
  readonly calls: readonly Call[];
}

export interface Difference {
  readonly what: string;
  /** A line for each call: values or the trap; then the globals, the pages of memory and a digest of the first. */
  readonly onMachine: readonly string[];
  readonly inV8: readonly string[];
}

/** A program of our own generator, and calls of it. */
export function randomCase(seed: number, machine: NativeMachine, floats: boolean): Case {
  const { bytes, forV8, functions } = randomModule(seed, 0, floats);
  const random = new Random(seed ^ 0x5eed, floats);
  const calls = Array.from({ length: CALLS }, (): Call => {
    const { name, params } = random.pick(functions);
    return { name, args: params.map((type) => random.value(type)) };
  });
  const what = `seed ${seed} on ${machine.isa.name}${floats ? " with floats" : ""}`;
  return { what, machine, bytes, forV8, calls };
}

/** Runs all of them; those that differ. */
export function differences(cases: readonly Case[]): Difference[] {
  const runs = cases.map(prepare);
  const answers = new Map<Prepared, Answer[]>();
  const programs = runs.filter((run): run is Prepared => !(run instanceof Error));
  runNatives(programs).forEach((given, n) => {
    answers.set(programs[n]!, given);
  });
  return cases.flatMap((each, n): Difference[] => {
    const run = runs[n]!;
    if (run instanceof Error) return [{ what: each.what, onMachine: [run.message], inV8: ["compiles"] }];
    const { module, skip, commands } = run;
    const started =
      run.starts &&
      answers
        .get(run)!
        .slice(0, skip)
        .every(({ kind }) => kind !== "trap");
    const own = answers.get(run)!.filter((_, at) => at >= skip && commands[at]!.kind !== "poke");
    const onMachine = started ? natively(module, each, own) : NOT_STARTED;
    const v8 = inV8(module, each);
    return onMachine.join() === v8.join() ? [] : [{ what: each.what, onMachine, inV8: v8 }];
  });
}

interface Prepared {
  readonly module: Module;
  readonly program: NativeProgram;
  readonly commands: readonly Command[];
  /** Its segments fit. */
  readonly starts: boolean;
  /** Answers that only start the instance. */
  readonly skip: number;
}

/** An error if it does not compile. */
function prepare(each: Case): Prepared | Error {
  try {
    return compiled(each);
  } catch (error) {
    return error as Error;
  }
}

function compiled({ machine, bytes, calls }: Case): Prepared {
  const module = parseModule(bytes);
  const instance = new NativeInstance(module, host, machine);
  const fuel = module.exports.some(({ name }) => name === FUEL)
    ? [{ ...instance.get(FUEL), kind: "poke", value: BigInt(FUEL_PER_CALL) } as Command]
    : [];
  const commands: Command[] = [
    ...instance.start,
    ...calls.flatMap(({ name, args }) => [...fuel, instance.invoke(name, args)]),
    ...globalsOf(module).map(({ name }) => instance.get(name)),
    ...(hasMemory(module)
      ? [
          { kind: "peek", address: instance.program.symbols.get("rt.memory_pages")! } as const,
          { kind: "read", offset: 0, size: SEEN } as const,
        ]
      : []),
  ];
  const starts = instance.startTrap === undefined;
  return { module, program: instance.program, commands, starts, skip: instance.start.length };
}

const hasMemory = ({ exports }: Module): boolean => exports.some(({ kind }) => kind === "memory");
const globalsOf = (module: Module): { name: string; type: Type }[] =>
  module.exports
    .filter(({ kind }) => kind === "global")
    .map(({ name, index }) => ({ name, type: module.globals[index]!.type as Type }));

function typeOf(module: Module, name: string) {
  return typeOfFunction(module, module.exports.find((each) => each.name === name)!.index);
}

function natively(module: Module, { calls }: Case, answers: readonly Answer[]): string[] {
  const show = (answer: Answer, types: readonly string[]) =>
    answer.kind === "values"
      ? answer.values.map((value, n) => comparable((types[n] ?? "i32") as Type, value)).join()
      : named(answer);
  const globals = globalsOf(module);
  return answers.map((answer, n) => {
    if (answer.kind === "bytes") return digest(answer.bytes);
    if (n < calls.length) return show(answer, typeOf(module, calls[n]!.name).results);
    return show(answer, [globals[n - calls.length]?.type ?? "i32"]);
  });
}

function named(answer: Answer): string {
  if (answer.kind === "trap") {
    const trap = trapOf(answer.code);
    // V8 does not tell these apart.
    if (trap === "nullElement" || trap === "signature") return "no such function";
    return trap === "conversion" ? "overflow" : (trap ?? `trap ${answer.code}`);
  }
  return answer.kind === "crash" ? `crash ${answer.signal} at ${answer.at.toString(16)}` : answer.kind;
}

function inV8(module: Module, { bytes, forV8 = bytes, calls }: Case): string[] {
  const instance = instantiate(module, forV8);
  if (instance === undefined) return NOT_STARTED;
  const { exports } = instance;
  const fuel = exports[FUEL] as WebAssembly.Global | undefined;
  const lines = calls.map(({ name, args }) => {
    if (fuel !== undefined) fuel.value = FUEL_PER_CALL;
    const { params, results } = typeOf(module, name);
    const given = args.map((arg, n) => toJs(params[n] as Type, arg));
    try {
      const result: unknown = (exports[name] as (...args: unknown[]) => unknown)(...given);
      const all = result === undefined ? [] : [result].flat();
      return all.map((value, n) => fromJs(results[n] as Type, value as number | bigint)).join();
    } catch (error) {
      return trapInV8(error as Error);
    }
  });
  const globals = globalsOf(module).map(({ name, type }) =>
    String(fromJs(type, (exports[name] as WebAssembly.Global).value as number | bigint)),
  );
  if (!hasMemory(module)) return [...lines, ...globals];
  const { name } = module.exports.find(({ kind }) => kind === "memory")!;
  const { buffer } = exports[name] as WebAssembly.Memory;
  return [...lines, ...globals, String(buffer.byteLength / 65536), digest(new Uint8Array(buffer, 0, SEEN))];
}

/** What both say of a module whose start traps. */
const NOT_STARTED = ["does not start"];

function instantiate(module: Module, bytes: Uint8Array): WebAssembly.Instance | undefined {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), importsOf(module));
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return undefined;
    throw error;
  }
}

function importsOf(module: Module): WebAssembly.Imports {
  const found: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const item of module.imports) {
    if (item.kind !== "func") throw new Error(`cannot give ${item.kind} ${item.name}`);
    const zeros = module.types[item.typeIndex]!.results.map((type) => (type === "i64" ? 0n : 0));
    found[item.module] = { ...found[item.module], [item.name]: () => (zeros.length > 1 ? zeros : zeros[0]) };
  }
  return found;
}

const trapMessages: readonly [RegExp, string][] = [
  [/^unreachable/, "unreachable"],
  [/memory access out of bounds/, "memory"],
  [/divide by zero|remainder by zero/, "divideByZero"],
  [/unrepresentable/, "overflow"],
  [/table index is out of bounds/, "undefinedElement"],
  [/null function or function signature/, "no such function"],
];

function trapInV8({ message }: Error): string {
  const known = trapMessages.find(([pattern]) => pattern.test(message));
  return known?.[1] ?? message;
}

function digest(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  for (const word of words) hash = BigInt.asUintN(64, (hash ^ word) * 0x100000001b3n);
  return hash.toString(16);
}
