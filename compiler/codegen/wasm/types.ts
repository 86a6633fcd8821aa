/** Value types of WebAssembly 2.0 without vectors. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "funcref" | "externref";
export type RefType = "funcref" | "externref";

/** Binary codes of the value types (core specification 5.3.1-5.3.4). */
export const valueTypeCodes: Readonly<Record<number, ValueType>> = {
  127: "i32",
  126: "i64",
  125: "f32",
  124: "f64",
  112: "funcref",
  111: "externref",
};

export interface FuncType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Sizes in pages of 64 KiB for a memory, in elements for a table. */
export interface Limits {
  readonly min: number;
  readonly max: number | undefined;
}

export interface MemoryType {
  readonly limits: Limits;
}

export interface TableType {
  readonly element: RefType;
  readonly limits: Limits;
}

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}
