/** What is asked of the AssemblyScript compiler. It runs elsewhere: it is large, and a crash of it ends its process. */
import type { Binaryen, BinaryenModule } from "./binaryen.ts";
import { dataSegments } from "./data-segments.ts";
import type { RuntimeFacts, Stripped } from "./strip.ts";
import { strip } from "./strip.ts";

export interface AssembleRequest {
  /** Path of the file whose exports are the program's. */
  readonly entry: string;
  /** Another one with the exports of set-up: static objects that only set-up needs then lie behind all others. */
  readonly setUp?: string;
  /** All sources, by path from the root that imports are relative to. Nothing else can be imported. */
  readonly sources: Readonly<Record<string, string>>;
  /** Exported functions that are still there at run time. */
  readonly keep: readonly string[];
}

export type AssembleOutcome =
  | {
      readonly kind: "done";
      /** Everything, optimised: what `prepare` runs in. Mutable globals are exported as `global:NAME`. */
      readonly program: Uint8Array;
      readonly runtime: Uint8Array;
      /** Source map of `runtime`, a JSON text (ECMA-426): positions are byte offsets, files the request's paths. */
      readonly map: string;
      readonly facts: RuntimeFacts;
    }
  | { readonly kind: "refused"; readonly mistakes: readonly AssembleMistake[] }
  | { readonly kind: "crashed"; readonly output: string };

/** An error of the AssemblyScript compiler. */
export interface AssembleMistake {
  readonly code: number;
  readonly text: string;
  /** Undefined if it is about no place. Offsets count UTF-16 code units. */
  readonly place: { readonly file: string; readonly start: number; readonly end: number } | undefined;
}

export interface Assembler {
  assemble(request: AssembleRequest): Promise<AssembleOutcome>;
  /** Ends what was kept running between requests. */
  close(): Promise<void>;
}

/** The part of `assemblyscript/asc` that is used. */
export interface Asc {
  main(
    argv: readonly string[],
    api: {
      readFile(name: string): string | null;
      writeFile(name: string, data: Uint8Array | string): void;
      listFiles(): readonly string[];
      reportDiagnostic(diagnostic: AscDiagnostic): void;
      transforms: readonly unknown[];
    },
  ): Promise<{ readonly error: Error | null }>;
}

interface AscDiagnostic {
  readonly message: string;
  readonly code: number;
  readonly category: number;
  readonly range: {
    readonly start: number;
    readonly end: number;
    readonly source: { readonly normalizedPath: string };
  } | null;
}

const ERROR = 3;

/** `-O2` tells asc how to translate, although its optimiser does not run. */
export const ascOptions = [
  ...["--runtime", "minimal"],
  ...["-O2", "--debug", "--sourceMap"],
  ...["--exportStart", "_start"],
] as const;

/**
 * Runs in the process of its own. asc only translates: what set-up runs in is compiled again by the engine, and `strip` optimises what is left
 * for the appliance. So asc is left before its own optimiser begins, which would take as long as all the rest.
 */
export async function runAsc(asc: Asc, request: AssembleRequest): Promise<AssembleOutcome> {
  const { entry, setUp, sources, keep } = request;
  const mistakes: AssembleMistake[] = [];
  const enough = new Error("this is all that is wanted of asc");
  let compiled: (Stripped & { readonly program: Uint8Array }) | undefined;
  class Tap {
    /** Set by asc. */
    declare readonly binaryen: Binaryen;

    afterCompile(module: BinaryenModule): void {
      const { binaryen } = this;
      binaryen.setDebugInfo(true);
      allocateOutside(binaryen, module);
      const statics = dataSegments(module.emitBinary());
      exportGlobals(binaryen, module);
      const program = module.emitBinary();
      // It goes on with this very module: a binary knows no places in sources.
      compiled = { program, ...strip(binaryen, module, statics, keep) };
      throw enough;
    }
  }
  const { error } = await asc.main(
    [entry, ...(setUp === undefined ? [] : [setUp]), "-o", "program.wasm", ...ascOptions],
    {
      readFile: (name) => sources[name] ?? null,
      writeFile: () => undefined,
      listFiles: () => [],
      reportDiagnostic: (diagnostic) => {
        if (diagnostic.category === ERROR) mistakes.push(mistakeOf(diagnostic));
      },
      transforms: [Tap],
    },
  );
  if (mistakes.length > 0) return { kind: "refused", mistakes };
  if (compiled === undefined) return { kind: "crashed", output: error?.message ?? "it compiled nothing" };
  return { kind: "done", ...compiled };
}

/** Set-up's memory is given out by whoever runs it, who knows from a first run what will stay: see `heap.ts`. */
function allocateOutside(binaryen: Binaryen, module: BinaryenModule): void {
  const { i32, none } = binaryen;
  for (const { name, params, result } of [
    { name: "alloc", params: 1, result: i32 },
    { name: "realloc", params: 2, result: i32 },
    { name: "free", params: 1, result: none },
  ]) {
    const inside = `~lib/rt/tlsf/__${name}`;
    if (!hasFunction(binaryen, module, inside)) continue;
    const type = binaryen.createType(Array.from({ length: params }, () => i32));
    const operands = Array.from({ length: params }, (_, n) => module.local.get(n, i32));
    module.removeFunction(inside);
    module.addFunctionImport(`prepare/${name}`, "prepare", name, type, result);
    module.addFunction(inside, type, result, [], module.call(`prepare/${name}`, operands, result));
  }
}

function hasFunction(binaryen: Binaryen, module: BinaryenModule, name: string): boolean {
  for (let n = 0; n < module.getNumFunctions(); n++)
    if (binaryen.getFunctionInfo(module.getFunctionByIndex(n)).name === name) return true;
  return false;
}

function exportGlobals(binaryen: Binaryen, module: BinaryenModule): void {
  for (let n = 0; n < module.getNumGlobals(); n++) {
    const { name, mutable, module: from } = binaryen.getGlobalInfo(module.getGlobalByIndex(n));
    if (mutable && !from) module.addGlobalExport(name, `global:${name}`);
  }
}

function mistakeOf({ code, message, range }: AscDiagnostic): AssembleMistake {
  return {
    code,
    text: message,
    place:
      range === null ? undefined : { file: range.source.normalizedPath, start: range.start, end: range.end },
  };
}
