/**
 * Who may import whom, besides its own files: the one table, checked by `npm run check`.
 * A key is a folder; the longest key that contains a file decides. `#name` is a folder's door, a trailing `/` allows
 * a relative import into that folder. A folder may import those inside of it, unless they have a door.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  lang: ["chevrotain", "@noble/hashes", "mrmime", "toml-eslint-parser", "yaml"],
  "lang/ide": ["lang/"],
  "compiler/codegen/wasm": [],
  "compiler/codegen/ssa": [],
  "compiler/codegen/frontend": ["compiler/codegen/wasm/", "compiler/codegen/ssa/"],
  "compiler/codegen/passes": ["compiler/codegen/ssa/"],
  "compiler/codegen/object": [],
  "compiler/codegen/regalloc": [],
  "compiler/codegen/isa": [
    "compiler/codegen/passes/",
    "compiler/codegen/regalloc/",
    "compiler/codegen/ssa/",
    "compiler/codegen/object/",
    "compiler/codegen/wasm/",
  ],
  "compiler/codegen": [],
  "compiler/image": ["#codegen"],
  "compiler/store": ["#lang", "@noble/hashes"],
  "compiler/resolve": ["#lang"],
  "compiler/assemble": ["#lang", "brotli", "cborg", "compiler/resolve/", "fflate"],
  "compiler/report-html": [
    "d3-hierarchy",
    "compiler/build/",
    "compiler/diff/",
    "compiler/store/",
    "compiler/why/",
  ],
  compiler: ["#lang", "#codegen", "cborg", "diff"],
  backends: ["#compiler", "#codegen", "#lang"],
  simulate: [],
  cli: [
    "@clack/prompts",
    "#lang",
    "#simulate",
    "#ide",
    "#compiler",
    "#codegen",
    "#backends",
    "node:",
    "@noble/curves",
    "@noble/hashes",
    "@serialport/bindings-cpp",
    "assemblyscript",
    "binaryen",
    "cac",
    "diff",
    "esptool-js",
    "modern-tar",
    "picocolors",
    "yocto-spinner",
    "vscode-languageserver",
    "vscode-languageserver-textdocument",
    "zod",
  ],
  "editors/vscode": ["vscode", "vscode-languageclient"],
  tools: ["*"],
  test: ["*"],
  bench: ["*"],
  examples: ["*"],
};

/** Tests and what only they use may import anything. */
export const isTest = (file: string): boolean =>
  /\.test\.ts$|\/(test|testing|test-modules)\/|\/test-[a-z-]+\.ts$/.test(file);

/** Folders of AssemblyScript: checked by their own rules (`asLayers`). */
export const asFolders = [
  "stdlib/",
  "backends/common/drivers/",
  "backends/esp32/drivers/",
  "backends/host/drivers/",
  "backends/kvm/drivers/",
  "backends/linux/drivers/",
  "backends/riscv/drivers/",
  "backends/simulate/drivers/",
  "backends/xen/drivers/",
] as const;

/**
 * What a module's AssemblyScript may import (drivers beside it what drivers of several backends share): its own folder (with the generated `./needs`, `./config`, `./parts`), `stdlib/core`,
 * and of another module only the abstract classes that its library's interfaces name (files directly in the library's folder).
 */
export const asShared = ["stdlib/core/"] as const;
export const asDriverShared = ["backends/common/drivers/"] as const;
