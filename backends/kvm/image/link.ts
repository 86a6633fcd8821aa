/** Boot code, compiled code, constants and snapshot → one ELF file, and a map of where everything went. */
import { dataSection, type Linked, link, type Section, type Segment } from "#codegen";
import { type ElfNote, type FileSection, type MachineCode, type MapRow, writeElf } from "#compiler";
import { CONTENTS_NOTE } from "../../contents.ts";
import { withoutZeros, writable } from "../../native/data.ts";
import { fileSections } from "../../native/file-sections.ts";
import { functionSizes, snapshotPages } from "../../native/snapshot.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, PAGE, REGION, WINDOW } from "../boot/layout.ts";
import { runTable } from "./run-table.ts";

export interface ImageInput {
  readonly code: MachineCode;
  /** Linear memory after `prepare`; a multiple of 64 KiB. */
  readonly memory: Uint8Array;
  /** Values of the module's globals, in order. */
  readonly globals: readonly bigint[];
  /** Most pages of 64 KiB that memory may grow to. */
  readonly memoryLimit: number;
  /** Digest of what the image depends on, in hexadecimal. */
  readonly contents: string;
  /** Exports that are called after boot. */
  readonly calls: readonly string[];
}

export interface LinkedImage {
  readonly elf: Uint8Array;
  readonly map: readonly MapRow[];
  readonly sections: readonly FileSection[];
  /** Of compiled code, in the file. */
  readonly functions: readonly FileSection[];
  readonly symbols: ReadonlyMap<string, number>;
}

/** Xen, include/public/elfnote.h */
const XEN_ELFNOTE_PHYS32_ENTRY = 18;
const PAGE_64K = 65536;
/** What compiled code is called in maps. */
const PROGRAM = "program";
/** Loaders of images copy them, so the file has no gaps for the sake of pages. */
const FILE_ALIGN = 16;

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkImage(input: ImageInput): LinkedImage {
  const linked = settle(input);
  const address = (name: string) => linked.symbols.get(name)!;
  const elf = writeElf({
    entry: address("boot.entry_linux"),
    segments: linked.segments.flatMap((segment) => cutAt(segment, address("image.snapshot"))),
    notes: notes(address("boot.entry32"), input),
    align: FILE_ALIGN,
  });
  const map = memoryMap(linked, input);
  const sections = fileSections(elf, map);
  const program = sections.find(({ name }) => name === PROGRAM)!;
  const functions = input.code.functions.map(({ name, symbol, bytes }) => {
    const offset = program.offset + address(symbol) - address("image.compiled");
    return { name, offset, size: bytes };
  });
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
function settle(input: ImageInput): Linked {
  for (let regions = 2; ; ) {
    const linked = link(sections(input, regions), { base: IMAGE_BASE, pageSize: PAGE });
    const wanted = Math.ceil(linked.symbols.get("image.end")! / REGION);
    if (wanted === regions) return linked;
    regions = wanted;
  }
}

function sections(input: ImageInput, regions: number): Section[] {
  const { code, memory } = input;
  const own = [...code.code, ...code.data];
  const data = writable(own, input.globals);
  const { runs, pages, sparse } = snapshotPages(memory);
  const boot = bootSections({
    regions,
    memoryLimit: input.memoryLimit,
    memoryPages: memory.length / PAGE_64K,
    dataSize: data.frozen.size,
    calls: input.calls,
  });
  const mark = (name: string, access: "rx" | "r", align = 1) =>
    dataSection(name, access, align, new Uint8Array(0));
  const snapshot: Section = {
    ...dataSection("image.snapshot", "r", PAGE, withoutZeros(pages)),
    size: pages.length,
  };
  return [
    mark("image.begin", "rx"),
    ...boot.code,
    mark("image.compiled", "rx", 16),
    ...own.filter(({ access }) => access === "rx"),
    mark("image.compiled_end", "rx"),
    mark("image.constants", "r"),
    ...own.filter(({ access }) => access === "r"),
    data.frozen,
    runTable(runs),
    dataSection("image.sparse", "r", 1, sparse),
    functionSizes(code.code),
    ...(pages.length > 0 ? [snapshot] : [mark("image.snapshot", "r")]),
    data.live,
    ...boot.memory,
  ];
}

function notes(entry32: number, { contents }: ImageInput): ElfNote[] {
  const entry = new Uint8Array(8);
  new DataView(entry.buffer).setUint32(0, entry32, true);
  return [
    { name: "Xen", type: XEN_ELFNOTE_PHYS32_ENTRY, descriptor: entry },
    { ...CONTENTS_NOTE, descriptor: new TextEncoder().encode(contents.padEnd(64)) },
  ];
}

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap({ sections: placed, symbols }: Linked, { memory }: ImageInput): MapRow[] {
  const at = (name: string) => symbols.get(name)!;
  const row = (
    name: string,
    access: MapRow["access"],
    from: number,
    to: number,
    stored = to - from,
  ): MapRow => ({
    name,
    access,
    address: from,
    size: to - from,
    stored,
  });
  const snapshot = placed.find(({ section }) => section.name === "image.snapshot");
  const { size, stored } = { size: snapshot?.section.size ?? 0, stored: snapshot?.section.bytes.length ?? 0 };
  const snapshotAt = at("image.snapshot");
  const constantsEnd = at("image.functions") + sizeOf(placed, "image.functions");
  return [
    row("boot code", "rx", at("image.begin"), at("image.compiled")),
    row(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
    row("constants", "r", at("image.constants"), constantsEnd),
    row("snapshot", "r", snapshotAt, snapshotAt + size, stored),
    row("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    row("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    row("page tables", "rw", at("boot.root"), at("image.end"), 0),
    row("linear memory", "rw", Number(WINDOW), Number(WINDOW) + memory.length, 0),
  ];
}

const sizeOf = (placed: Linked["sections"], name: string): number =>
  placed.find(({ section }) => section.name === name)?.section.size ?? 0;
