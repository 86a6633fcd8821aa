/** Which descriptions are meant by the files and folders of a command line. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { inputError } from "./exit.ts";
import { hintForMissing } from "./hints.ts";
import { lookAt, reasonOf } from "./inputs.ts";

/** Files are taken whatever their names are; of folders all that ends in `.appl`, in the folders inside of them too. */
export function descriptionsOf(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const what = lookAt(path);
    if (what === undefined) throw inputError(`there is no file \`${path}\``, hintForMissing(path));
    for (const each of what.isDirectory() ? within(path) : [path]) found.add(each);
  }
  return [...found];
}

/** Not of hidden folders, and not of what was installed. Links to folders are not followed. */
function within(folder: string): readonly string[] {
  const skipped = (name: string) => name.startsWith(".") || name === "node_modules";
  try {
    return readdirSync(folder, { withFileTypes: true })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = folder === "." ? entry.name : join(folder, entry.name);
        if (entry.isDirectory()) return skipped(entry.name) ? [] : within(path);
        return entry.isFile() && entry.name.endsWith(".appl") ? [path] : [];
      });
  } catch (error) {
    throw inputError(`cannot read \`${folder}\`: ${reasonOf(error)}`);
  }
}
