/** The documents that `appl build` writes beside an image. */
import { hostname } from "node:os";
import { basename } from "node:path";
import { type Finished, originOf } from "#compiler";
import { toolVersions } from "./edges/tool.ts";
import type { DocumentKind } from "./output.ts";

/** Manifest and recipe are the bytes that their digests name. The origin alone says when and where: it is for people, in lines. */
export function documentsOf(built: Finished, description: string): Record<DocumentKind, Uint8Array> {
  const origin = originOf(built, basename(description), {
    time: new Date().toISOString(),
    machine: hostname(),
    system: `${process.platform}-${process.arch}, node ${process.version}`,
    versions: toolVersions(),
  });
  return { ...built.documents, origin: new TextEncoder().encode(`${JSON.stringify(origin, null, 2)}\n`) };
}
