/** Keys and signatures that a command line names. */
import { type Digest, decodeManifest, type Manifest } from "#compiler";
import { nodeSha256 } from "../edges/tool.ts";
import { inputError } from "../exit.ts";
import { lookAt, readImage } from "../inputs.ts";
import type { Terminal } from "../terminal.ts";
import {
  keyName,
  type PublicKey,
  readPublicKey,
  readSecretKey,
  readSignature,
  type Signature,
} from "./format.ts";
import { openedKey, type SecretKey } from "./keys.ts";
import { password } from "./password.ts";
import { unsigned } from "./sign.ts";

export async function secretKeyIn(
  file: string,
  passwordFile: unknown,
  terminal: Terminal,
): Promise<SecretKey> {
  const found = readSecretKey(readImage(file));
  if ("reason" in found)
    throw inputError(`\`${file}\` is no secret key: ${found.reason}`, "`appl keygen FILE` makes one");
  if (found.kdf === undefined && passwordFile !== undefined)
    throw inputError(`\`${file}\` has no password`, "leave `--password-file` out");
  const key = await openedKey(found, () => password(passwordFile, `password for ${file}`, terminal));
  if ("reason" in key) throw inputError(`\`${file}\` cannot be opened: ${key.reason}`);
  return key;
}

/** A file, or the key itself as `minisign -P` takes it. */
export function publicKeyOfText(text: string): PublicKey {
  const written = readPublicKey(Buffer.from(text));
  if (lookAt(text) === undefined && !("reason" in written)) return written;
  const found = readPublicKey(readImage(text));
  if ("reason" in found)
    throw inputError(`\`${text}\` is no public key: ${found.reason}`, "`appl keygen` writes it as FILE.pub");
  return found;
}

/** As minisign calls it. */
export const signaturePath = (manifest: string): string => `${manifest}.minisig`;

/** Who has signed, and what they have said with it. */
export interface Signed {
  readonly key: string;
  readonly comment: string;
}

/** The manifest at `path`, if the holder of the key has signed it; everything else is an error that says why not. */
export function signedManifest(
  path: string,
  key: PublicKey,
): {
  readonly manifest: { readonly digest: Digest; readonly manifest: Manifest };
  readonly signature: Signed;
} {
  if (lookAt(path) === undefined)
    throw inputError(
      `there is no \`${path}\``,
      "the manifest and its signature have to lie beside the image",
    );
  const bytes = readImage(path);
  const signature = signatureOf(path);
  const problem = unsigned(bytes, signature, key);
  if (problem !== undefined) throw inputError(`do not trust \`${path}\`: ${problem.reason}`);
  const manifest = decodeManifest(bytes);
  if (manifest === undefined) throw inputError(`\`${path}\` is signed, and no manifest of an image`);
  return {
    manifest: { digest: `sha256:${nodeSha256(bytes)}`, manifest },
    signature: { key: keyName(signature.id), comment: signature.comment },
  };
}

function signatureOf(manifest: string): Signature {
  const path = signaturePath(manifest);
  if (lookAt(path) === undefined)
    throw inputError(
      `\`${manifest}\` is not signed: there is no \`${path}\``,
      "`appl sign IMAGE --key FILE` signs it",
    );
  const found = readSignature(readImage(path));
  if ("reason" in found) throw inputError(`\`${path}\` is no signature: ${found.reason}`);
  return found;
}
