/** The trees of the libraries, which a bundle brings along. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KeptTrees, type Request } from "#lang";
import { packageRoot } from "./tool.ts";

/** Below the package. Its files are named for the libraries': `stdlib/dns/dns.appl.json`. */
export const TREES = "dist/trees";

/** The program from sources has none, and parses. */
export function libraryTrees(): Request["parsed"] {
  if (fileURLToPath(import.meta.url).endsWith(".ts")) return undefined;
  const root = packageRoot();
  return new KeptTrees((path) => {
    if (!/^(?:stdlib|backends)\//.test(path)) return undefined;
    try {
      return readFileSync(join(root, TREES, `${path}.json`), "utf8");
    } catch {
      return undefined; // a library of somebody who added one
    }
  });
}
