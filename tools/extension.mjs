// Bundles the client of the VS Code extension and packages it: `node tools/extension.mjs` writes dist/appl.vsix. Needs no network.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";

const out = resolve(process.argv[2] ?? "dist/appl.vsix");
const folder = resolve(import.meta.dirname, "../editors/vscode");

await build({
  entryPoints: [`${folder}/extension.ts`],
  outfile: `${folder}/dist/extension.cjs`,
  bundle: true,
  minify: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  legalComments: "none",
  logLevel: "warning",
});
mkdirSync(resolve(out, ".."), { recursive: true });
await createVSIX({ cwd: folder, packagePath: out, dependencies: false, allowMissingRepository: true });
