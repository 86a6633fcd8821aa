/** The target `kvm`: x86-64 virtual machines with virtio devices, started by PVH, multiboot2 or Linux's 64-bit protocol. */
import type { ImageFile, ImageParts } from "#compiler";
import type { Backend } from "../index.ts";
import { linkImage } from "./image/link.ts";
import { run } from "./run.ts";

const PAGE_64K = 65_536;

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

function image({ code, snapshot, contents, calls }: ImageParts): ImageFile {
  if (code === undefined) throw new Error("BUG: an image for kvm without machine code");
  const memory = new Uint8Array(snapshot.pages * PAGE_64K);
  for (const { offset, bytes } of snapshot.segments) memory.set(bytes, offset);
  const { elf, map, sections, functions } = linkImage({
    code,
    memory,
    globals: snapshot.globals.map(({ value }) => value),
    memoryLimit: snapshot.pages,
    contents,
    calls,
  });
  return { bytes: elf, extension: "elf", media: "application/x-elf", map, sections, functions };
}
