/**
 * The simulator in the place of a machine: an image is one WebAssembly module with the whole network stack in it, run by `simulate/machine.ts`. It is no
 * target of its own: any target of a description is built for it instead, with that target's board and settings.
 */
import type { ImageMaker } from "#compiler";
import { wasmImage } from "../wasm-image.ts";

export const simulated = ({ name, board }: Pick<ImageMaker, "name" | "board">): ImageMaker => ({
  name,
  board,
  libraries: ["backends/simulate/simulate.appl"],
  roots: [],
  isa: undefined,
  image: wasmImage,
});
