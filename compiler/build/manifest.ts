/** The manifest: what joins recipe, contents and image. Signatures are over its bytes. */
import { canonical } from "../store/canonical.ts";
import { type Digest, isDigest } from "../store/digest.ts";
import type { FileSection } from "./backend.ts";

export interface Manifest {
  readonly recipe: Digest;
  readonly contents: Digest;
  readonly outputs: readonly Output[];
  /** What is where in the first output; between them there may be padding. */
  readonly sections: readonly Section[];
}

export interface Output {
  /** Name of the file, if nobody gives it another. */
  readonly name: string;
  readonly media: string;
  readonly digest: Digest;
  readonly size: number;
}

export interface Section extends FileSection {
  readonly digest: Digest;
}

const KIND = "image@1";

export const encodeManifest = ({ recipe, contents, outputs, sections }: Manifest): Uint8Array =>
  canonical({
    appl: KIND,
    recipe,
    contents,
    outputs: outputs.map(({ name, media, digest, size }) => ({ name, media, digest, size })),
    sections: sections.map(({ name, offset, size, digest }) => ({ name, offset, size, digest })),
  });

/** Undefined for anything but a manifest. */
export function decodeManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const { appl, recipe, contents, outputs, sections } = found;
    return appl === KIND &&
      isDigest(recipe) &&
      isDigest(contents) &&
      isList(outputs, isOutput) &&
      isList(sections, isSection)
      ? { recipe, contents, outputs, sections }
      : undefined;
  } catch {
    return undefined;
  }
}

function isList<T>(value: unknown, is: (each: unknown) => each is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isOutput(value: unknown): value is Output {
  const { name, media, digest, size } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && typeof media === "string" && isDigest(digest) && isCount(size);
}

function isSection(value: unknown): value is Section {
  const { name, offset, size, digest } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && isCount(offset) && isCount(size) && isDigest(digest);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
