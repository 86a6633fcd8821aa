/** An image that is one WebAssembly module: the run-time program with its prepared memory inside. */
import { embedSnapshot, type ImageFile, type ImageParts, wasmFunctions, wasmSections } from "#compiler";
import { appendContents } from "./contents.ts";

export function wasmImage({ runtime, snapshot, contents }: ImageParts): ImageFile {
  const bytes = appendContents(embedSnapshot(runtime, snapshot), contents);
  return {
    bytes,
    extension: "wasm",
    media: "application/wasm",
    map: [],
    sections: wasmSections(bytes),
    functions: wasmFunctions(bytes),
  };
}
