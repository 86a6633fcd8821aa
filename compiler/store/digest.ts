/** sha256 of bytes, written as `sha256:` and 64 hexadecimal digits: what `sha256sum` and OCI registries call them too. */
import { sha256 } from "@noble/hashes/sha2.js";

export type Digest = `sha256:${string}`;

/** Makes the 64 digits. The one of the platform is faster; this one is everywhere. */
export type Sha256 = (bytes: Uint8Array) => string;

export const pureSha256: Sha256 = (bytes) => hex(sha256(bytes));

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

const PATTERN = /^sha256:[0-9a-f]{64}$/;

export const isDigest = (value: unknown): value is Digest => typeof value === "string" && PATTERN.test(value);
