import { expect, test } from "vitest";
import { isas } from "../isa/index.ts";
import { optimize } from "../passes/index.ts";
import type { Machine } from "../ssa/context.ts";
import type { Func } from "../ssa/func.ts";
import { verify } from "../ssa/verify.ts";
import type { Module } from "../wasm/module.ts";
import { binaryenModule } from "../wasm/testing/binaryen.ts";
import { randomModule } from "../wasm/testing/random-module.ts";
import { signaturesOf } from "./build.ts";
import { contextOf } from "./context.ts";
import { callsOf, load, traceInSsa, traceInV8 } from "./differential.ts";

// More modules and other seeds: FUZZ_COUNT=2000 FUZZ_SEED=7.
const count = Number(process.env["FUZZ_COUNT"] ?? 120);
const first = Number(process.env["FUZZ_SEED"] ?? 1) * 1_000_003;
const FUEL = 300_000;
/** Rounds and calls that a module of ours may make in all. */
const MODULE_FUEL = 150;

const asBuilt = (module: Module) => (func: Func) => verify(func, signaturesOf(module));
const optimised = (module: Module) => {
  const { operations: machine, lacking } = isas["x86-64"];
  const context = { ...contextOf(module), machine, lacking, verify: true };
  return (func: Func) => optimize(func, context);
};

/** As for a machine of 32 bits: no i64 is left, and accesses are checked. */
const narrow: Machine = { word: 4, guarded: false, operations: new Set(), lacking: new Set() };
const halved = (module: Module) => {
  const context = { ...contextOf(module, narrow), verify: true };
  return (func: Func) => optimize(func, context);
};

/** Machines of 32 bits have no floating point. */
const hasFloats = (seed: number): boolean => seed % 3 !== 0;

/** How many traces could be compared. */
function compare(bytes: Uint8Array, seed: number, calls: number, forV8 = bytes): boolean {
  const module = load(bytes);
  const list = callsOf(module, seed, calls);
  const plain = traceInSsa(module, list, asBuilt(module), FUEL);
  if (plain === undefined) return false;
  expect(plain, `as built, seed ${seed}`).toEqual(traceInV8(forV8, module, list));
  expect(traceInSsa(module, list, optimised(module), FUEL), `optimised, seed ${seed}`).toEqual(plain);
  if (!hasFloats(seed))
    expect(traceInSsa(module, list, halved(module), FUEL, 4), `by halves, seed ${seed}`).toEqual(plain);
  return true;
}

test("SSA of random modules does what V8 does, before and after the passes", () => {
  let compared = 0;
  for (let seed = first; seed < first + count; seed++) {
    const { bytes, forV8 } = randomModule(seed, MODULE_FUEL, hasFloats(seed));
    if (compare(bytes, seed, 5, forV8)) compared++;
  }
  expect(compared).toBeGreaterThan(count * 0.8);
});

test("SSA of the modules of Binaryen's fuzzer does what V8 does, before and after the passes", () => {
  const modules = Number(process.env["FUZZ_BINARYEN"] ?? 6);
  let compared = 0;
  for (let seed = first; seed < first + modules; seed++)
    if (compare(binaryenModule(seed, hasFloats(seed)), seed, 3)) compared++;
  expect(compared).toBeGreaterThan(modules * 0.3);
});
