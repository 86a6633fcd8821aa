/** The target `linux`: a static executable for x86-64 that speaks with the kernel itself, its network devices being taps. */
import type { ImageFile, ImageParts } from "#compiler";
import type { Backend } from "../index.ts";
import { linkImage } from "./image/link.ts";
import { isolate } from "./run.ts";

const PAGE_64K = 65_536;

export const linux: Backend = {
  name: "linux",
  libraries: ["backends/linux/linux.appl"],
  board: { library: "std/board/linux", name: "x86_64" },
  roots: ["std/core.Loop"],
  isa: "x86-64",
  image,
  isolate,
  // The one device that containers have.
  container: { architecture: "amd64", args: ["--interface", "eth0"] },
};

function image({ code, snapshot, contents, calls }: ImageParts): ImageFile {
  if (code === undefined) throw new Error("BUG: an image for linux without machine code");
  const memory = new Uint8Array(snapshot.pages * PAGE_64K);
  for (const { offset, bytes } of snapshot.segments) memory.set(bytes, offset);
  const { elf, map, sections, functions } = linkImage({
    code,
    memory,
    globals: snapshot.globals.map(({ value }) => value),
    contents,
    calls,
  });
  return { bytes: elf, extension: "linux", media: "application/x-elf", map, sections, functions };
}
