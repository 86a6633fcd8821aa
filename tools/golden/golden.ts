/** The files of `examples/golden/` as they should be, and what has to be added to their change log. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Digest, Store } from "../../compiler/index.ts";
import { type Change, entryOf } from "./changes.ts";
import { type Golden, readDigests, writeDigests } from "./digests.ts";
import { type Objects, objectsOf, readObjects, writeObjects } from "./objects.ts";

export interface GoldenFiles {
  readonly digests: string;
  readonly objects: string;
  readonly changes: string;
}

const names = { digests: "digests.txt", objects: "objects.txt", changes: "CHANGES.md" } as const;

export function readGolden(folder: string): GoldenFiles {
  const read = (name: keyof GoldenFiles) => {
    const path = join(folder, names[name]);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  return { digests: read("digests"), objects: read("objects"), changes: read("changes") };
}

export function writeGolden(folder: string, files: GoldenFiles): void {
  for (const [name, file] of Object.entries(names))
    writeFileSync(join(folder, file), files[name as keyof GoldenFiles]);
}

/** What is not as it is written down. Of several lines about an example the last one counts as what was before. */
export function changesOf(files: GoldenFiles, built: readonly Golden[]): Change[] {
  const before = new Map(readDigests(files.digests).map((row) => [row.name, row]));
  return built
    .map((now): Change => ({ before: before.get(now.name), now }))
    .filter(({ before: old, now }) => old?.image !== now.image || old.contents !== now.contents);
}

/** What has not changed keeps the report that it has: places may have moved, and nobody wants to see that. */
export function updated(
  files: GoldenFiles,
  built: readonly Golden[],
  store: Store,
  why: string,
): GoldenFiles {
  const known = readObjects(files.objects);
  const changes = changesOf(files, built);
  const fresh = new Map(changes.flatMap(({ now }) => [...objectsOf(now.report, store)]));
  const objects: Objects = new Map([...known, ...fresh]);
  const changed = new Set(changes.map(({ now }) => now.name));
  const before = new Map(readDigests(files.digests).map((row) => [row.name, row]));
  const rows = built.map((row) => (changed.has(row.name) ? row : before.get(row.name)!));
  return {
    digests: writeDigests(rows),
    objects: writeObjects(keptOf(rows, objects)),
    changes: files.changes + changes.map((change) => entryOf(change, objects, why)).join(""),
  };
}

const keptOf = (rows: readonly Golden[], objects: Objects): Objects =>
  new Map(
    rows.flatMap(({ report }) => [...objectsOf(report, { blob: (digest: Digest) => objects.get(digest) })]),
  );
