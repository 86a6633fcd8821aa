import { expect, test } from "vitest";
import { runNative } from "#tools/native-process";
import { parseModule } from "../wasm/decode.ts";
import { Random } from "../wasm/testing/random.ts";
import { FUEL, type RandomModule, randomModule } from "../wasm/testing/random-module.ts";
import { type NativeHost, NativeInstance, trapOf } from "./instance.ts";
import type { NativeMachine } from "./machine.ts";
import { machines } from "./machines.ts";
import type { Answer, Command } from "./protocol.ts";

/** Runs random programs on the machine and in V8, which must agree on results, traps, globals and memory. */
const FUEL_PER_CALL = 300;
const FIXED = Number(process.env["FUZZ_FIXED"] ?? 300);
const FRESH = Number(process.env["FUZZ_FRESH"] ?? 100);
const host: NativeHost = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };

/** Each program runs on one of the machines, in turn; with FUZZ_SEED on all of them. */
const machineOf = (seed: number): NativeMachine => machines[seed % machines.length]!;

test("V8 and machine code agree on random programs of fixed seeds", () => {
  for (let seed = 1; seed <= FIXED; seed++) agree(seed, machineOf(seed));
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
  for (let n = 0; n < FRESH; n++) agree(first + n, machineOf(first + n));
});

function agreeEverywhere(seed: number): void {
  for (const machine of machines) agree(seed, machine);
}

interface Call {
  readonly name: string;
  readonly args: readonly bigint[];
}

function agree(seed: number, machine: NativeMachine): void {
  const module = randomModule(seed);
  const random = new Random(seed ^ 0x5eed);
  const calls: Call[] = Array.from({ length: 12 }, () => {
    const { name, params } = random.pick(module.functions);
    return { name, args: params.map((type) => random.value(type)) };
  });
  expect(onMachine(machine, module, calls), `seed ${seed} on ${machine.isa.name}`).toEqual(
    inV8(module, calls),
  );
}

/** One line a call: values or the trap; then the globals and a digest of memory. */
function onMachine(machine: NativeMachine, module: RandomModule, calls: readonly Call[]): string[] {
  const instance = new NativeInstance(parseModule(module.bytes), host, machine);
  const fuel = { ...instance.get(FUEL), kind: "poke", value: BigInt(FUEL_PER_CALL) } as Command;
  const commands = calls.flatMap(({ name, args }) => [fuel, instance.invoke(name, args)]);
  const state = [
    ...module.globals.map(({ name }) => instance.get(name)),
    { kind: "peek", address: instance.program.symbols.get("rt.memory_pages")! } as Command,
    { kind: "read", offset: 0, size: 65536 } as Command,
  ];
  const answers = runNative(instance.program, [...instance.start, ...commands, ...state]).slice(
    instance.start.length,
  );
  const memory = answers.at(-1)!;
  const values = (answer: Answer) =>
    answer.kind === "values" ? answer.values.map((v) => BigInt.asUintN(64, v)) : show(answer);
  return [
    ...calls.map((_, n) => String(values(answers[2 * n + 1]!))),
    ...answers.slice(2 * calls.length, -1).map((answer) => String(values(answer))),
    memory.kind === "bytes" ? digest(memory.bytes) : memory.kind,
  ];
}

function show(answer: Answer): string {
  if (answer.kind === "trap") {
    const trap = trapOf(answer.code);
    // V8 does not tell these two apart.
    return trap === "nullElement" || trap === "signature"
      ? "no such function"
      : (trap ?? `trap ${answer.code}`);
  }
  return answer.kind === "crash" ? `crash ${answer.signal} at ${answer.at.toString(16)}` : answer.kind;
}

function inV8(module: RandomModule, calls: readonly Call[]): string[] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes as BufferSource));
  const fuel = exports[FUEL] as WebAssembly.Global;
  const memory = exports["memory"] as WebAssembly.Memory;
  const words = (value: unknown) =>
    typeof value === "bigint" ? BigInt.asUintN(64, value) : BigInt((value as number) >>> 0);
  const lines = calls.map(({ name, args }) => {
    fuel.value = FUEL_PER_CALL;
    const { params } = module.functions.find((each) => each.name === name)!;
    const given = args.map((arg, n) => (params[n] === "i32" ? Number(arg) : arg));
    try {
      const result: unknown = (exports[name] as (...args: unknown[]) => unknown)(...given);
      const results = result === undefined ? [] : Array.isArray(result) ? result : [result];
      return String(results.map(words));
    } catch (error) {
      return trapInV8(error as Error);
    }
  });
  const globals = module.globals.map(({ name }) =>
    String(words((exports[name] as WebAssembly.Global).value)),
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
