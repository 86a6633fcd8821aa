/** Texts as bytes, while the image is built. */
import { Bytes } from "../../core/bytes";
import { bytesOf as encode } from "../../core/text";

const known = new Map<string, Bytes>();
const sent = new Map<string, Bytes>();

/** The same text is there once: heads of pages and messages of sites are often alike. */
export function bytesOf(text: string): Bytes {
  if (known.has(text)) return known.get(text);
  const bytes = encode(text);
  known.set(text, bytes);
  return bytes;
}

/** The same, of what is only ever sent: it can be left in the image. */
export function sentBytesOf(text: string): Bytes {
  if (sent.has(text)) return sent.get(text);
  const bytes = bytesOf(text).left();
  sent.set(text, bytes);
  return bytes;
}

/** Bytes of it. */
export function sizeOf(text: string): u32 {
  return <u32>String.UTF8.byteLength(text);
}
