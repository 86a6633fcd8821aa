/** Files of the disk for the pure parts: the user's below the folder of the description, the library's below the package. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Files } from "#lang";

/** Files below `root`, by paths with `/`. What leads out of it, also by a link, is not there. */
export class FolderFiles implements Files {
  readonly #root: string;

  constructor(root: string) {
    this.#root = realpathSync(root);
  }

  read(path: string): Uint8Array | undefined {
    try {
      const full = realpathSync(resolve(this.#root, path));
      const inside = relative(this.#root, full);
      if (inside === "" || inside.startsWith(`..${sep}`) || inside === ".." || !statSync(full).isFile())
        return undefined;
      return readFileSync(full);
    } catch {
      return undefined;
    }
  }
}

/** The folder with `stdlib` and `backends`: two above this file, or one above the bundle. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (statSync(join(folder, "stdlib"), { throwIfNoEntry: false }) === undefined) {
    const above = dirname(folder);
    if (above === folder) throw new Error("BUG: the standard library is not beside the command");
    folder = above;
  }
  return folder;
}
