/** The `host` target: an image is one WebAssembly module, its prepared memory inside, run by Node. */
import type { Backend } from "../index.ts";
import { wasmImage } from "../wasm-image.ts";

export const host: Backend = {
  name: "host",
  libraries: ["backends/host/host.appl"],
  board: { library: "std/board/host", name: "node" },
  roots: [],
  isa: undefined,
  image: wasmImage,
};
