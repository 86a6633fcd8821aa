/** What `npm run build` runs last: writes the trees of the libraries into the bundle. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { keptTree } from "#lang";
import { libraryFiles } from "./library-files.ts";
import { TREES } from "./library-trees.ts";
import { packageRoot } from "./tool.ts";

const root = packageRoot();
for (const path of libraryFiles(root)) {
  const tree = keptTree(path, readFileSync(join(root, path)));
  if (tree === undefined) continue;
  const file = join(root, TREES, `${path}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, tree);
}
