/** The part of Binaryen's interface that is used here. The library itself is 15 MB and comes from whoever runs it, in a process of its own. */
export interface Binaryen {
  readonly i32: number;
  readonly i64: number;
  readonly f32: number;
  readonly f64: number;
  readonly none: number;
  readonly Features: Readonly<Record<Feature, number>>;
  createType(types: readonly number[]): number;
  getGlobalInfo(ref: number): GlobalInfo;
  /** `value` of constants; whole numbers of 64 bits are two halves. */
  getExpressionInfo(ref: number): { readonly value?: number };
  getFunctionInfo(ref: number): FunctionInfo;
  getExportInfo(ref: number): { readonly kind: number; readonly name: string; readonly value: string };
  emitText(expression: number): string;
  setOptimizeLevel(level: number): void;
  setShrinkLevel(level: number): void;
  setDebugInfo(on: boolean): void;
  setLowMemoryUnused(on: boolean): void;
  setAlwaysInlineMaxSize(size: number): void;
  setFlexibleInlineMaxSize(size: number): void;
  setOneCallerInlineMaxSize(size: number): void;
  setAllowInliningFunctionsWithLoops(on: boolean): void;
}

export type Feature = "BulkMemory" | "BulkMemoryOpt" | "MutableGlobals" | "NontrappingFPToInt" | "SignExt";

export interface BinaryenModule {
  setFeatures(features: number): void;
  readonly local: { get(index: number, type: number): number };
  call(name: string, operands: readonly number[], result: number): number;
  addFunctionImport(internal: string, module: string, base: string, params: number, results: number): void;
  addFunction(name: string, params: number, results: number, vars: readonly number[], body: number): number;
  removeFunction(name: string): void;
  getNumFunctions(): number;
  getFunctionByIndex(index: number): number;
  getNumGlobals(): number;
  getGlobalByIndex(index: number): number;
  addGlobalExport(internal: string, external: string): number;
  removeExport(external: string): void;
  getNumExports(): number;
  getExportByIndex(index: number): number;
  getMemoryInfo(): { readonly initial: number; readonly max?: number };
  setMemory(initial: number, maximum: number, exported: string | null, segments: readonly never[]): void;
  unreachable(): number;
  runPasses(passes: readonly string[]): void;
  optimize(): void;
  emitText(): string;
  emitBinary(): Uint8Array;
  emitBinary(sourceMapUrl: string): { readonly binary: Uint8Array; readonly sourceMap: string };
}

export interface GlobalInfo {
  readonly name: string;
  readonly module: string | null;
  readonly type: number;
  readonly mutable: boolean;
  readonly init: number;
}

export interface FunctionInfo {
  readonly name: string;
  /** Of an import, else empty. */
  readonly module: string | null;
  readonly base: string | null;
  readonly params: number;
  readonly results: number;
  readonly body: number;
}
