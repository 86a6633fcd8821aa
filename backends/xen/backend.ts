/** The target `xen`: PVH guests on x86-64. */
import type { ImageFile, ImageParts } from "#compiler";
import type { Backend } from "../index.ts";
import { programInput } from "../native/program.ts";
import { linkImage } from "../x86/image/link.ts";
import { platform } from "./boot/platform.ts";
import { launchers } from "./launchers.ts";
import { run } from "./run.ts";

export const xen: Backend = {
  name: "xen",
  libraries: ["backends/xen/xen.appl"],
  board: { library: "std/board/xen", name: "pvh" },
  roots: ["std/core.Loop"],
  isa: "x86-64",
  image,
  run,
  launchers,
};

function image(parts: ImageParts): ImageFile {
  const { elf, map, sections, functions } = linkImage(platform, programInput(parts));
  return { bytes: elf, extension: "xen", media: "application/x-elf", map, sections, functions };
}
