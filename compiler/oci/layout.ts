/**
 * A program as a container image with nothing else in it: OCI Image Layout 1.1 (https://github.com/opencontainers/image-spec). Layers are not
 * compressed: a compressor's bytes are its version's, and registries compress on their own.
 */
import { canonical, type Json } from "../store/canonical.ts";
import type { Digest, Sha256 } from "../store/digest.ts";
import { type TarEntry, tar } from "./tar.ts";

export interface OciProgram {
  /** Of the appliance: the file in the image, and the image's name. */
  readonly name: string;
  readonly program: Uint8Array;
  /** What the program is told unless somebody says something else. */
  readonly args: readonly string[];
  /** Contents digest of the program. */
  readonly contents: Digest;
  /** As Go calls it: `amd64`. */
  readonly architecture: string;
  readonly sha256: Sha256;
}

const types = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
} as const;

/** The layout's files, in the order of their paths; equal programs give equal bytes. */
export function ociLayout({ name, program, args, contents, architecture, sha256 }: OciProgram): TarEntry[] {
  const blobs: TarEntry[] = [];
  const blob = (mediaType: string, bytes: Uint8Array) => {
    const digits = sha256(bytes);
    blobs.push({ path: `blobs/sha256/${digits}`, bytes });
    return { mediaType, digest: `sha256:${digits}`, size: bytes.length };
  };
  const layer = blob(types.layer, tar([{ path: name, bytes: program, executable: true }]));
  const platform = { architecture, os: "linux" };
  const labels = { "org.opencontainers.image.title": name, "appl.contents": contents };
  const config = blob(
    types.config,
    canonical({
      ...platform,
      config: { Entrypoint: [`/${name}`], Cmd: [...args], Labels: labels },
      rootfs: { type: "layers", diff_ids: [layer.digest] },
    }),
  );
  const manifest = blob(
    types.manifest,
    canonical({ schemaVersion: 2, mediaType: types.manifest, config, layers: [layer], annotations: labels }),
  );
  const tag = { "org.opencontainers.image.ref.name": `${name}:latest` };
  const index: Json = {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [{ ...manifest, platform, annotations: tag }],
  };
  const files = [
    ...blobs,
    { path: "index.json", bytes: canonical(index) },
    { path: "oci-layout", bytes: canonical({ imageLayoutVersion: "1.0.0" }) },
  ];
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The layout as one file. */
export const ociArchive = (layout: readonly TarEntry[]): Uint8Array =>
  tar([
    { path: "blobs/", bytes: new Uint8Array(0) },
    { path: "blobs/sha256/", bytes: new Uint8Array(0) },
    ...layout,
  ]);
