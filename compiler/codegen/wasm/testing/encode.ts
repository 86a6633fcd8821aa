/** Writes the primitives of the binary format (core specification 5.2). For tests, which make modules. */

export type Type = "i32" | "i64" | "f32" | "f64";
export const wasmTypes: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };

export function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>>= 7;
    if (rest === 0) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

export function s64(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0);
    if (done) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

/** Length, then the bytes. */
export function sized(bytes: ArrayLike<number>): number[] {
  return [...u32(bytes.length), ...Array.from(bytes)];
}

export function text(value: string): number[] {
  return sized(new TextEncoder().encode(value));
}

/** A count, then the items. */
export function list(items: readonly (readonly number[])[]): number[] {
  return [...u32(items.length), ...items.flat()];
}

/** A module from its sections, which must be in order. */
export function moduleOf(
  sections: readonly (readonly [id: number, content: readonly number[]])[],
): Uint8Array {
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  for (const [id, content] of sections) for (const byte of [id, ...sized(content)]) bytes.push(byte);
  return Uint8Array.from(bytes);
}
