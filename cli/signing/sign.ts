/** Ed25519 signatures of minisign. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { keyName, type PublicKey, type Signature, type Unfit } from "./format.ts";
import type { SecretKey } from "./keys.ts";

/** The same bytes and the same comment always give the same signature. */
export function signed(bytes: Uint8Array, comment: string, { id, seed }: SecretKey): Signature {
  const signature = ed25519.sign(blake2b(bytes, { dkLen: 64 }), seed);
  return {
    prehashed: true,
    id,
    signature,
    comment,
    whole: ed25519.sign(Buffer.concat([signature, Buffer.from(comment)]), seed),
  };
}

/** Undefined if the holder of the key has signed these bytes, and has said the comment. */
export function unsigned(
  bytes: Uint8Array,
  { prehashed, id, signature, comment, whole }: Signature,
  { id: wanted, key }: PublicKey,
): Unfit | undefined {
  if (Buffer.compare(id, wanted) !== 0)
    return { reason: `it was signed with the key ${keyName(id)}, and not with ${keyName(wanted)}` };
  const text = prehashed ? blake2b(bytes, { dkLen: 64 }) : bytes;
  if (!isBy(key, signature, text)) return { reason: "it is not what was signed" };
  return isBy(key, whole, Buffer.concat([signature, Buffer.from(comment)]))
    ? undefined
    : { reason: "the comment of its signature was changed" };
}

/** Strictly: neither the key nor the signature may be written another way, or be a point of small order. */
function isBy(key: Uint8Array, signature: Uint8Array, text: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, text, key, { zip215: false });
  } catch {
    return false;
  }
}
