/** Where the files are that processes and threads of their own are started with. */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

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

/** A thread of its own. Threads take no `--import`, so in the sources it calls the translator itself. */
export function workerOf(name: string, workerData: unknown): Worker {
  const path = childPath(name);
  if (!path.endsWith(".ts")) return new Worker(path, { workerData, execArgv: [] });
  const [translator, file] = [import.meta.resolve("tsx/esm/api"), pathToFileURL(path).href];
  const script = `import("${translator}").then(({ register }) => { register(); return import("${file}"); })`;
  return new Worker(script, { eval: true, workerData, execArgv: [] });
}
