import { expect, test } from "vitest";
import { runNatives } from "#tools/native-process";
import { parseModule } from "../wasm/decode.ts";
import type { Type } from "../wasm/testing/encode.ts";
import { comparable, fromJs, toJs } from "../wasm/testing/js-values.ts";
import { Random } from "../wasm/testing/random.ts";
import { FUEL, type RandomModule, randomModule } from "../wasm/testing/random-module.ts";
import { type NativeHost, NativeInstance, trapOf } from "./instance.ts";
import type { NativeMachine } from "./machine.ts";
import { machines } from "./machines.ts";
import type { NativeProgram } from "./program.ts";
import type { Answer, Command } from "./protocol.ts";

/** Runs random programs on the machine and in V8, which must agree on results, traps, globals and memory. */
const FUEL_PER_CALL = 300;
const FIXED = Number(process.env["FUZZ_FIXED"] ?? 240);
const FRESH = Number(process.env["FUZZ_FRESH"] ?? 80);
const host: NativeHost = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };

/** Each program runs on one of the machines, in turn; with FUZZ_SEED on all of them. */
const machineOf = (seed: number): NativeMachine => machines[seed % machines.length]!;
/** Every other program of a machine that has floats is with floats. */
const hasFloats = (seed: number, { isa }: NativeMachine): boolean =>
  isa.floats && Math.floor(seed / machines.length) % 2 === 0;

test("V8 and machine code agree on random programs of fixed seeds", () => {
  agree(Array.from({ length: FIXED }, (_, n) => caseOf(n + 1)));
});

/** What has failed once. */
const seedsThatFailed = [
  1387152777, // a cycle of moves between a register and the last slot
];

test.each(seedsThatFailed)("V8 and machine code agree on the random program of seed %i", agreeEverywhere);

test("V8 and machine code agree on random programs of fresh seeds", () => {
  const first = Math.floor(Math.random() * 2 ** 31);
  console.log(`fresh seeds from ${first}; to repeat one: FUZZ_SEED=N`);
  const only = process.env["FUZZ_SEED"];
  if (only !== undefined) return agreeEverywhere(Number(only));
  agree(Array.from({ length: FRESH }, (_, n) => caseOf(first + n)));
});

function agreeEverywhere(seed: number): void {
  const all = machines.flatMap((machine) => [
    caseOf(seed, machine, false),
    ...(machine.isa.floats ? [caseOf(seed, machine, true)] : []),
  ]);
  agree(all);
}

interface Call {
  readonly name: string;
  readonly args: readonly bigint[];
}

interface Case {
  readonly what: string;
  readonly machine: NativeMachine;
  readonly module: RandomModule;
  readonly calls: readonly Call[];
}

function caseOf(seed: number, machine = machineOf(seed), floats = hasFloats(seed, machine)): Case {
  const module = randomModule(seed, 0, floats);
  const random = new Random(seed ^ 0x5eed, floats);
  const calls: Call[] = Array.from({ length: 12 }, () => {
    const { name, params } = random.pick(module.functions);
    return { name, args: params.map((type) => random.value(type)) };
  });
  return {
    what: `seed ${seed} on ${machine.isa.name}${floats ? " with floats" : ""}`,
    machine,
    module,
    calls,
  };
}

function agree(cases: readonly Case[]): void {
  const runs = cases.map(prepare);
  const answers = runNatives(runs);
  cases.forEach((each, n) => {
    const own = answers[n]!.slice(runs[n]!.skip);
    expect(onMachine(each, own), each.what).toEqual(inV8(each));
  });
}

/** `skip`: answers that only start the instance. */
function prepare({ machine, module, calls }: Case): Prepared {
  const instance = new NativeInstance(parseModule(module.bytes), host, machine);
  const fuel = { ...instance.get(FUEL), kind: "poke", value: BigInt(FUEL_PER_CALL) } as Command;
  const commands = [
    ...calls.flatMap(({ name, args }) => [fuel, instance.invoke(name, args)]),
    ...module.globals.map(({ name }) => instance.get(name)),
    { kind: "peek", address: instance.program.symbols.get("rt.memory_pages")! } as Command,
    { kind: "read", offset: 0, size: 65536 } as Command,
  ];
  return {
    program: instance.program,
    commands: [...instance.start, ...commands],
    skip: instance.start.length,
  };
}

interface Prepared {
  readonly program: NativeProgram;
  readonly commands: readonly Command[];
  readonly skip: number;
}

/** One line a call: values or the trap; then the globals and a digest of memory. */
function onMachine({ module, calls }: Case, answers: readonly Answer[]): string[] {
  const memory = answers.at(-1)!;
  const values = (answer: Answer, types: readonly Type[]) =>
    answer.kind === "values" ? answer.values.map((v, n) => comparable(types[n]!, v)).join() : show(answer);
  const ends = answers.slice(2 * calls.length, -1);
  return [
    ...calls.map(({ name }, n) => values(answers[2 * n + 1]!, functionOf(module, name).results)),
    ...ends.map((answer, n) => values(answer, [module.globals[n]?.type ?? "i32"])),
    memory.kind === "bytes" ? digest(memory.bytes) : memory.kind,
  ];
}

const functionOf = ({ functions }: RandomModule, name: string) =>
  functions.find((each) => each.name === name)!;

function show(answer: Answer): string {
  if (answer.kind === "trap") {
    const trap = trapOf(answer.code);
    // V8 does not tell these apart.
    if (trap === "nullElement" || trap === "signature") return "no such function";
    return trap === "conversion" ? "overflow" : (trap ?? `trap ${answer.code}`);
  }
  return answer.kind === "crash" ? `crash ${answer.signal} at ${answer.at.toString(16)}` : answer.kind;
}

function inV8({ module, calls }: Case): string[] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.forV8 as BufferSource));
  const fuel = exports[FUEL] as WebAssembly.Global;
  const memory = exports["memory"] as WebAssembly.Memory;
  const lines = calls.map(({ name, args }) => {
    fuel.value = FUEL_PER_CALL;
    const { params, results } = functionOf(module, name);
    const given = args.map((arg, n) => toJs(params[n]!, arg));
    try {
      const result: unknown = (exports[name] as (...args: unknown[]) => unknown)(...given);
      const all = result === undefined ? [] : [result].flat();
      return all.map((value, n) => fromJs(results[n]!, value as number | bigint)).join();
    } catch (error) {
      return trapInV8(error as Error);
    }
  });
  const globals = module.globals.map(({ name, type }) =>
    String(fromJs(type, (exports[name] as WebAssembly.Global).value as number | bigint)),
  );
  const pages = memory.buffer.byteLength / 65536;
  return [...lines, ...globals, String(pages), digest(new Uint8Array(memory.buffer, 0, 65536))];
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
