/** The target `riscv`: machines of RV64 that start supervisor code through SBI, with a device tree. */
import type { ImageFile, ImageParts } from "#compiler";
import type { Backend } from "../index.ts";
import { linkImage } from "./image/link.ts";
import { machines, run } from "./run.ts";

const PAGE_64K = 65_536;

export const riscv: Backend = {
  name: "riscv",
  libraries: ["backends/riscv/riscv.appl"],
  board: { library: "std/board/riscv", name: "virt" },
  roots: ["std/core.Loop"],
  isa: "rv64",
  image,
  run,
  machines,
};

function image({ code, snapshot, contents, calls }: ImageParts): ImageFile {
  if (code === undefined) throw new Error("BUG: an image for riscv without machine code");
  const memory = new Uint8Array(snapshot.pages * PAGE_64K);
  for (const { offset, bytes } of snapshot.segments) memory.set(bytes, offset);
  const {
    image: bytes,
    map,
    sections,
    functions,
  } = linkImage({
    code,
    memory,
    globals: snapshot.globals.map(({ value }) => value),
    memoryLimit: snapshot.pages,
    contents,
    calls,
  });
  return { bytes, extension: "img", media: "application/octet-stream", map, sections, functions };
}
