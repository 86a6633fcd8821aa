/** Bytes of the WebAssembly binary format (core specification, chapter 5), as far as tests make modules themselves. */

export type Type = "i32" | "i64";
export const wasmTypes: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e };

/** Unsigned LEB128. */
export function u32(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    out.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return out;
}

/** Signed LEB128. */
export function leb(value: bigint): number[] {
  const out: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return [...out, low];
    out.push(low | 0x80);
  }
}

export function concat(parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A section that is a vector of items. */
export function wasmSection(id: number, items: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const body = concat([u32(items.length), ...items]);
  return concat([[id], u32(body.length), body]);
}
