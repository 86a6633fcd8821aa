/** Whether the store, or one thing of it, is what it says it is. */
import { readFileSync } from "node:fs";
import { type Digest, decodeAction, decodeRoot, isEntry, reach, type Space } from "#compiler";
import { nodeBlobs, pathOf } from "../edges/node-blobs.ts";
import { documentText, type StoredFile, stats, storedFiles } from "../edges/store-files.ts";
import { nodeSha256 } from "../edges/tool.ts";
import { reasonOf } from "../inputs.ts";

export interface Bad {
  readonly space: Space;
  readonly name: Digest;
  readonly problem: string;
}

export interface Verified {
  readonly objects: number;
  readonly others: number;
  readonly bytes: number;
  readonly bad: readonly Bad[];
}

/** Every entry. */
export function verifyStore(folder: string): Verified {
  const counts = { objects: 0, others: 0, bytes: 0 };
  const bad: Bad[] = [];
  for (const space of ["object", "action", "index", "root"] as const)
    for (const file of storedFiles(folder, space)) {
      counts[space === "object" ? "objects" : "others"] += 1;
      counts.bytes += file.size;
      const problem = problemOf(folder, file);
      if (problem !== undefined) bad.push({ space, name: file.name, problem });
    }
  return { ...counts, bad };
}

/** One object and all that it leads to; digests that documents speak of without being kept here are no fault of theirs. */
export function verifyObject(folder: string, object: Digest): Verified {
  const counts = { objects: 0, others: 0, bytes: 0 };
  const bad: Bad[] = [];
  for (const name of reach([object], (digest) => documentText(folder, digest))) {
    const path = pathOf(folder, "object", name);
    const found = stats(path);
    if (found === undefined && name !== object) continue;
    counts.objects += 1;
    counts.bytes += found?.size ?? 0;
    const problem = problemOfObject(name, path);
    if (problem !== undefined) bad.push({ space: "object", name, problem });
  }
  return { ...counts, bad };
}

/** Takes away what is bad: the next build makes it again. */
export function removeBad(folder: string, bad: readonly Bad[]): void {
  const blobs = nodeBlobs(folder);
  for (const { space, name } of bad) blobs.remove(space, name);
}

function problemOf(folder: string, file: StoredFile): string | undefined {
  if (file.space === "object") return problemOfObject(file.name, file.path);
  const bytes = read(file.path);
  if (typeof bytes === "string") return bytes;
  if (!isEntry(file.space, file.name, bytes)) return "it is no entry that was written under this name";
  const named =
    file.space === "action"
      ? Object.values(decodeAction(file.name, bytes)?.outputs ?? {})
      : file.space === "root"
        ? (decodeRoot(file.name, bytes)?.objects ?? [])
        : [];
  const missing = named.find((digest) => stats(pathOf(folder, "object", digest)) === undefined);
  return missing && `${missing}, which it leads to, is missing`;
}

function problemOfObject(name: Digest, path: string): string | undefined {
  const bytes = read(path);
  if (typeof bytes === "string") return bytes;
  const digest = `sha256:${nodeSha256(bytes)}`;
  return digest === name ? undefined : `its bytes are ${digest}`;
}

/** The bytes, or why there are none. */
function read(path: string): Uint8Array | string {
  try {
    return readFileSync(path);
  } catch (error) {
    return `it cannot be read: ${reasonOf(error)}`;
  }
}
