import binaryen from "binaryen";
import { encode } from "cborg";
import { describe, expect, test } from "vitest";
import { compile, compileWith } from "./compile.ts";
import type { CompiledModule } from "./compiled-module.ts";
import { type IsaName, isas } from "./isa/index.ts";
import type { FunctionCache, KeptSection } from "./known-functions.ts";
import { binaryenModule } from "./wasm/testing/binaryen.ts";

const names = Object.keys(isas) as IsaName[];

/** Counts what was not known. */
class Cache implements FunctionCache {
  readonly entries = new Map<string, readonly KeptSection[]>();
  missed = 0;

  digest(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("latin1");
  }

  get(key: string): readonly KeptSection[] | undefined {
    const found = this.entries.get(key);
    if (found === undefined) this.missed++;
    return structuredClone(found);
  }

  put(key: string, sections: readonly KeptSection[]): void {
    this.entries.set(key, structuredClone(sections));
  }
}

const bytesOf = ({ code, data, functions, lines, undefinedSymbols }: CompiledModule): string =>
  Buffer.from(encode([code, data, functions, lines, [...undefinedSymbols]])).toString("base64");

/** What a build without a cache makes of a module. */
const cold = new WeakMap<Uint8Array, string>();

/** Compiles with what `cache` has; the same bytes as without it. Gives how many functions were not known. */
async function missing(wasm: Uint8Array, isa: IsaName, cache: Cache): Promise<number> {
  cache.missed = 0;
  const bytes = bytesOf(await compileWith(wasm, isa, { cache }));
  if (!cold.has(wasm)) cold.set(wasm, bytesOf(compile(wasm, isa)));
  expect(bytes).toBe(cold.get(wasm));
  return cache.missed;
}

const { BulkMemory, SignExt, MutableGlobals, Multivalue } = binaryen.Features;

function written(change: (module: binaryen.Module) => void, wasm: Uint8Array): Uint8Array {
  const module = binaryen.readBinary(wasm);
  module.setFeatures(BulkMemory | SignExt | MutableGlobals | Multivalue);
  change(module);
  return module.emitBinary();
}

/** So many imports stand before the functions that numbers take more bytes, and functions and globals have another order. */
function renumber(module: binaryen.Module): void {
  for (let n = 0; n < 130; n++)
    module.addFunctionImport(`more${n}`, "more", `f${n}`, binaryen.none, binaryen.none);
  module.runPasses(["reorder-functions-by-name", "reorder-globals-always"]);
}

const seeds = [5_000_000, 5_000_001, 5_000_003, 5_000_004].map(
  (seed, n) => [seed, names[n % names.length]!] as const,
);

describe("what was compiled before", () => {
  test.each(seeds)("gives the bytes of a cold build: seed %i on %s", async (seed, isa) => {
    const made = binaryenModule(seed, isas[isa].floats);
    const wasm = written(() => {}, made);
    const cache = new Cache();
    const all = await missing(wasm, isa, cache);
    expect(all).toBeGreaterThan(5);
    expect(await missing(wasm, isa, cache), "all is known").toBe(0);
    expect(await missing(written(renumber, made), isa, cache), "numbers do not count").toBe(0);
    [...cache.entries.keys()].filter((_, n) => n % 3 === 0).forEach((key) => cache.entries.delete(key));
    const some = await missing(wasm, isa, cache);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  });
});

describe("a function is compiled again", () => {
  /** Too long to be put into others. */
  const long = "(i32.store (i32.const 65536) (i32.const 65536))".repeat(12);
  const rest = `(func $far (param i32) (result i32) (loop $l (br_if $l (global.get $a))) ${long} (local.get 0))
    (func $tiny (param i32) (result i32) (i32.add (local.get 0) (i32.const 7)))
    (func (export "calls") (param i32) (result i32) (i32.mul (call $far (local.get 0)) (call $far (global.get $a))))
    (func (export "contains") (param i32) (result i32) (i32.sub (call $tiny (local.get 0)) (global.get $b)))
    (func (export "indirect") (param i32) (result i32) (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0)))`;
  const program = `(import "net" "send" (func $send (param i32)))
    (memory 1 2) (table 1 funcref) (global $a (mut i32) (i32.const 0)) (global $b (mut i32) (i32.const 0))
    (func (export "sends") (call $send (i32.load (i32.const 8)))) ${rest}`;

  /** How many functions were not known once a part of the program is another one. */
  async function missingAfter(part: string, other: string, isa: IsaName = "x86-64"): Promise<number> {
    expect(program).toContain(part);
    const cache = new Cache();
    await missing(assemble(program), isa, cache);
    return missing(assemble(program.replace(part, other)), isa, cache);
  }

  const assemble = (text: string): Uint8Array => binaryen.parseText(`(module ${text})`).emitBinary();

  test("for itself alone where its body has changed", async () => {
    expect(await missingAfter("(i32.mul ", "(i32.xor ")).toBe(1);
  });

  test("with those that it is put into", async () => {
    expect(await missingAfter("i32.const 7", "i32.const 9")).toBe(2);
    expect(await missingAfter('"net" "send"', '"net" "log"')).toBe(1);
  });

  test("with those that call it, where it changes what it did not change", async () => {
    const stores = "(global.set $a (i32.const 5))";
    // $far and its caller, which reads the global after the call.
    expect(await missingAfter("(loop $l", `${stores} (loop $l`)).toBe(2);
    // What it changes now is of no interest to its caller.
    expect(await missingAfter("(loop $l", `${stores.replace("$a", "$b")} (loop $l`)).toBe(1);
  });

  test("where a type has another number", async () => {
    expect(await missingAfter('(func (export "sends")', "(func (param i64 i64)) $&")).toBe(2);
  });

  test("if memory may be larger, and checks are instructions", async () => {
    expect(await missingAfter("(memory 1 2)", "(memory 1 3)", "xtensa")).toBe(6);
  });

  test("but not for its name, nor for data", async () => {
    expect(await missingAfter('"contains"', '"holds"')).toBe(0);
    expect(await missingAfter("(memory 1 2)", '(memory 1 2) (data (i32.const 8) "text")')).toBe(0);
  });
});

describe("constant time", () => {
  const program = (secret: string): Uint8Array =>
    binaryen
      .parseText(`(module (import "math" "secret" (func $secret)) (memory 1)
        (func $choose (param i32) (result i32)
          (local $n i32)
          (loop $l (local.set $n (i32.add (local.get $n) (local.get 0))) (br_if $l (i32.lt_u (local.get $n) (local.get 0))))
          (local.get $n))
        ${secret})`)
      .emitBinary();
  const publicly = '(func (export "f") (param i32) (result i32) (call $secret) (call $choose (local.get 0)))';
  const secretly =
    '(func (export "g") (param i32) (result i32) (call $secret) (call $choose (i32.load (local.get 0))))';

  test("is not shown of functions together because each of them is known", async () => {
    const cache = new Cache();
    expect(await missing(program(publicly), "x86-64", cache)).toBeGreaterThan(0);
    expect(await missing(program(publicly), "x86-64", cache)).toBe(0);
    for (const time of ["once", "twice"])
      await expect(compileWith(program(publicly + secretly), "x86-64", { cache }), time).rejects.toThrow(
        /is secret, but a branch depends on what it reads/,
      );
  });

  test("is not shown again of functions of which it was shown", async () => {
    const cache = new Cache();
    await missing(program(publicly), "x86-64", cache);
    const [proof] = [...cache.entries].filter(([, sections]) => sections.length === 0);
    expect(proof).toBeDefined();
    cache.entries.delete(proof![0]);
    expect(await missing(program(publicly), "x86-64", cache), "the proof alone").toBe(1);
  });
});
