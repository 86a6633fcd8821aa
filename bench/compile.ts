/**
 * How long the code generator takes, in processor time of a process that may use one core: cold is its first compilation, with everything that V8 has to
 * compile first; warm is code that comes out of the cache.
 *   npx tsx bench/main.ts compile
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IsaName } from "#codegen";
import { decodeCode } from "../compiler/build/machine-code.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { build, folder } from "./appliance.ts";
import { atMost, grouped, printTable, type Row } from "./table.ts";

/** Oniguruma, as Emscripten made it from C: a program that nobody wrote for this code generator. */
const LARGE = "node_modules/vscode-oniguruma/release/onig.wasm";
/** Of code, without data, in a minute. */
const MEGABYTES = 1.5;
const RUNS = 3;

export async function compiling(): Promise<void> {
  build("examples/ns1/ns1.appl", "compile");
  const appliance = join(folder, "runtime.wasm");
  writeFileSync(appliance, runtimeIn(join(folder, "compile")));
  const { cold, warm } = best(appliance, "x86-64");
  const bytes = `${grouped(codeBytes(appliance))} bytes of code in wasm`;
  const rows: Row[] = [
    atMost("ns1 on kvm, cold", cold, "ms", 2000, bytes),
    { what: "the same again in that process", measured: `${Math.round(warm)} ms` },
    atMost(
      "ns1 on kvm, warm",
      cached(join(folder, "compile")),
      "ms",
      300,
      "code out of the cache, as for another setting",
    ),
    ...(["x86-64", "rv64"] as const).map(large),
  ];
  printTable(`Compiling, one core, processor time, best of ${RUNS}`, rows);
}

function large(isa: IsaName): Row {
  const { cold, warm } = best(LARGE, isa);
  const speed = (milliseconds: number) => (codeBytes(LARGE) / 1e6 / milliseconds) * 60_000;
  return {
    what: `Oniguruma, ${isa}, cold`,
    measured: `${speed(cold).toFixed(1)} MB a minute`,
    goal: `>= ${MEGABYTES}`,
    reached: speed(cold) >= MEGABYTES,
    beside: `${grouped(codeBytes(LARGE))} bytes of code in ${(cold / 1000).toFixed(1)} s; warm ${speed(warm).toFixed(1)} MB a minute`,
  };
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

interface Times {
  readonly cold: number;
  readonly warm: number;
}

function best(file: string, isa: IsaName): Times {
  const runs = Array.from({ length: RUNS }, () => once(file, isa));
  return { cold: Math.min(...runs.map((run) => run.cold)), warm: Math.min(...runs.map((run) => run.warm)) };
}

const script = `
import { readFileSync } from "node:fs";
import { compile } from "${new URL("../compiler/codegen/index.ts", import.meta.url)}";
import { beSlowToOptimise } from "${new URL("../cli/edges/engine.ts", import.meta.url)}";
beSlowToOptimise();
const wasm = readFileSync(process.argv[1]);
const time = () => {
  const before = process.cpuUsage();
  compile(wasm, process.argv[2]);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
const cold = time();
console.log(JSON.stringify({ cold, warm: Math.min(time(), time()) }));
`;

function once(file: string, isa: IsaName): Times {
  const words = ["--import", "tsx", "--input-type=module", "-e", script, file, isa];
  return JSON.parse(
    execFileSync("taskset", ["-c", "0", process.execPath, ...words], { encoding: "utf8" }),
  ) as Times;
}
