/**
 * How long the code generator takes, in processor time of processes of their own: cold with everything that V8 has to compile first and nothing known, with one function changed, and with
 * code that comes out of the cache. One thread has one core.
 *   npx tsx bench/main.ts compile
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { IsaName } from "#codegen";
import { decodeCode } from "../compiler/build/machine-code.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { readInstruction, readLocals } from "../compiler/codegen/wasm/instructions.ts";
import { Reader } from "../compiler/codegen/wasm/reader.ts";
import { build, folder } from "./appliance.ts";
import type { Measured } from "./compile-process.ts";
import { atMost, grouped, printTable, type Row } from "./table.ts";

/** Oniguruma, as Emscripten made it from C: a program that nobody wrote for this code generator. */
const LARGE = "node_modules/vscode-oniguruma/release/onig.wasm";
/** Of code, without data, in a minute. */
const MEGABYTES = 1.5;
const RUNS = 5;

export async function compiling(): Promise<void> {
  bundle();
  build("examples/ns1/ns1.appl", "compile");
  const appliance = join(folder, "runtime.wasm");
  writeFileSync(appliance, runtimeIn(join(folder, "compile")));
  const bytes = `${grouped(codeBytes(appliance))} bytes of code in wasm`;
  const small = measure("ns1 on kvm", appliance, "x86-64");
  printTable(`Compiling, processor time, medians of ${RUNS}`, [
    atMost("ns1 on kvm, cold", small.cold.processors, "ms", 2000, bytes),
    ...small.rows,
    atMost(
      "ns1 on kvm, another setting",
      cached(join(folder, "compile")),
      "ms",
      300,
      "all code is one object in the cache",
    ),
    ...(["x86-64", "rv64"] as const).flatMap(large),
  ]);
}

function large(isa: IsaName): Row[] {
  const { cold, rows } = measure(`Oniguruma, ${isa}`, LARGE, isa);
  const speed = (codeBytes(LARGE) / 1e6 / cold.processors) * 60_000;
  const first: Row = {
    what: `Oniguruma, ${isa}, cold`,
    measured: `${speed.toFixed(1)} MB a minute`,
    goal: `>= ${MEGABYTES}`,
    reached: speed >= MEGABYTES,
    beside: `${grouped(codeBytes(LARGE))} bytes of code in ${(cold.processors / 1000).toFixed(1)} s`,
  };
  return [first, ...rows];
}

/** A module cold, by two threads, with one function changed, and unchanged but for what has no code. */
function measure(
  name: string,
  file: string,
  isa: IsaName,
): { readonly cold: Measured; readonly rows: Row[] } {
  const cache = mkdtempSync(join(folder, "functions-"));
  const cold = middle(() => once(file, isa, 1, mkdtempSync(join(folder, "functions-"))));
  once(file, isa, 1, cache);
  const changed = join(folder, "changed.wasm");
  writeFileSync(changed, withOneChanged(readFileSync(file)));
  const row = (what: string, { processors, own, compiled }: Measured): Row => ({
    what: `${name}, ${what}`,
    measured: `${grouped(Math.round(processors))} ms`,
    beside: `${compiled} functions compiled; our thread ${grouped(Math.round(own))} ms`,
  });
  return {
    cold,
    rows: [
      row(
        "cold, 2 threads",
        middle(() => once(file, isa, 2, mkdtempSync(join(folder, "functions-")))),
      ),
      ...([1, 2] as const).map((threads) =>
        row(
          `one function changed, ${threads === 1 ? "1 thread" : "2 threads"}`,
          middle(() => once(changed, isa, threads, copyOf(cache))),
        ),
      ),
      row(
        "every function known",
        middle(() => once(file, isa, 1, copyOf(cache))),
      ),
    ],
  };
}

const copyOf = (cache: string): string => {
  const copy = mkdtempSync(join(folder, "functions-"));
  cpSync(cache, copy, { recursive: true });
  return copy;
};

/** The constant of one instruction is another one: the first one-byte constant in the second half of the functions. */
function withOneChanged(wasm: Uint8Array): Uint8Array {
  const { functions } = parseModule(wasm);
  for (const { code } of functions.slice(functions.length / 2)) {
    if (code === undefined) continue;
    const reader = new Reader(wasm, code.start, code.end);
    readLocals(reader);
    while (!reader.done) {
      const { opcode, at } = readInstruction(reader);
      if (opcode.name === "i32.const" && reader.at === at + 2) return wasm.with(at + 1, wasm[at + 1]! ^ 1);
    }
  }
  throw new Error("no constant to change");
}

function codeBytes(file: string): number {
  const { functions } = parseModule(readFileSync(file));
  return functions.reduce((sum, { code }) => sum + (code === undefined ? 0 : code.end - code.start), 0);
}

/** Machine code read back as a build does it that has it in its cache. */
function cached(cache: string): number {
  const code = blobsIn(cache).filter((bytes) => bytes.includes("undefinedSymbols"));
  if (code.length !== 1) throw new Error(`${code.length} blobs of machine code in the cache`);
  const before = process.cpuUsage();
  decodeCode(code[0]!);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function blobsIn(cache: string): Buffer[] {
  const files = readdirSync(join(cache, "sha256"), { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => readFileSync(join(file.parentPath, file.name)));
}

/** The shorter module in the cache of a build: the longer one is set-up's. */
function runtimeIn(cache: string): Uint8Array {
  const modules = blobsIn(cache)
    .filter((bytes) => bytes.subarray(0, 4).toString("latin1") === "\0asm")
    .toSorted((a, b) => a.length - b.length);
  if (modules.length !== 2) throw new Error(`${modules.length} modules in the cache`);
  return modules[0]!;
}

/** The run in the middle, by all processors' time. */
function middle(run: () => Measured): Measured {
  const runs = Array.from({ length: RUNS }, run).toSorted((a, b) => a.processors - b.processors);
  return runs[runs.length >> 1]!;
}

/** As users have it: in the sources, threads would translate TypeScript. */
function bundle(): void {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  buildSync({
    entryPoints: [
      join(import.meta.dirname, "compile-process.ts"),
      join(import.meta.dirname, "../cli/edges/code-child.ts"),
    ],
    outdir: folder,
    entryNames: "[name]",
    bundle: true,
    platform: "node",
    format: "esm",
    // Packages in CommonJS ask for modules of Node by `require`.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    logLevel: "warning",
  });
}

/** One thread has one core, with all that V8 does besides. */
function once(file: string, isa: IsaName, threads: 1 | 2, cache: string): Measured {
  const words = [join(folder, "compile-process.js"), file, isa, String(threads), cache];
  const cores = threads === 1 ? "0" : "0,1";
  return JSON.parse(
    execFileSync("taskset", ["-c", cores, process.execPath, ...words], { encoding: "utf8" }),
  ) as Measured;
}
