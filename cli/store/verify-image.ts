/** Whether an image is as it was built, and if not, in which sections. */
import { existsSync, readFileSync } from "node:fs";
import { contentsOf } from "#backends";
import { type Digest, decodeManifest, knownBuilds, type Manifest, type Store } from "#compiler";
import { nodeSha256 } from "../edges/tool.ts";
import { documentPath } from "../output.ts";

export interface ImageCheck {
  /** What the image says of itself; of a signed one it may be damaged, too. */
  readonly contents: Digest | undefined;
  readonly image: Digest;
  /** Undefined if no manifest of these contents is known, so that nothing can be compared. */
  readonly manifest: { readonly digest: Digest; readonly from: "cache" | "file" } | undefined;
  readonly whole: boolean;
  readonly sections: readonly SectionCheck[];
  /** Bytes that the file has too many; negative if it was cut off. */
  readonly excess: number;
}

export interface SectionCheck {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly whole: boolean;
}

/** Undefined if it is no image. The manifest is the store's, else the one that lies beside the file. */
export function checkImage(path: string, bytes: Uint8Array, store: Store): ImageCheck | undefined {
  const contents = contentsOf(bytes) as Digest | undefined;
  if (contents === undefined) return undefined;
  const image: Digest = `sha256:${nodeSha256(bytes)}`;
  const candidates = [...fromStore(contents, store), ...fromFile(path, contents)];
  const known = candidates.find(({ manifest }) => manifest.outputs[0]?.digest === image) ?? candidates[0];
  return known === undefined
    ? { contents, image, manifest: undefined, whole: false, sections: [], excess: 0 }
    : checkAgainst(known, bytes);
}

/** Whether an image is the one that this manifest is of. */
export function checkAgainst({ digest, from, manifest }: Candidate, bytes: Uint8Array): ImageCheck {
  const contents = contentsOf(bytes) as Digest | undefined;
  const image: Digest = `sha256:${nodeSha256(bytes)}`;
  const sections = manifest.sections.map(({ name, offset, size, digest: wanted }) => {
    const found = `sha256:${nodeSha256(bytes.subarray(offset, offset + size))}`;
    return { name, offset, size, whole: found === wanted };
  });
  const output = manifest.outputs[0];
  const whole = output?.digest === image;
  return {
    contents,
    image,
    manifest: { digest, from },
    whole,
    sections,
    excess: bytes.length - (output?.size ?? 0),
  };
}

export interface Candidate {
  readonly digest: Digest;
  readonly from: "cache" | "file";
  readonly manifest: Manifest;
}

function fromStore(contents: Digest, store: Store): Candidate[] {
  return knownBuilds(contents, store).flatMap(({ manifest: digest }) => {
    const bytes = store.blob(digest);
    const manifest = bytes && decodeManifest(bytes);
    return manifest?.contents === contents ? [{ digest, from: "cache" as const, manifest }] : [];
  });
}

function fromFile(path: string, contents: Digest): Candidate[] {
  const beside = documentPath(path, "manifest");
  if (!existsSync(beside)) return [];
  const bytes = readFileSync(beside);
  const manifest = decodeManifest(bytes);
  const digest: Digest = `sha256:${nodeSha256(bytes)}`;
  return manifest?.contents === contents ? [{ digest, from: "file" as const, manifest }] : [];
}
