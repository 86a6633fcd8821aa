/** The documents that `appl build` writes beside an image. */
import { hostname } from "node:os";
import { type Finished, originOf } from "#compiler";
import { LOCK_FILE } from "#lang";
import { nodeSha256, toolVersions } from "./edges/tool.ts";
import type { DocumentKind } from "./output.ts";
import type { Subject } from "./session.ts";

/** Manifest and recipe are the bytes that their digests name. The origin alone says when and where: it is for people, in lines. */
export function documentsOf(
  built: Finished,
  { path, files }: Pick<Subject, "path" | "files">,
): Record<DocumentKind, Uint8Array> {
  const lock = files.read(LOCK_FILE);
  const origin = originOf(built, path, lock && `sha256:${nodeSha256(lock)}`, {
    time: new Date().toISOString(),
    machine: hostname(),
    system: `${process.platform}-${process.arch}, node ${process.version}`,
    versions: toolVersions(),
  });
  return { ...built.documents, origin: new TextEncoder().encode(`${JSON.stringify(origin, null, 2)}\n`) };
}
