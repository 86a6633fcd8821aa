import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { optimize } from "../passes/index.ts";
import type { Func } from "../ssa/func.ts";
import { verify } from "../ssa/verify.ts";
import type { Module } from "../wasm/module.ts";
import { Random, randomModule } from "../wasm/random-module.ts";
import { withoutFloats } from "../wasm/without-floats.ts";
import { signaturesOf } from "./build.ts";
import { contextOf } from "./context.ts";
import { callsOf, load, traceInSsa, traceInV8 } from "./differential.ts";

// More modules and other seeds: FUZZ_COUNT=2000 FUZZ_SEED=7.
const count = Number(process.env["FUZZ_COUNT"] ?? 120);
const first = Number(process.env["FUZZ_SEED"] ?? 1) * 1_000_003;
const FUEL = 300_000;

const asBuilt = (module: Module) => (func: Func) => verify(func, signaturesOf(module));
const optimised = (module: Module) => {
  const context = { ...contextOf(module), machine: new Set(["bswap", "bswap16"] as const), verify: true };
  return (func: Func) => optimize(func, context);
};

/** How many traces could be compared. */
function compare(bytes: Uint8Array, seed: number, calls: number): boolean {
  const module = load(bytes);
  const list = callsOf(module, seed, calls);
  const plain = traceInSsa(module, list, asBuilt(module), FUEL);
  if (plain === undefined) return false;
  expect(plain, `as built, seed ${seed}`).toEqual(traceInV8(bytes, module, list));
  expect(traceInSsa(module, list, optimised(module), FUEL), `optimised, seed ${seed}`).toEqual(plain);
  return true;
}

test("SSA of random modules does what V8 does, before and after the passes", () => {
  let compared = 0;
  for (let seed = first; seed < first + count; seed++)
    if (compare(randomModule(seed).bytes, seed, 5)) compared++;
  expect(compared).toBeGreaterThan(count * 0.8);
});

test("SSA of the modules of Binaryen's fuzzer does what V8 does, before and after the passes", () => {
  const folder = mkdtempSync(join(tmpdir(), "appl-fuzz-"));
  const modules = Number(process.env["FUZZ_BINARYEN"] ?? 6);
  let compared = 0;
  try {
    for (let seed = first; seed < first + modules; seed++)
      if (compare(withoutFloats(binaryen(folder, seed)), seed, 3)) compared++;
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(compared).toBeGreaterThan(modules * 0.3);
});

function binaryen(folder: string, seed: number): Uint8Array {
  const random = new Random(seed);
  const input = Uint8Array.from({ length: 3000 }, () => random.below(256));
  writeFileSync(join(folder, "in"), input);
  const features = [
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
  ];
  const tool = join(import.meta.dirname, "../../../node_modules/.bin/wasm-opt");
  execFileSync(tool, ["-ttf", "in", ...features, "--enable-multivalue", "-o", "out.wasm"], { cwd: folder });
  return readFileSync(join(folder, "out.wasm"));
}
