/**
 * The files of minisign (https://jedisct1.github.io/minisign/): public keys, secret keys, signatures. They come from anywhere, so nothing of
 * them is believed: what is read is exactly of the form, and small.
 */

export interface PublicKey {
  /** 8 bytes that tell keys apart. */
  readonly id: Uint8Array;
  readonly key: Uint8Array;
}

export interface SecretKeyFile {
  /** How the password becomes a key; undefined for a file that is not encrypted. */
  readonly kdf: Kdf | undefined;
  /** `SecretKey` with its checksum, 104 bytes. */
  readonly box: Uint8Array;
}

/** scrypt, with its costs as libsodium says them. */
export interface Kdf {
  readonly salt: Uint8Array;
  readonly operations: bigint;
  readonly memory: bigint;
}

export interface Signature {
  /** Of the file's BLAKE2b-512, as minisign writes them today; else of the file itself. */
  readonly prehashed: boolean;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
  /** What the signer says besides. It is signed too, by `whole`. */
  readonly comment: string;
  readonly whole: Uint8Array;
}

/** Why it is none; in words that complete "this is no key: …". */
export interface Unfit {
  readonly reason: string;
}

const LARGEST = 16 * 1024;
const PURE = "Ed";
const PREHASHED = "ED";
const SCRYPT = "Sc";
const BLAKE2B = "B2";
const UNTRUSTED = "untrusted comment: ";
const TRUSTED = "trusted comment: ";
const BOX = 8 + 64 + 32;

/** As in messages of minisign: the number that the bytes are, the lowest first. */
export const keyName = (id: Uint8Array): string => Buffer.from(id).reverse().toString("hex").toUpperCase();

/** A file, or the line of it that has the key. */
export function readPublicKey(bytes: Uint8Array): PublicKey | Unfit {
  const lines = linesOf(bytes);
  if ("reason" in lines) return lines;
  const [comment, text, ...more] = lines.length === 1 ? ["", ...lines] : lines;
  if (text === undefined || more.length > 0 || (lines.length > 1 && !comment!.startsWith(UNTRUSTED)))
    return { reason: "a public key is a comment and one line of base64" };
  const found = decoded(text, 2 + 8 + 32);
  if (found === undefined || ascii(found, 0, 2) !== PURE)
    return { reason: looksSecret(text) ? "it is a secret key" : "its key is of no kind that we know" };
  return { id: found.subarray(2, 10), key: found.subarray(10) };
}

export function writePublicKey({ id, key }: PublicKey): string {
  return `${UNTRUSTED}minisign public key ${keyName(id)}\n${publicKeyText({ id, key })}\n`;
}

/** What `minisign -P` takes. */
export const publicKeyText = ({ id, key }: PublicKey): string =>
  Buffer.concat([Buffer.from(PURE), id, key]).toString("base64");

export function readSecretKey(bytes: Uint8Array): SecretKeyFile | Unfit {
  const lines = linesOf(bytes);
  if ("reason" in lines) return lines;
  const [comment, text, ...more] = lines;
  if (text === undefined || more.length > 0 || !comment!.startsWith(UNTRUSTED))
    return { reason: "a secret key is a comment and one line of base64" };
  const found = decoded(text, 2 + 2 + 2 + 32 + 8 + 8 + BOX);
  if (found === undefined) {
    const isPublic = decoded(text, 2 + 8 + 32) !== undefined;
    return { reason: isPublic ? "it is a public key" : "its key is of no kind that we know" };
  }
  const [algorithm, kdf, checksum] = [ascii(found, 0, 2), ascii(found, 2, 4), ascii(found, 4, 6)];
  if (algorithm !== PURE || checksum !== BLAKE2B || ![SCRYPT, "\0\0"].includes(kdf))
    return { reason: "its key is of no kind that we know" };
  const view = new DataView(found.buffer, found.byteOffset);
  return {
    kdf:
      kdf === SCRYPT
        ? {
            salt: found.subarray(6, 38),
            operations: view.getBigUint64(38, true),
            memory: view.getBigUint64(46, true),
          }
        : undefined,
    box: found.subarray(54),
  };
}

export function writeSecretKey({ kdf, box }: SecretKeyFile): string {
  const costs = Buffer.alloc(16);
  costs.writeBigUInt64LE(kdf?.operations ?? 0n, 0);
  costs.writeBigUInt64LE(kdf?.memory ?? 0n, 8);
  const head = Buffer.from(`${PURE}${kdf === undefined ? "\0\0" : SCRYPT}${BLAKE2B}`, "latin1");
  const bytes = Buffer.concat([head, kdf?.salt ?? Buffer.alloc(32), costs, box]);
  return `${UNTRUSTED}minisign ${kdf === undefined ? "unencrypted" : "encrypted"} secret key\n${bytes.toString("base64")}\n`;
}

export function readSignature(bytes: Uint8Array): Signature | Unfit {
  const lines = linesOf(bytes);
  if ("reason" in lines) return lines;
  const [untrusted, text, trusted, wholeText, ...more] = lines;
  if (wholeText === undefined || more.length > 0)
    return { reason: "a signature is two comments and two lines of base64" };
  if (!untrusted!.startsWith(UNTRUSTED) || !trusted!.startsWith(TRUSTED))
    return { reason: "its comments are not where they belong" };
  const comment = trusted!.slice(TRUSTED.length);
  if (/[^\P{C}\t]/u.test(comment)) return { reason: "its comment has characters that cannot be seen" };
  const found = decoded(text!, 2 + 8 + 64);
  const whole = decoded(wholeText, 64);
  const algorithm = found && ascii(found, 0, 2);
  if (found === undefined || whole === undefined || ![PURE, PREHASHED].includes(algorithm!))
    return { reason: "it is of no kind that we know" };
  return {
    prehashed: algorithm === PREHASHED,
    id: found.subarray(2, 10),
    signature: found.subarray(10),
    comment,
    whole,
  };
}

export function writeSignature({ prehashed, id, signature, comment, whole }: Signature): string {
  const head = Buffer.from(prehashed ? PREHASHED : PURE);
  const lines = [
    `${UNTRUSTED}signature of an image's manifest by appl`,
    Buffer.concat([head, id, signature]).toString("base64"),
    `${TRUSTED}${comment}`,
    Buffer.from(whole).toString("base64"),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(bytes: Uint8Array): readonly string[] | Unfit {
  if (bytes.length > LARGEST) return { reason: "it is too large" };
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}

/** Only what base64 itself would write, and of the one right length. */
function decoded(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : undefined;
}

const looksSecret = (text: string): boolean => decoded(text, 54 + BOX) !== undefined;

const ascii = (bytes: Buffer, from: number, to: number): string => bytes.toString("latin1", from, to);
