/** Files of this machine, below one folder and nowhere else. */
import { readFileSync, realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import type { Files } from "#lang";

/**
 * Paths are relative to `root`, or absolute. What lies outside of `root`, also behind a symbolic link, is not there: an image must not
 * depend on a file that does not belong to the project.
 */
export function nodeFiles(root: string): Files {
  const top = realpathSync(root);
  return {
    read(path) {
      try {
        const real = realpathSync(resolve(top, path));
        if (real !== top && !real.startsWith(top.endsWith(sep) ? top : top + sep)) return undefined;
        return readFileSync(real);
      } catch {
        return undefined;
      }
    },
  };
}
