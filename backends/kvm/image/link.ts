/** Boot code, compiled code, constants and snapshot → one ELF file, and a map of where everything went. */
import { type CompiledModule, dataSection, type Linked, link, type Section, zeroSection } from "#codegen";
import { type ElfNote, writeElf } from "../../../compiler/image/elf.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, PAGE, REGION, WINDOW } from "../boot/layout.ts";
import { functionSizes, runTable, snapshotPages } from "./snapshot.ts";

export interface ImageInput {
  readonly compiled: CompiledModule;
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

export interface MapRow {
  readonly name: string;
  readonly access: "rx" | "r" | "rw";
  readonly address: number;
  readonly size: number;
  /** How many bytes of it are in the file. */
  readonly stored: number;
}

export interface LinkedImage {
  readonly elf: Uint8Array;
  readonly map: readonly MapRow[];
  readonly symbols: ReadonlyMap<string, number>;
}

/** Xen, include/public/elfnote.h */
const XEN_ELFNOTE_PHYS32_ENTRY = 18;
export const CONTENTS_NOTE = { name: "appl", type: 1 } as const;
const PAGE_64K = 65536;
/** ELF header, three segments, and the notes: PVH's 24 bytes and ours of 84. Kept free at the beginning, so that file offsets are addresses. */
const HEADER_SIZE = 64 + 4 * 56 + 24 + 84;

export function linkImage(input: ImageInput): LinkedImage {
  const { linked, hole } = settle(input);
  const address = (name: string) => linked.symbols.get(name)!;
  const cut: Readonly<Record<string, number>> = { rx: HEADER_SIZE, r: hole, rw: 0 };
  const segments = linked.segments.map(({ access, address: at, bytes, size }) => {
    const skip = cut[access]!;
    return { access, address: at + skip, bytes: bytes.subarray(skip), size: size - skip };
  });
  const elf = writeElf({
    entry: address("boot.entry_linux"),
    segments,
    notes: notes(address("boot.entry32"), input),
  });
  return { elf, map: memoryMap(linked, input), symbols: linked.symbols };
}

/**
 * Sizes depend on each other: how many page tables there are on where the image ends, how far constants are moved within their first page (so
 * that the file has no gap before them) on where code ends.
 */
function settle(input: ImageInput): { linked: Linked; hole: number } {
  let hole = 0;
  let regions = 2;
  for (let round = 0; round < 8; round++) {
    const linked = link(sections(input, regions, hole), { base: IMAGE_BASE, pageSize: PAGE });
    const code = linked.segments.find(({ access }) => access === "rx")!;
    const wantedHole = (code.address + code.bytes.length) % PAGE;
    const wantedRegions = Math.ceil(linked.symbols.get("image.end")! / REGION);
    if (wantedHole === hole && wantedRegions === regions) return { linked, hole };
    hole = wantedHole;
    regions = wantedRegions;
  }
  throw new Error("BUG: the image's layout does not settle");
}

function sections(input: ImageInput, regions: number, hole: number): Section[] {
  const { compiled, memory } = input;
  const own = [...compiled.code, ...compiled.data];
  const data = writable(own, input.globals);
  const { runs, pages } = snapshotPages(memory);
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
    dataSection("image.begin", "rx", 1, new Uint8Array(HEADER_SIZE)),
    ...boot.code,
    mark("image.compiled", "rx", 16),
    ...own.filter(({ access }) => access === "rx"),
    mark("image.compiled_end", "rx"),
    dataSection("image.hole", "r", 1, new Uint8Array(hole)),
    ...own.filter(({ access }) => access === "r"),
    data.frozen,
    runTable(runs),
    functionSizes(compiled.code),
    ...(pages.length > 0 ? [snapshot] : [mark("image.snapshot", "r")]),
    data.live,
    ...boot.memory,
  ];
}

/** All writable data of compiled code as one piece that is zero in the file, and its first content as a constant: what a restart copies again. */
function writable(own: readonly Section[], globals: readonly bigint[]): { frozen: Section; live: Section } {
  const mine = own.filter(({ access }) => access === "rw");
  let size = 0;
  const places = mine.map((section) => {
    const at = Math.ceil(size / section.align) * section.align;
    size = at + section.size;
    return { section, at };
  });
  const bytes = new Uint8Array(Math.ceil(size / 8) * 8);
  for (const { section, at } of places)
    bytes.set(section.name === "wasm.globals" ? globalBytes(globals) : section.bytes, at);
  const align = Math.max(8, ...mine.map((section) => section.align));
  const relocations = places.flatMap(({ section, at }) =>
    section.relocations.map((relocation) => ({ ...relocation, offset: at + relocation.offset })),
  );
  const names = places.flatMap(({ section, at }) =>
    section.symbols.map(({ name, offset }) => ({ name, offset: at + offset })),
  );
  const start = { name: "image.data", offset: 0 };
  return {
    frozen: dataSection("image.frozen", "r", 8, bytes, undefined, relocations),
    live: zeroSection("image.data", align, Math.max(8, bytes.length), [start, ...names]),
  };
}

function globalBytes(globals: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * globals.length));
  globals.forEach((value, n) => {
    view.setBigUint64(8 * n, BigInt.asUintN(64, value), true);
  });
  return new Uint8Array(view.buffer);
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
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
function memoryMap({ sections: placed, symbols }: Linked, { memory, compiled }: ImageInput): MapRow[] {
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
  const constants =
    at("image.hole") + (placed.find(({ section }) => section.name === "image.hole")?.section.size ?? 0);
  const constantsEnd = at("image.functions") + sizeOf(placed, "image.functions");
  return [
    row("headers", "rx", at("image.begin"), at("image.begin") + HEADER_SIZE),
    row("boot code", "rx", at("image.begin") + HEADER_SIZE, at("image.compiled")),
    row("program", "rx", at("image.compiled"), at("image.compiled_end")),
    row("constants", "r", constants, constantsEnd),
    row("snapshot", "r", snapshotAt, snapshotAt + size, stored),
    row("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    row("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    row("page tables", "rw", at("boot.root"), at("image.end"), 0),
    row(
      `linear memory (${compiled.module.memories.length === 0 ? "none" : "copy on write"})`,
      "rw",
      Number(WINDOW),
      Number(WINDOW) + memory.length,
      0,
    ),
  ];
}

const sizeOf = (placed: Linked["sections"], name: string): number =>
  placed.find(({ section }) => section.name === name)?.section.size ?? 0;
