/** The documents that `appl build` writes beside an image. */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { type Finished, originOf, type Surroundings, supplyDocuments } from "#compiler";
import { LOCK_FILE, parseLock } from "#lang";
import { sourceDate } from "./edges/today.ts";
import { nodeSha256, toolIdentity, tools, toolVersions } from "./edges/tool.ts";
import { inputError } from "./exit.ts";
import { type DocumentKind, documentPath } from "./output.ts";
import type { Subject } from "./session.ts";

type Built = Pick<Subject, "path" | "files" | "params">;

/**
 * Manifest and recipe are the bytes that their digests name; bills of materials and provenance follow from what was read. The origin alone
 * says when and where: it is for people, in lines.
 */
export function documentsOf(built: Finished, subject: Built): Record<DocumentKind, Uint8Array> {
  const surroundings = surroundingsOf(subject);
  const origin = originOf(built, subject.path, surroundings.lock?.digest, {
    time: new Date().toISOString(),
    machine: hostname(),
    system: `${process.platform}-${process.arch}, node ${process.version}`,
    versions: toolVersions(),
  });
  return {
    ...built.documents,
    origin: new TextEncoder().encode(`${JSON.stringify(origin, null, 2)}\n`),
    ...supplyDocuments(built, surroundings, documentPath, nodeSha256),
  };
}

function surroundingsOf({ path, files, params }: Built): Surroundings {
  const lock = files.read(LOCK_FILE);
  return {
    tools: tools(),
    compiler: toolIdentity(),
    description: path,
    params,
    lock: lock && { digest: `sha256:${nodeSha256(lock)}`, lines: parseLock(LOCK_FILE, lock).lock },
    sourceDate: sourceDate(),
    sha1(file) {
      const bytes = files.read(file);
      if (bytes === undefined) throw inputError(`\`${file}\` has gone away meanwhile`, "build it again");
      return createHash("sha1").update(bytes).digest("hex");
    },
  };
}
