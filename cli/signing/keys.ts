/** Secret keys as minisign keeps them: in the open, or behind a password. */
import { randomBytes, scrypt } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { inputError } from "../exit.ts";
import type { Kdf, PublicKey, SecretKeyFile, Unfit } from "./format.ts";

export interface SecretKey {
  readonly id: Uint8Array;
  /** What the key is made of, 32 bytes. */
  readonly seed: Uint8Array;
}

/** libsodium's "sensitive": a second, and a GiB. Nobody's file may ask for more. */
const OPERATIONS = 1n << 25n;
const MEMORY = 1n << 30n;

export const newKey = (): SecretKey => ({ id: randomBytes(8), seed: randomBytes(32) });

export const publicKeyOf = ({ id, seed }: SecretKey): PublicKey => ({ id, key: ed25519.getPublicKey(seed) });

/** Without a password it can be read by whoever has the file. */
export async function lockedKey(key: SecretKey, password: string | undefined): Promise<SecretKeyFile> {
  const plain = Buffer.concat([key.id, key.seed, publicKeyOf(key).key]);
  if (password === undefined) return { kdf: undefined, box: Buffer.concat([plain, Buffer.alloc(32)]) };
  const kdf = { salt: randomBytes(32), operations: OPERATIONS, memory: MEMORY };
  const box = Buffer.concat([plain, checksumOf(plain)]);
  return { kdf, box: mixed(box, await streamOf(password, kdf, box.length)) };
}

/** `password` is asked for only if there is one. */
export async function openedKey(
  { kdf, box }: SecretKeyFile,
  password: () => Promise<string>,
): Promise<SecretKey | Unfit> {
  if (kdf !== undefined && (kdf.operations > OPERATIONS || kdf.memory > MEMORY))
    return { reason: "it wants more time or memory for its password than minisign ever does" };
  const plain = kdf === undefined ? box : mixed(box, await streamOf(await password(), kdf, box.length));
  const [id, seed, key] = [plain.subarray(0, 8), plain.subarray(8, 40), plain.subarray(40, 72)];
  // minisign writes no checksum where there is no password.
  const isWhole = kdf === undefined || equal(checksumOf(plain.subarray(0, 72)), plain.subarray(72));
  if (!isWhole) return { reason: "the password is wrong" };
  return equal(ed25519.getPublicKey(seed), key) ? { id, seed } : { reason: "it is damaged" };
}

/** Of the kind of signature, the key's number and the key. */
const checksumOf = (plain: Uint8Array): Uint8Array =>
  blake2b(Buffer.concat([Buffer.from("Ed"), plain]), { dkLen: 32 });

const mixed = (bytes: Uint8Array, stream: Uint8Array): Buffer =>
  Buffer.from(bytes.map((byte, at) => byte ^ stream[at]!));

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function streamOf(password: string, { salt, ...costs }: Kdf, length: number): Promise<Buffer> {
  const options = { ...scryptOptions(costs), maxmem: Number(MEMORY) + (1 << 24) };
  return new Promise((resolve, reject) =>
    scrypt(Buffer.from(password), salt, length, options, (error, made) =>
      error
        ? reject(inputError("the password cannot be tried", `it takes 1 GiB of memory: ${error.message}`))
        : resolve(made),
    ),
  );
}

/** libsodium's costs as scrypt's own, by its `pickparams`. */
export function scryptOptions({ operations, memory }: Omit<Kdf, "salt">): {
  readonly N: number;
  readonly r: number;
  readonly p: number;
} {
  const r = 8;
  const work = Math.max(Number(operations), 32768);
  const [most, p] =
    work < Number(memory) / 32
      ? [work / (r * 4), () => 1]
      : [Number(memory) / (r * 128), (n: number) => Math.floor(Math.floor(work / 4 / n) / r)];
  let n = 2;
  while (n <= most / 2) n *= 2;
  return { N: n, r, p: Math.max(1, p(n)) };
}
