/** Which compiler this is: the digest of its own files and of the versions of what it runs. The same on every machine for the same files. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Sha256, Tool } from "#compiler";

export const nodeSha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The folder with `stdlib/` and `backends/` in it: this package's own. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "stdlib"))) {
    const up = dirname(folder);
    if (up === folder) throw new Error("BUG: the standard library is missing");
    folder = up;
  }
  return folder;
}

/** Files that decide what comes out: the bundle if this runs from it, else the sources. */
export function toolIdentity(): string {
  identity ??= identityOf();
  return identity;
}

let identity: string | undefined;

function identityOf(): string {
  const root = packageRoot();
  const bundled = !fileURLToPath(import.meta.url).endsWith(".ts");
  const folders = bundled ? ["dist"] : ["lang", "compiler", "backends"];
  const hash = createHash("sha256");
  for (const folder of folders)
    for (const path of filesBelow(join(root, folder), bundled ? ".js" : ".ts")) {
      hash.update(`${path.slice(root.length)}\0`);
      hash.update(createHash("sha256").update(readFileSync(path)).digest());
    }
  hash.update(JSON.stringify(manifest(root).dependencies));
  return `sha256:${hash.digest("hex")}`;
}

/** This version of `appl`, and those of the packages that decide what comes out. */
export const toolVersions = (): Record<string, string> =>
  Object.fromEntries(tools().map(({ name, version }) => [name, version]));

/** The compiler and the packages that decide what comes out, with their licences as SPDX calls them. */
export function tools(): readonly [Tool, ...Tool[]] {
  const { version, license, dependencies } = manifest(packageRoot());
  const packages = Object.entries(licences).map(([name, licence]) => ({
    name,
    version: dependencies[name]!,
    licence,
  }));
  return [{ name: "appl", version, licence: license }, ...packages];
}

const licences = { assemblyscript: "Apache-2.0", binaryen: "Apache-2.0" } as const;

/** With exact versions of what it depends on. */
function manifest(root: string): {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}

function filesBelow(folder: string, ending: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path, ending));
    else if (entry.name.endsWith(ending) && !entry.name.endsWith(`.test${ending}`)) found.push(path);
  }
  return found.toSorted((a, b) => (a < b ? -1 : 1));
}
