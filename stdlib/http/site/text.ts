/** Texts as bytes, while the image is built. */
import { Bytes } from "../../core/bytes";

const known = new Map<string, Bytes>();

/** The same text is there once: heads of pages and messages of sites are often alike. */
export function bytesOf(text: string): Bytes {
  if (known.has(text)) return known.get(text);
  const encoded = Uint8Array.wrap(String.UTF8.encode(text));
  const size = encoded.length;
  const copy = new StaticArray<u8>(size);
  for (let n = 0; n < size; n++) copy[n] = encoded[n];
  const bytes = new Bytes(copy, 0, <u32>size);
  known.set(text, bytes);
  return bytes;
}

/** Bytes of it. */
export function sizeOf(text: string): u32 {
  return <u32>String.UTF8.byteLength(text);
}
