/** Expressions that turn floats into integers and back. */
import type { Expression } from "./random-body.ts";

const floats = ["f32", "f64"] as const;

/** By the type of the result, then of the operand: signed, unsigned. */
const truncations = {
  i32: { f32: [0xa8, 0xa9], f64: [0xaa, 0xab] },
  i64: { f32: [0xae, 0xaf], f64: [0xb0, 0xb1] },
} as const;
/** After 0xfc. */
const saturating = {
  i32: { f32: [0, 1], f64: [2, 3] },
  i64: { f32: [4, 5], f64: [6, 7] },
} as const;
const conversions = {
  f32: { i32: [0xb2, 0xb3], i64: [0xb4, 0xb5] },
  f64: { i32: [0xb7, 0xb8], i64: [0xb9, 0xba] },
} as const;
const reinterpretations = { i32: 0xbc, i64: 0xbd, f32: 0xbe, f64: 0xbf } as const;
/** The type of the same width. */
const twins = { i32: "f32", i64: "f64", f32: "i32", f64: "i64" } as const;

const reinterpret: Expression = (b, type, depth) => {
  b.expression(twins[type], depth);
  b.emit(reinterpretations[type]);
};

const truncate: Expression = (b, type, depth) => {
  const from = b.random.pick(floats);
  b.expression(from, depth);
  const to = type as "i32" | "i64";
  // Few, because most values are out of range.
  if (b.random.chance(1, 10)) b.emit(b.random.pick(truncations[to][from]));
  else b.emit(0xfc, b.random.pick(saturating[to][from]));
};

export const conversionsToIntegers: readonly Expression[] = [truncate, truncate, reinterpret];

const convert: Expression = (b, type, depth) => {
  const from = b.random.chance(1, 2) ? "i32" : "i64";
  b.expression(from, depth);
  b.emit(b.random.pick(conversions[type as "f32" | "f64"][from]));
};

const otherWidth: Expression = (b, type, depth) => {
  b.expression(type === "f32" ? "f64" : "f32", depth);
  b.emit(type === "f32" ? 0xb6 : 0xbb);
  b.canonical(type);
};

export const conversionsToFloats: readonly Expression[] = [convert, convert, otherWidth, reinterpret];
