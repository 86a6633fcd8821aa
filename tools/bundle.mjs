// Bundles the `appl` command into dist/: one start-up file, the rest in chunks that are read when they are needed.
// AssemblyScript and Binaryen stay packages: they are large and run in processes of their own.
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
const children = readdirSync("cli/edges").filter((name) => name.endsWith("-child.ts"));
await build({
  entryPoints: [
    { in: "cli/main.ts", out: "appl" },
    ...children.map((name) => ({ in: `cli/edges/${name}`, out: name.replace(/\.ts$/, "") })),
  ],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // its entry for Node is of the older kind of modules
  alias: { yaml: "./node_modules/yaml/browser/index.js" },
  external: ["assemblyscript", "assemblyscript/*", "binaryen"],
  chunkNames: "chunks/[name]-[hash]",
  banner: {
    // Packages in CommonJS (the language server protocol's) ask for modules of Node by `require`.
    js: '#!/usr/bin/env node\nimport { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
  legalComments: "none",
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
});
execFileSync(process.execPath, ["dist/library-trees-child.js"], { stdio: "inherit" });
