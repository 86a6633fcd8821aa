/** Boot code, compiled code, constants and snapshot → one ELF file, and a map of where everything went. */
import { dataSection, type Linked, link, type Section, type Segment } from "#codegen";
import { type ElfNote, type MapRow, writeElf } from "#compiler";
import { CONTENTS_NOTE } from "../../contents.ts";
import { withoutZeros } from "../../native/data.ts";
import { fileSections } from "../../native/file-sections.ts";
import {
  type Content,
  contentOf,
  functionsIn,
  type GrowingInput,
  imageSections,
  type LinkedProgram,
  mapRow,
  mark,
  PAGE_64K,
  PROGRAM,
  placedSection,
} from "../../native/program.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, PAGE, REGION, WINDOW } from "../boot/layout.ts";
import type { Platform } from "../boot/platform.ts";
import { runTable } from "./run-table.ts";

export interface LinkedImage extends LinkedProgram {
  readonly elf: Uint8Array;
}

/** Xen, include/public/elfnote.h */
const XEN_ELFNOTE_PHYS32_ENTRY = 18;
/** Loaders of images copy them, so the file has no gaps for the sake of pages. */
const FILE_ALIGN = 16;

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkImage(platform: Platform, input: GrowingInput): LinkedImage {
  const linked = settle(platform, input);
  const address = (name: string) => linked.symbols.get(name)!;
  const elf = writeElf({
    entry: address(platform.entry),
    segments: linked.segments.flatMap((segment) => cutAt(segment, address("image.snapshot"))),
    notes: notes(address("boot.entry32"), input),
    align: FILE_ALIGN,
  });
  const map = memoryMap(linked, input);
  const sections = fileSections(elf, map);
  const functions = functionsIn(sections, input.code, linked.symbols);
  return { elf, map, sections, functions, symbols: linked.symbols };
}

/** Two segments, so that what is between the constants and the snapshot's first page is not in the file. */
function cutAt(segment: Segment, address: number): Segment[] {
  const { access, address: start, bytes, size } = segment;
  const at = address - start;
  if (at <= 0 || at >= size) return [segment];
  return [
    { access, address: start, bytes: withoutZeros(bytes.subarray(0, at)), size: at },
    { access, address, bytes: bytes.subarray(at), size: size - at },
  ];
}

/** How many page tables there are depends on where the image ends, and that on how many there are. */
function settle(platform: Platform, input: GrowingInput): Linked {
  const content = contentOf(input);
  for (let regions = 2; ; ) {
    const linked = link(sections(platform, input, content, regions), { base: IMAGE_BASE, pageSize: PAGE });
    const wanted = Math.ceil(linked.symbols.get("image.end")! / REGION);
    if (wanted === regions) return linked;
    regions = wanted;
  }
}

function sections(platform: Platform, input: GrowingInput, content: Content, regions: number): Section[] {
  const { runs, pages } = content.snapshot;
  const boot = bootSections(platform, {
    regions,
    memoryLimit: input.memoryLimit,
    memoryPages: input.memory.length / PAGE_64K,
    frozenSize: content.data.frozen.size,
    calls: input.calls,
  });
  const snapshot: Section = {
    ...dataSection("image.snapshot", "r", PAGE, withoutZeros(pages)),
    size: pages.length,
  };
  return [
    mark("image.begin", "rx"),
    ...imageSections(input, content, boot, { runs: runTable(runs), pages: snapshot }),
  ];
}

function notes(entry32: number, { contents }: GrowingInput): ElfNote[] {
  const entry = new Uint8Array(8);
  new DataView(entry.buffer).setUint32(0, entry32, true);
  return [
    { name: "Xen", type: XEN_ELFNOTE_PHYS32_ENTRY, descriptor: entry },
    { ...CONTENTS_NOTE, descriptor: new TextEncoder().encode(contents.padEnd(64)) },
  ];
}

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap(linked: Linked, { memory }: GrowingInput): MapRow[] {
  const at = (name: string) => linked.symbols.get(name)!;
  const { size, stored } = placedSection(linked, "image.snapshot");
  const snapshotAt = at("image.snapshot");
  const constantsEnd = at("image.functions") + placedSection(linked, "image.functions").size;
  return [
    mapRow("boot code", "rx", at("image.begin"), at("image.compiled")),
    mapRow(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
    mapRow("constants", "r", at("image.constants"), constantsEnd),
    mapRow("snapshot", "r", snapshotAt, snapshotAt + size, stored),
    mapRow("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    mapRow("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    mapRow("page tables", "rw", at("boot.root"), at("image.end"), 0),
    mapRow("linear memory", "rw", Number(WINDOW), Number(WINDOW) + memory.length, 0),
  ];
}
