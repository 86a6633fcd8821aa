/** Numbers of WebAssembly as their bits, sign-extended, and as JavaScript has them. What is no number is one and the same. */
import type { Type } from "./encode.ts";

const view = new DataView(new ArrayBuffer(8));

export function toJs(type: Type, bits: bigint): number | bigint {
  if (type === "i64") return bits;
  if (type === "i32") return Number(bits);
  view.setBigInt64(0, BigInt.asIntN(64, bits), true);
  return type === "f32" ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

export function fromJs(type: Type, value: number | bigint): bigint {
  if (type === "i64") return BigInt.asIntN(64, value as bigint);
  if (type === "i32") return BigInt.asIntN(32, BigInt(value));
  if (Number.isNaN(value)) return type === "f32" ? 0x7fc0_0000n : 0x7ff8_0000_0000_0000n;
  if (type === "f32") view.setFloat32(0, value as number, true);
  else view.setFloat64(0, value as number, true);
  return type === "f32" ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true);
}

/** The bits, however they were extended, as `fromJs` gives them. */
export const comparable = (type: Type, bits: bigint): bigint =>
  fromJs(type, toJs(type, type === "i32" ? BigInt.asIntN(32, bits) : bits));
