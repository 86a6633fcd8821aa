/** One compilation in a process of its own, as `appl build` does it: WASM ISA THREADS CACHE → processor time in ms and how many functions were compiled. */
import { readFileSync } from "node:fs";
import { compileWith, type IsaName } from "#codegen";
import { codeCrew } from "../cli/edges/code-crew.ts";
import { beSlowToOptimise } from "../cli/edges/engine.ts";
import { nodeBlobs } from "../cli/edges/node-blobs.ts";
import { nodeSha256 } from "../cli/edges/tool.ts";
import { FunctionPacks } from "../compiler/build/function-pack.ts";
import { encodeCode } from "../compiler/build/machine-code.ts";
import { Store } from "../compiler/store/store.ts";

/** What `bench/compile.ts` is told. */
export interface Measured {
  /** Of all threads, V8's own too. */
  readonly processors: number;
  /** Of the thread that asks for it: what a user waits for who has processors enough. */
  readonly own: number;
  readonly compiled: number;
}

beSlowToOptimise();
const [, , file, isa, threads, cache] = process.argv;
const wasm = readFileSync(file!);
const own = (): number => Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
const before = [process.cpuUsage(), own()] as const;
const store = new Store({ blobs: nodeBlobs(cache!), tool: "bench", sha256: nodeSha256 });
const packs = new FunctionPacks(store, isa as IsaName);
const compiled = await compileWith(wasm, isa as IsaName, { cache: packs, crew: codeCrew(Number(threads)) });
packs.keep();
encodeCode(compiled);
const { user, system } = process.cpuUsage(before[0]);
const measured: Measured = {
  processors: (user + system) / 1000,
  own: own() - before[1],
  compiled: compiled.compiled,
};
console.log(JSON.stringify(measured));
