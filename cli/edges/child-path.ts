/** Where the files are that processes of their own are started with. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `asc-child`: beside this file in the sources; one or no folder up in the bundle. */
export function childPath(name: string): string {
  for (const place of [`./${name}.ts`, `./${name}.js`, `../${name}.js`]) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error(`BUG: the file of the process ${name} is missing`);
}

/** What Node needs for it besides: in the sources it is TypeScript. */
export const loaderOf = (path: string): string[] =>
  path.endsWith(".ts") ? ["--import", import.meta.resolve("tsx")] : [];
