/** The target `kvm`: x86-64 virtual machines with virtio devices, started by PVH, multiboot2 or Linux's 64-bit protocol. */
import type { ImageFile, ImageParts } from "#compiler";
import type { Backend } from "../index.ts";
import { programInput } from "../native/program.ts";
import { linkImage } from "../x86/image/link.ts";
import { platform } from "./boot/platform.ts";
import { run } from "./run.ts";

export const kvm: Backend = {
  name: "kvm",
  libraries: ["backends/kvm/kvm.appl"],
  board: { library: "std/board/qemu", name: "x86_64" },
  roots: ["std/core.Loop"],
  isa: "x86-64",
  image,
  run,
  machines: ["microvm", "q35", "pc"],
};

function image(parts: ImageParts): ImageFile {
  const { elf, map, sections, functions } = linkImage(platform, programInput(parts));
  return { bytes: elf, extension: "elf", media: "application/x-elf", map, sections, functions };
}
