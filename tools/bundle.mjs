// Bundles the `appl` command into dist/: the start-up file, the program as one script, and what V8 compiles of it.
// The children that the command starts are modules that share chunks. AssemblyScript and Binaryen stay packages: they are large and run in processes of their own.
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
const common = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  // its entry for Node is of the older kind of modules
  alias: { yaml: "./node_modules/yaml/browser/index.js" },
  external: ["assemblyscript", "assemblyscript/*", "binaryen"],
  legalComments: "none",
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
};
await build({
  ...common,
  entryPoints: [{ in: "cli/main.ts", out: "program" }],
  format: "cjs",
  // `BundledProgram` calls it. `import.meta` is that of the start-up file.
  banner: { js: '(function(require,module,meta){"use strict";' },
  footer: { js: "return module.exports})" },
  define: { "import.meta": "meta" },
});
// It is read a byte for a character, and esbuild leaves regular expressions and tagged templates as they are.
const escaped = readFileSync("dist/program.js", "utf8").replace(
  /[^\0-\x7f]/g,
  (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
);
writeFileSync("dist/program.js", escaped);
await build({
  ...common,
  entryPoints: [{ in: "cli/start.ts", out: "appl" }],
  format: "esm",
  banner: { js: "#!/usr/bin/env node" },
});
// Npm does it only when it installs.
chmodSync("dist/appl.js", 0o755);
const children = readdirSync("cli/edges").filter((name) => name.endsWith("-child.ts"));
await build({
  ...common,
  entryPoints: children.map((name) => ({ in: `cli/edges/${name}`, out: name.replace(/\.ts$/, "") })),
  splitting: true,
  format: "esm",
  chunkNames: "chunks/[name]-[hash]",
  banner: {
    // Packages in CommonJS ask for modules of Node by `require`.
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
});
for (const last of ["library-trees", "compile"])
  execFileSync(process.execPath, [`dist/${last}-child.js`], { stdio: "inherit" });
