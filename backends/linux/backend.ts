/** The target `linux`: a static executable for x86-64 that speaks with the kernel itself, its network devices being taps. */
import type { ImageFile, ImageParts } from "#compiler";
import type { Backend } from "../index.ts";
import { programInput } from "../native/program.ts";
import { linkImage } from "./image/link.ts";
import { isolate } from "./run.ts";

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

function image(parts: ImageParts): ImageFile {
  const { elf, map, sections, functions } = linkImage(programInput(parts));
  return { bytes: elf, extension: "linux", media: "application/x-elf", map, sections, functions };
}
