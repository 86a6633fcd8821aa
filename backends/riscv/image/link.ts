/** Boot code, compiled code, constants and snapshot → one ELF file that is Linux's image format inside, and a map of where everything went. */
import { dataSection, type Linked, link, riscvHoles, type Section } from "#codegen";
import { elfMachines, type FileSection, type MachineCode, type MapRow, writeElf } from "#compiler";
import { CONTENTS_NOTE } from "../../contents.ts";
import { withoutZeros, writable } from "../../native/data.ts";
import { fileSections } from "../../native/file-sections.ts";
import { functionSizes, type Run, snapshotPages } from "../../native/snapshot.ts";
import { IMAGE_SIZE_AT } from "../boot/entry.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, IMAGE_PHYSICAL, PAGE, WINDOW } from "../boot/layout.ts";
import { regionsTo } from "../boot/tables.ts";

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
  /** The same as it lies in memory: what `booti` loads. */
  readonly flat: Uint8Array;
  readonly map: readonly MapRow[];
  readonly sections: readonly FileSection[];
  /** Of compiled code, in the file. */
  readonly functions: readonly FileSection[];
  readonly symbols: ReadonlyMap<string, number>;
}

const PAGE_64K = 65536;
/** What compiled code is called in maps. */
const PROGRAM = "program";
/** Loaders copy, so the file has no gaps for the sake of pages. */
const FILE_ALIGN = 16;

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkImage(input: ImageInput): LinkedImage {
  const linked = settle(input);
  const address = (name: string) => linked.symbols.get(name)!;
  const segments = linked.segments.map((segment) => ({
    ...segment,
    bytes: withoutZeros(segment.bytes),
    physical: segment.address - IMAGE_BASE + IMAGE_PHYSICAL,
  }));
  const first = segments[0]!.bytes;
  const size = BigInt(address("image.end") - IMAGE_BASE);
  new DataView(first.buffer, first.byteOffset).setBigUint64(IMAGE_SIZE_AT, size, true);
  const elf = writeElf({
    machine: elfMachines.rv64,
    entry: IMAGE_BASE,
    segments,
    notes: [{ ...CONTENTS_NOTE, descriptor: new TextEncoder().encode(input.contents.padEnd(64)) }],
    align: FILE_ALIGN,
  });
  const map = memoryMap(linked, input.memory.length);
  const sections = fileSections(elf, map);
  const program = sections.find(({ name }) => name === PROGRAM)!;
  const functions = input.code.functions.map(({ name, symbol, bytes }) => {
    const offset = program.offset + address(symbol) - address("image.compiled");
    return { name, offset, size: bytes };
  });
  return { elf, flat: flatten(segments), map, sections, functions, symbols: linked.symbols };
}

function flatten(segments: readonly { readonly address: number; readonly bytes: Uint8Array }[]): Uint8Array {
  const stored = segments.filter(({ bytes }) => bytes.length > 0);
  const end = Math.max(...stored.map(({ address, bytes }) => address - IMAGE_BASE + bytes.length));
  const flat = new Uint8Array(end);
  for (const { address, bytes } of stored) flat.set(bytes, address - IMAGE_BASE);
  return flat;
}

/** How many page tables there are depends on where the image ends, and that on how many there are. */
function settle(input: ImageInput): Linked {
  for (let regions = 1; ; ) {
    const linked = link(sections(input, regions), { base: IMAGE_BASE, pageSize: PAGE, holes: riscvHoles });
    const wanted = regionsTo(linked.symbols.get("image.end")!);
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
  return [
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
    ...(pages.length > 0 ? [dataSection("image.snapshot", "r", PAGE, pages)] : [mark("image.snapshot", "r")]),
    data.live,
    ...boot.memory,
  ];
}

/** What `boot.origin` reads: first, end, place among the stored ones of the first, 4 bytes each; an end of 0 ends the table. */
function runTable(runs: readonly Run[]): Section {
  const bytes = new Uint8Array(12 * (runs.length + 1));
  const view = new DataView(bytes.buffer);
  runs.forEach(({ first, end, index }, n) => {
    [first, end, index].forEach((value, m) => {
      view.setUint32(12 * n + 4 * m, value, true);
    });
  });
  return dataSection("image.runs", "r", 4, bytes);
}

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap({ sections: placed, symbols }: Linked, memory: number): MapRow[] {
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
  const end = (name: string) =>
    at(name) + (placed.find(({ section }) => section.name === name)?.section.size ?? 0);
  return [
    row("boot code", "rx", at("image.begin"), at("image.compiled")),
    row(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
    row("constants", "r", at("image.constants"), end("image.functions")),
    row("snapshot", "r", at("image.snapshot"), end("image.snapshot")),
    row("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    row("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    row("page tables", "rw", at("boot.root"), at("image.end"), 0),
    row("linear memory", "rw", Number(WINDOW), Number(WINDOW) + memory, 0),
  ];
}
