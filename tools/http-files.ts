/** The forms of files that the build makes, for tests of the server by itself. */
import { brotliCompressSync, gzipSync } from "node:zlib";

export function compressed(bytes: Uint8Array, coding: "br" | "gzip"): Uint8Array {
  return coding === "br" ? brotliCompressSync(bytes) : gzipSync(bytes);
}
