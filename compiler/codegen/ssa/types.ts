/**
 * Types of SSA values. There are none for floats: a float is the integer of its bits, and operations on floats say so (ops.ts). `ref` is a function or host reference as tables hold it: opaque, 64 bits, null is 0.
 * An `i32` is 32 bits and nothing else: what the rest of its register holds is a matter of the instruction set's conventions.
 */
export type Type = "i32" | "i64" | "ref";

/** Bits of a value of this type in a register. */
export const bitsOf: Readonly<Record<Type, 32 | 64>> = { i32: 32, i64: 64, ref: 64 };

/** The same without i64: each as a low and a high half. */
export function wordsOf(types: readonly Type[]): Type[] {
  return types.flatMap((type): Type[] => (type === "i64" ? ["i32", "i32"] : [type]));
}

/** The types of numbers. */
export type IntType = "i32" | "i64";

/**
 * Why a program stops. The number is what follows `ud2` in machine code (docs/architecture.md section 4);
 * the text is the one that the WebAssembly test suite expects.
 */
export const trapCodes = {
  unreachable: { code: 0, text: "unreachable" },
  memory: { code: 1, text: "out of bounds memory access" },
  divideByZero: { code: 2, text: "integer divide by zero" },
  overflow: { code: 3, text: "integer overflow" },
  undefinedElement: { code: 4, text: "undefined element" },
  nullElement: { code: 5, text: "uninitialized element" },
  signature: { code: 6, text: "indirect call type mismatch" },
  stack: { code: 7, text: "call stack exhausted" },
  table: { code: 8, text: "out of bounds table access" },
  conversion: { code: 9, text: "invalid conversion to integer" },
} as const;
export type Trap = keyof typeof trapCodes;
