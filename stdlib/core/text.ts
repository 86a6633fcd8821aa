/** Texts as bytes, while the image is built. */
import { Bytes } from "./bytes";

/** In UTF-8. */
export function bytesOf(text: string): Bytes {
  const encoded = Uint8Array.wrap(String.UTF8.encode(text));
  const size = encoded.length;
  const copy = new StaticArray<u8>(size);
  for (let n = 0; n < size; n++) copy[n] = encoded[n];
  return new Bytes(copy, 0, <u32>size);
}
