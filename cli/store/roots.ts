/** What is worth keeping: builds of descriptions that are still there, what their locks name, and what has a tag. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Digest, decodeRoot, digestsIn, type RootEntry } from "#compiler";
import { LOCK_FILE } from "#lang";
import { type StoredFile, storedFiles } from "../edges/store-files.ts";

/** A build that is known, and when it was last of use. */
export interface RootFile {
  readonly file: StoredFile;
  readonly entry: RootEntry;
  /** Path of the description. */
  readonly description: string;
}

/** Roots that are broken are left out. */
export function rootFiles(folder: string): RootFile[] {
  const found: RootFile[] = [];
  for (const file of storedFiles(folder, "root")) {
    const entry = read(file);
    const description = entry && pathOfUrl(entry.origin);
    if (entry !== undefined && description !== undefined) found.push({ file, entry, description });
  }
  return found;
}

function read({ name, path }: StoredFile): RootEntry | undefined {
  try {
    return decodeRoot(name, readFileSync(path));
  } catch {
    return undefined;
  }
}

function pathOfUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

export interface KeepRule {
  /** How many builds of each appliance on each target, the newest first. */
  readonly keep: number;
  /** Builds that were of use since then are kept, however many; in ms. */
  readonly since: number;
}

export interface Judged {
  readonly kept: readonly RootFile[];
  readonly dropped: readonly RootFile[];
}

/** A check makes no image and is known once for each appliance and target, so it needs no counting. */
export function judge(roots: readonly RootFile[], { keep, since }: KeepRule): Judged {
  const kept: RootFile[] = [];
  const dropped: RootFile[] = [];
  const counts = new Map<string, number>();
  for (const root of roots.toSorted((a, b) => b.file.used - a.file.used)) {
    const { origin, appliance, target, manifest } = root.entry;
    const key = JSON.stringify([origin, appliance, target, manifest === undefined]);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const wanted = count < keep && existsSync(root.description);
    (wanted || root.file.used >= since ? kept : dropped).push(root);
  }
  return { kept, dropped };
}

/** What the locks beside the descriptions name. */
export function lockedDigests(roots: readonly RootFile[]): Digest[] {
  const folders = new Set(roots.map(({ description }) => dirname(description)));
  return [...folders].flatMap((folder) => {
    try {
      return digestsIn(readFileSync(join(folder, LOCK_FILE), "utf8"));
    } catch {
      return [];
    }
  });
}
