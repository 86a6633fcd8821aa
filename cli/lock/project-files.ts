/**
 * The files of a project: those of its folder, and in the place of a package that is in work those of its own folder. If that is not there
 * (in a copy of the project, say), what lies in `appl.pkg` is taken.
 */
import { join, sep } from "node:path";
import { type Files, LOCK_FILE, PACKAGES, packageAround, packageFolder, parseLock } from "#lang";
import { nodeFiles } from "../edges/node-files.ts";
import { lookAt } from "../inputs.ts";

export interface ProjectFiles extends Files {
  /** Where a file really lies, seen from here; undefined if it lies where it is said to. */
  elsewhere(path: string): string | undefined;
  /** A file that is elsewhere, by the path that `elsewhere` gives. */
  readShown(path: string): Uint8Array | undefined;
}

interface InWork {
  readonly folder: string;
  readonly files: Files;
}

export function projectFiles(folder: string): ProjectFiles {
  const own = nodeFiles(folder);
  let known: ReadonlyMap<string, InWork> | undefined;
  const inWork = (path: string): { readonly work: InWork; readonly inside: string } | undefined => {
    if (!path.startsWith(`${PACKAGES}/`)) return undefined;
    known ??= packagesInWork(folder, own);
    const home = packageAround(`${path}/`)!;
    const work = known.get(home.slice(0, -1));
    return work && { work, inside: path.slice(home.length) };
  };
  return {
    read(path) {
      const found = inWork(path);
      return found ? found.work.files.read(found.inside) : own.read(path);
    },
    list(path) {
      const found = inWork(path);
      return found ? found.work.files.list(found.inside === "" ? "." : found.inside) : own.list(path);
    },
    elsewhere(path) {
      const found = inWork(path);
      return found && join(found.work.folder, found.inside);
    },
    readShown(path) {
      for (const work of known?.values() ?? [])
        if (path.startsWith(`${work.folder}${sep}`))
          return work.files.read(path.slice(work.folder.length + 1));
      return undefined;
    },
  };
}

function packagesInWork(folder: string, own: Files): ReadonlyMap<string, InWork> {
  const lock = parseLock(LOCK_FILE, own.read(LOCK_FILE) ?? "").lock;
  const found = new Map<string, InWork>();
  for (const line of lock.values()) {
    if (line.kind !== "package" || line.source.kind !== "path") continue;
    const where = join(folder, line.source.path);
    if (lookAt(where)?.isDirectory() === true)
      found.set(packageFolder(line.name), { folder: where, files: nodeFiles(where) });
  }
  return found;
}
