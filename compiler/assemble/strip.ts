/**
 * `program.wasm` before it was optimised → `runtime.wasm`: what can be reached from `start`, `poll` and the like, and nothing else.
 *
 * It begins with the unoptimised module because there every static object is still referred to by its exact address: later Binaryen folds
 * addresses and indices into one constant, and nobody could say any more which objects the code may touch.
 */
import type { Binaryen, BinaryenModule, Feature } from "./binaryen.ts";
import type { DataSegment } from "./data-segments.ts";
import { type GlobalType, globalBits } from "./global-value.ts";

export interface Stripped {
  readonly runtime: Uint8Array;
  /** Its source map. */
  readonly map: string;
  readonly facts: RuntimeFacts;
}

/** What the snapshot has to know about `runtime.wasm`. */
export interface RuntimeFacts {
  /** Its globals in order; a mutable one takes its value from the snapshot, another one has `value`. */
  readonly globals: readonly RuntimeGlobal[];
  /** Constants in its code, as unsigned numbers: whatever static object they point into is used. */
  readonly constants: readonly number[];
  /** Static objects, in ascending order. */
  readonly statics: readonly DataSegment[];
  /** Globals that the garbage collector starts from. */
  readonly roots: readonly string[];
  /** How the allocator is reached, beginning with the export; empty if it is not. */
  readonly allocation: readonly string[];
  /** What it imports, as `module.name`. */
  readonly imports: readonly string[];
  /** Bytes of memory that it declares. */
  readonly memory: number;
}

export interface RuntimeGlobal {
  readonly name: string;
  readonly type: GlobalType;
  readonly mutable: boolean;
  /** Decimal, signed; of floats the bits. */
  readonly value: string;
}

/** Where memory comes from in AssemblyScript's runtime. */
const allocators = [
  "~lib/rt/tcms/__new",
  "~lib/rt/tcms/__renew",
  "~lib/rt/tlsf/__alloc",
  "~lib/rt/tlsf/__realloc",
];
/** WebAssembly 2.0 as far as asc uses it; with more, Binaryen writes what Node 20 does not read. */
const features: readonly Feature[] = [
  "BulkMemory",
  "BulkMemoryOpt",
  "MutableGlobals",
  "NontrappingFPToInt",
  "SignExt",
];
const collector = "~lib/rt/__visit_globals";

/** Changes `module`. `keep` are the exported functions that remain. */
export function strip(
  binaryen: Binaryen,
  module: BinaryenModule,
  statics: readonly DataSegment[],
  keep: readonly string[],
): Stripped {
  module.setFeatures(features.reduce((sum, feature) => sum | binaryen.Features[feature], 0));
  const roots = globalsRead(binaryen, module, collector);
  silenceAbort(binaryen, module);
  keepExports(binaryen, module, new Set([...keep, "memory"]));
  const { initial } = module.getMemoryInfo();
  module.setMemory(initial, -1, null, []);
  module.runPasses(["remove-unused-module-elements", "dae", "vacuum", "remove-unused-module-elements"]);
  const lean = module.emitText();
  const allocation = chain(lean, keep);
  optimize(binaryen, module);
  const runtime = module.emitBinary();
  // The same bytes again, with a section behind them that names the map.
  const { sourceMap: map } = module.emitBinary("runtime.wasm.map");
  const facts = {
    globals: globalsOf(binaryen, module),
    constants: constantsIn(lean),
    statics,
    roots,
    allocation,
    imports: importsOf(binaryen, module),
    memory: initial * 65_536,
  };
  return { runtime, map, facts };
}

/** `abort` tells a message in V8. An appliance has no use for the text: it stops where it is, and knows the place. */
function silenceAbort(binaryen: Binaryen, module: BinaryenModule): void {
  const abort = functionsOf(binaryen, module).find(
    ({ module: from, base }) => from === "env" && base === "abort",
  );
  if (abort === undefined) return;
  module.removeFunction(abort.name);
  module.addFunction(abort.name, abort.params, abort.results, [], module.unreachable());
}

function keepExports(binaryen: Binaryen, module: BinaryenModule, keep: ReadonlySet<string>): void {
  const exports = Array.from({ length: module.getNumExports() }, (_, n) =>
    binaryen.getExportInfo(module.getExportByIndex(n)),
  );
  for (const { name } of exports) if (!keep.has(name)) module.removeExport(name);
}

/** Every mutable global is exported meanwhile, so that nothing is assumed about the value that `prepare` gave it. */
function optimize(binaryen: Binaryen, module: BinaryenModule): void {
  const mutable = globalInfos(binaryen, module).filter((info) => info.mutable && !info.module);
  const exported = mutable.map(({ name }, n) => {
    module.addGlobalExport(name, `__g${n}`);
    return `__g${n}`;
  });
  binaryen.setDebugInfo(true);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(0);
  binaryen.setLowMemoryUnused(true);
  binaryen.setAlwaysInlineMaxSize(12);
  binaryen.setFlexibleInlineMaxSize(70);
  binaryen.setOneCallerInlineMaxSize(1000);
  binaryen.setAllowInliningFunctionsWithLoops(true);
  module.optimize();
  for (const name of exported) module.removeExport(name);
  module.runPasses(["remove-unused-module-elements"]);
}

function globalInfos(binaryen: Binaryen, module: BinaryenModule) {
  return Array.from({ length: module.getNumGlobals() }, (_, n) =>
    binaryen.getGlobalInfo(module.getGlobalByIndex(n)),
  );
}

function functionsOf(binaryen: Binaryen, module: BinaryenModule) {
  return Array.from({ length: module.getNumFunctions() }, (_, n) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(n)),
  );
}

function importsOf(binaryen: Binaryen, module: BinaryenModule): string[] {
  return functionsOf(binaryen, module)
    .filter(({ module: from }) => from)
    .map(({ module: from, base }) => `${from}.${base}`)
    .toSorted();
}

function globalsOf(binaryen: Binaryen, module: BinaryenModule): RuntimeGlobal[] {
  return globalInfos(binaryen, module).map(({ name, type, mutable, init }) => ({
    name,
    type: typeOf(binaryen, type),
    mutable,
    value: initOf(binaryen, typeOf(binaryen, type), init),
  }));
}

function typeOf(binaryen: Binaryen, type: number): GlobalType {
  const types = ["i64", "f32", "f64"] as const;
  return types.find((name) => binaryen[name] === type) ?? "i32";
}

function initOf(binaryen: Binaryen, type: GlobalType, init: number): string {
  if (type === "f32" || type === "f64")
    return String(globalBits(type, binaryen.getExpressionInfo(init).value ?? 0));
  return /const (-?\d+)/.exec(binaryen.emitText(init))?.[1] ?? "0";
}

function globalsRead(binaryen: Binaryen, module: BinaryenModule, name: string): string[] {
  const found = functionsOf(binaryen, module).find((info) => info.name === name);
  if (found === undefined) return [];
  return [...binaryen.emitText(found.body).matchAll(/global\.get \$(?:"([^"]+)"|([^\s()]+))/g)].map(
    ([, quoted, plain]) => quoted ?? plain!,
  );
}

function constantsIn(text: string): number[] {
  const found = new Set<number>();
  for (const [, digits] of text.matchAll(/\(i32\.const (-?\d+)\)/g)) found.add(Number(digits) >>> 0);
  return [...found].toSorted((a, b) => a - b);
}

/** The shortest way from an export to an allocator, by the names of the functions. */
function chain(text: string, keep: readonly string[]): string[] {
  const calls = new Map<string, string[]>();
  const exported = new Map<string, string>();
  let current: string[] = [];
  const name = String.raw`\$(?:"([^"]+)"|([^\s()]+))`;
  const pattern = new RegExp(
    String.raw`^ ?\(func ${name}|\(call ${name}|\(ref\.func ${name}|\(export "([^"]+)" \(func ${name}`,
    "gm",
  );
  for (const match of text.matchAll(pattern)) {
    const [, f1, f2, c1, c2, r1, r2, external, e1, e2] = match;
    if (external !== undefined) exported.set(external, (e1 ?? e2)!);
    else if (f1 !== undefined || f2 !== undefined) {
      current = [];
      calls.set((f1 ?? f2)!, current);
    } else current.push((c1 ?? c2 ?? r1 ?? r2)!);
  }
  const from = new Map<string, string>();
  const queue: string[] = [];
  for (const external of keep) {
    const start = exported.get(external);
    if (start === undefined || from.has(start)) continue;
    from.set(start, "");
    queue.push(start);
  }
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (allocators.includes(at)) return trace(from, at);
    for (const called of calls.get(at) ?? []) {
      if (from.has(called)) continue;
      from.set(called, at);
      queue.push(called);
    }
  }
  return [];
}

function trace(from: ReadonlyMap<string, string>, end: string): string[] {
  const way: string[] = [];
  for (let at: string | undefined = end; at; at = from.get(at)) way.unshift(at);
  return way;
}
