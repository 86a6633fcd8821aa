import { expect, test } from "vitest";
import { runNative } from "#tools/native-process";
import { callsOf, load, type Trace, traceInSsa, traceInV8 } from "../frontend/differential.ts";
import type { Module } from "../wasm/module.ts";
import { binaryenModule } from "../wasm/testing/binaryen.ts";
import type { Type } from "../wasm/testing/encode.ts";
import { comparable as comparableBits } from "../wasm/testing/js-values.ts";
import { type NativeHost, NativeInstance, trapOf } from "./instance.ts";
import type { NativeMachine } from "./machine.ts";
import { machines } from "./machines.ts";
import type { Answer } from "./protocol.ts";

/** The modules of Binaryen's fuzzer as machine code: more of them with FUZZ_BINARYEN=200, the fresh ones again with FUZZ_SEED=N. */
const COUNT = Number(process.env["FUZZ_BINARYEN"] ?? 8);
const CALLS = 3;
/** The interpreter goes first: what does not end there soon is not compared. */
const FUEL = 300_000;
const host: NativeHost = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };

test("V8 and machine code agree on modules of Binaryen's fuzzer of fixed seeds", () => {
  expect(comparedFrom(5_000_000)).toBeGreaterThan(COUNT * 0.3);
});

test("V8 and machine code agree on modules of Binaryen's fuzzer of fresh seeds", () => {
  const first = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 30));
  console.log(`modules of Binaryen's fuzzer from seed ${first}; again: FUZZ_SEED=${first}`);
  comparedFrom(first);
});

function comparedFrom(first: number): number {
  let compared = 0;
  for (let seed = first; seed < first + COUNT; seed++) {
    const machine = machines[seed % machines.length]!;
    const bytes = binaryenModule(seed, machine.isa.floats);
    const module = load(bytes);
    const calls = callsOf(module, seed, CALLS);
    if (traceInSsa(module, calls, () => undefined, FUEL) === undefined) continue;
    expect(onMachine(machine, module, calls), `seed ${seed} on ${machine.isa.name}`).toEqual(
      comparable(traceInV8(bytes, module, calls)),
    );
    compared++;
  }
  return compared;
}

/** What both can tell: imported functions only give zeros here, and of memory one of the exported functions makes a hash. */
function comparable(trace: Trace): Trace {
  const lines = trace.map((line) => line.trimEnd());
  return lines.filter((line) => !/^[^ ]*\..*\(.*\)$/.test(line) && !/ bytes -?\d+$/.test(line));
}

function onMachine(machine: NativeMachine, module: Module, calls: ReturnType<typeof callsOf>): Trace {
  const instance = new NativeInstance(module, host, machine);
  if (instance.startTrap !== undefined) return ["trap"];
  const globals = module.exports.filter(({ kind }) => kind === "global");
  const answers = runNative(instance.program, [
    ...instance.start,
    ...calls.map(({ name, args }) => instance.invoke(name, args)),
    ...globals.map(({ name }) => instance.get(name)),
  ]);
  if (answers.slice(0, instance.start.length).some(({ kind }) => kind === "trap")) return ["trap"];
  const own = answers.slice(instance.start.length);
  const shown = calls.map(({ name, type }, n) => `${name} ${outcome(own[n]!, type.results)}`.trimEnd());
  const values = globals.map(({ name, index }, n) => {
    const { type } = module.globals[index]!;
    return `${name} = ${outcome(own[calls.length + n]!, [type])}`;
  });
  return [...shown, ...values];
}

function outcome(answer: Answer, types: readonly string[]): string {
  if (answer.kind === "values")
    return answer.values.map((value, n) => comparableBits(types[n] as Type, value)).join();
  if (answer.kind === "trap") return trapOf(answer.code) === undefined ? `trap ${answer.code}` : "trap";
  return answer.kind === "crash" ? `crash ${answer.signal} at ${answer.at.toString(16)}` : answer.kind;
}
