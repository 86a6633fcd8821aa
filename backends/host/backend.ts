/** The `host` target: an image is one WebAssembly module, its prepared memory inside, run by Node. */
import { embedSnapshot, wasmFunctions, wasmSections } from "#compiler";
import { appendContents } from "../contents.ts";
import type { Backend } from "../index.ts";

export const host: Backend = {
  name: "host",
  libraries: ["backends/host/host.appl"],
  board: { library: "std/board/host", name: "node" },
  roots: [],
  isa: undefined,
  image: ({ runtime, snapshot, contents }) => {
    const bytes = appendContents(embedSnapshot(runtime, snapshot), contents);
    return {
      bytes,
      extension: "wasm",
      media: "application/wasm",
      map: [],
      sections: wasmSections(bytes),
      functions: wasmFunctions(bytes),
    };
  },
};
