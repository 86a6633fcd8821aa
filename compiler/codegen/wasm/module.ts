import type { FuncType, GlobalType, MemoryType, RefType, TableType } from "./types.ts";

/** A decoded module as plain data. Index spaces count imports first, as the format does. */
export interface Module {
  readonly bytes: Uint8Array;
  readonly types: readonly FuncType[];
  readonly imports: readonly Import[];
  readonly functions: readonly WasmFunction[];
  readonly tables: readonly (TableType & Imported)[];
  readonly memories: readonly (MemoryType & Imported)[];
  readonly globals: readonly Global[];
  readonly exports: readonly Export[];
  readonly start: number | undefined;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  /** From the data count section. */
  readonly dataCount: number | undefined;
}

/** "MODULE.NAME" when the thing comes from outside. */
export interface Imported {
  readonly import: string | undefined;
}

export type Import = { readonly module: string; readonly name: string; readonly at: number } & (
  | { readonly kind: "func"; readonly typeIndex: number }
  | { readonly kind: "table"; readonly table: TableType }
  | { readonly kind: "memory"; readonly memory: MemoryType }
  | { readonly kind: "global"; readonly global: GlobalType }
);

export interface WasmFunction extends Imported {
  readonly typeIndex: number;
  /** From the name section, else the first export, else `func[N]`. */
  readonly name: string;
  /** Absent for imports. Byte range in the module: locals, then instructions, the last of which is `end`. */
  readonly code: { readonly start: number; readonly end: number } | undefined;
}

export interface Global extends GlobalType, Imported {
  /** Absent for imports. */
  readonly init: ConstantExpression | undefined;
}

export interface Export {
  readonly name: string;
  readonly kind: "func" | "table" | "memory" | "global";
  readonly index: number;
  readonly at: number;
}

/** Instructions of a constant expression, without the `end`; a valid one has exactly one. */
export interface ConstantExpression {
  readonly at: number;
  readonly insts: readonly Constant[];
}
export type Constant =
  | { readonly op: "i32.const" | "i64.const" | "f32.const" | "f64.const"; readonly value: bigint }
  | { readonly op: "ref.null"; readonly type: RefType }
  | { readonly op: "ref.func" | "global.get"; readonly index: number };

export interface ElementSegment {
  readonly at: number;
  readonly type: RefType;
  readonly init: readonly ConstantExpression[];
  readonly mode:
    | { readonly kind: "active"; readonly table: number; readonly offset: ConstantExpression }
    | { readonly kind: "passive" | "declarative" };
}

export interface DataSegment {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly mode:
    | { readonly kind: "active"; readonly memory: number; readonly offset: ConstantExpression }
    | { readonly kind: "passive" };
}

/** The type of a function by its index; the index must be in range. */
export function typeOfFunction(module: Module, index: number): FuncType {
  return module.types[module.functions[index]!.typeIndex]!;
}

/** How many functions are imports: the first in the index space. */
export function importedFunctions(module: Module): number {
  return module.functions.filter(({ code }) => code === undefined).length;
}
