/** Files of this machine, below one folder and nowhere else. */
import { type Dirent, readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Entry, Files } from "#lang";

/**
 * Paths are relative to `root`, or absolute. What lies outside of `root`, also behind a symbolic link, is not there: an image must not
 * depend on a file that does not belong to the project.
 */
export function nodeFiles(root: string): Files {
  const top = realpathSync(root);
  const inside = (path: string): string | undefined => {
    const real = realpathSync(path);
    return real === top || real.startsWith(top.endsWith(sep) ? top : top + sep) ? real : undefined;
  };
  return {
    read(path) {
      try {
        const real = inside(resolve(top, path));
        // a pipe would never end
        return real !== undefined && statSync(real).isFile() ? readFileSync(real) : undefined;
      } catch {
        return undefined;
      }
    },
    list(path) {
      try {
        const folder = inside(resolve(top, path));
        if (folder === undefined) return undefined;
        return readdirSync(folder, { withFileTypes: true }).map((it) => entry(folder, it, inside));
      } catch {
        return undefined;
      }
    },
  };
}

function entry(folder: string, found: Dirent, inside: (path: string) => string | undefined): Entry {
  const { name } = found;
  try {
    const path = join(folder, name);
    const linked = found.isSymbolicLink();
    const real = linked ? inside(path) : path;
    if (real === undefined) return { name, kind: "lost", executable: false };
    const target = linked ? { target: relative(folder, real).replaceAll(sep, "/") } : {};
    return { name, ...whatIs(statSync(real)), ...target };
  } catch {
    return { name, kind: "lost", executable: false };
  }
}

function whatIs(found: Stats): Pick<Entry, "kind" | "executable"> {
  if (found.isFile()) return { kind: "file", executable: (found.mode & 0o100) !== 0 };
  return { kind: found.isDirectory() ? "folder" : "other", executable: false };
}
