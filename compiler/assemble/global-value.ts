export type GlobalType = "i32" | "i64" | "f32" | "f64";

/** What a global holds, as an integer: floats by their bits. Of what is no number one is kept, since JavaScript does not promise which it has. */
export function globalBits(type: GlobalType, value: number | bigint): bigint {
  if (type === "i32" || type === "i64") return BigInt(value);
  const view = new DataView(new ArrayBuffer(8));
  if (Number.isNaN(value)) return type === "f32" ? 0x7fc0_0000n : 0x7ff8_0000_0000_0000n;
  if (type === "f32") view.setFloat32(0, value as number, true);
  else view.setFloat64(0, value as number, true);
  return type === "f32" ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true);
}
