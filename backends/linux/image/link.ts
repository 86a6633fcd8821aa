/** Boot code, compiled code, constants and snapshot → one ELF file that Linux starts, and a map of where everything went. */
import { dataSection, type Linked, link, type Section } from "#codegen";
import { type ElfSegment, type FileSection, type MachineCode, type MapRow, writeElf } from "#compiler";
import { CONTENTS_NOTE } from "../../contents.ts";
import { withoutZeros, writable } from "../../native/data.ts";
import { fileSections } from "../../native/file-sections.ts";
import { functionSizes, PAGE, snapshotPages } from "../../native/snapshot.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, WINDOW } from "../boot/layout.ts";
import { mergedRuns } from "./runs.ts";

export interface ImageInput {
  readonly code: MachineCode;
  /** Linear memory after `prepare`; a multiple of 64 KiB. */
  readonly memory: Uint8Array;
  /** Values of the module's globals, in order. */
  readonly globals: readonly bigint[];
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

const PAGE_64K = 65_536;
/** What compiled code is called in maps. */
const PROGRAM = "program";

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkImage(input: ImageInput): LinkedImage {
  const { code, memory, contents } = input;
  const { runs, sparse } = snapshotPages(memory);
  const mapped = mergedRuns(runs);
  const linked = link(sections(input, mapped, sparse), { base: IMAGE_BASE, pageSize: PAGE });
  const address = (name: string) => linked.symbols.get(name)!;
  const snapshot = mapped.map(({ first, end }): ElfSegment => {
    const bytes = memory.subarray(first * PAGE, end * PAGE);
    return { access: "rw", address: Number(WINDOW) + first * PAGE, bytes, size: bytes.length };
  });
  const elf = writeElf({
    entry: address("boot.start"),
    segments: [
      ...linked.segments.map((segment) => ({ ...segment, bytes: withoutZeros(segment.bytes) })),
      ...snapshot,
    ],
    notes: [{ ...CONTENTS_NOTE, descriptor: new TextEncoder().encode(contents.padEnd(64)) }],
  });
  const map = memoryMap(linked, memory.length, snapshot);
  const placed = fileSections(elf, map);
  const program = placed.find(({ name }) => name === PROGRAM)!;
  const functions = code.functions.map(({ name, symbol, bytes }) => {
    const offset = program.offset + address(symbol) - address("image.compiled");
    return { name, offset, size: bytes };
  });
  return { elf, map, sections: placed, functions, symbols: linked.symbols };
}

function sections(input: ImageInput, runs: ReturnType<typeof mergedRuns>, sparse: Uint8Array): Section[] {
  const { code, memory } = input;
  const own = [...code.code, ...code.data];
  const data = writable(own, input.globals);
  const boot = bootSections({
    runs,
    memoryPages: memory.length / PAGE_64K,
    dataSize: data.frozen.size,
    calls: input.calls,
    needsLink: code.undefinedSymbols.has("system.receive"),
  });
  const mark = (name: string, access: "rx" | "r", align = 1) =>
    dataSection(name, access, align, new Uint8Array(0));
  return [
    mark("image.begin", "rx"),
    ...boot.code,
    mark("image.compiled", "rx", 16),
    ...own.filter(({ access }) => access === "rx"),
    mark("image.compiled_end", "rx"),
    mark("image.constants", "r"),
    ...own.filter(({ access }) => access === "r"),
    data.frozen,
    dataSection("image.sparse", "r", 1, sparse),
    functionSizes(code.code),
    ...boot.constants,
    mark("image.constants_end", "r"),
    data.live,
    ...boot.memory,
  ];
}

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap({ symbols }: Linked, memory: number, snapshot: readonly ElfSegment[]): MapRow[] {
  const at = (name: string) => symbols.get(name)!;
  const row = (name: string, access: MapRow["access"], from: number, to: number, stored: number): MapRow => ({
    name,
    access,
    address: from,
    size: to - from,
    stored,
  });
  const stored = (name: string, access: MapRow["access"], from: string, to: string) =>
    row(name, access, at(from), at(to), at(to) - at(from));
  const window = Number(WINDOW);
  return [
    stored("boot code", "rx", "image.begin", "image.compiled"),
    stored(PROGRAM, "rx", "image.compiled", "image.compiled_end"),
    stored("constants", "r", "image.constants", "image.constants_end"),
    row("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    row("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    row("stack of signals", "rw", at("boot.signal_stack"), at("image.end"), 0),
    ...memoryRows(window, memory, snapshot).map(([name, from, to, bytes]) =>
      row(name, "rw", from, to, bytes),
    ),
  ];
}

/** Linear memory: what of it is in the file, and what is between that. */
function memoryRows(
  window: number,
  size: number,
  snapshot: readonly ElfSegment[],
): [name: string, from: number, to: number, stored: number][] {
  const rows: [string, number, number, number][] = [];
  let at = window;
  const gap = (to: number) => {
    if (to > at) rows.push(["linear memory", at, to, 0]);
  };
  for (const { address, bytes } of snapshot) {
    gap(address);
    at = address + bytes.length;
    rows.push(["snapshot", address, at, bytes.length]);
  }
  gap(window + size);
  return rows;
}
