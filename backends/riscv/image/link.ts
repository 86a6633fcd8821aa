/** Boot code, compiled code, constants and snapshot → one file in Linux's image format, and a map of where everything went. */
import { dataSection, type Linked, link, riscvHoles, type Section } from "#codegen";
import type { FileSection, MachineCode, MapRow } from "#compiler";
import { appendDigest } from "../../contents.ts";
import { withoutZeros, writable } from "../../native/data.ts";
import { functionSizes, type Run, snapshotPages } from "../../native/snapshot.ts";
import { IMAGE_SIZE_AT } from "../boot/entry.ts";
import type { Width } from "../boot/idioms.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, PAGE, WINDOW } from "../boot/layout.ts";
import { regionsTo } from "../boot/tables.ts";
import { type BareMachine, type Fence, SHIM_SIZE, shim } from "../firmware/shim.ts";

export interface ImageInput {
  readonly xlen: Width;
  /** The image brings its own firmware, for this machine. Without page tables, with 32 bits, it must. */
  readonly bare?: BareMachine | undefined;
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
  /** As it lies in memory, from the header on; at its end what it was made of. */
  readonly image: Uint8Array;
  readonly map: readonly MapRow[];
  readonly sections: readonly FileSection[];
  /** Of compiled code, in the file. */
  readonly functions: readonly FileSection[];
  readonly symbols: ReadonlyMap<string, number>;
}

const PAGE_64K = 65536;

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkImage(input: ImageInput): LinkedImage {
  const { xlen, bare } = input;
  const before = bare === undefined ? 0 : SHIM_SIZE;
  const base = baseOf(input);
  const linked = settle(input, base);
  const address = (name: string) => linked.symbols.get(name)!;
  const own = flatten(linked, base);
  if (xlen === 64)
    new DataView(own.buffer).setBigUint64(IMAGE_SIZE_AT, BigInt(address("image.end") - base), true);
  const flat = new Uint8Array(before + own.length);
  if (bare !== undefined)
    flat.set(shim({ xlen, machine: bare, fences: xlen === 64 ? [] : fencesOf(linked) }));
  flat.set(own, before);
  const start = base - before;
  const map = memoryMap(linked, input);
  const functions = input.code.functions.map(({ name, symbol, bytes }) => {
    return { name, offset: address(symbol) - start, size: bytes };
  });
  const image = appendDigest(flat, input.contents.padEnd(64));
  return { image, map, sections: fileSections(map, start, flat.length), functions, symbols: linked.symbols };
}

/** Where the image is linked: with page tables always there, else where it lies. */
function baseOf({ xlen, bare }: ImageInput): number {
  if (xlen === 64) return IMAGE_BASE;
  if (bare === undefined) throw new Error("BUG: an image of 32 bits for no machine");
  return bare.entry + SHIM_SIZE;
}

/** What page tables would say: code is executable and never written, constants neither, below the stack is nothing. */
function fencesOf({ symbols }: Linked): Fence[] {
  const end = (name: string) => symbols.get(name)!;
  return [
    { end: end("link.rx.end"), access: "rx" },
    { end: end("link.r.end"), access: "r" },
    { end: end("boot.guard"), access: "rw" },
    { end: end("boot.guard.end"), access: "" },
  ];
}

/** The image as it lies in memory, as far as it is not zero at the end. */
function flatten({ segments }: Linked, base: number): Uint8Array<ArrayBuffer> {
  const stored = segments.map(({ address, bytes }) => ({
    offset: address - base,
    bytes: withoutZeros(bytes),
  }));
  const flat = new Uint8Array(Math.max(...stored.map(({ offset, bytes }) => offset + bytes.length)));
  for (const { offset, bytes } of stored) if (bytes.length > 0) flat.set(bytes, offset);
  return flat;
}

/** Zeros at the end are not in the file. */
const fileSections = (map: readonly MapRow[], start: number, size: number): FileSection[] =>
  map
    .filter(({ stored }) => stored > 0)
    .map(({ name, address, stored }) => {
      const offset = address - start;
      return { name, offset, size: Math.min(stored, size - offset) };
    })
    .filter(({ size: left }) => left > 0);

/** How many page tables there are depends on where the image ends, and that on how many there are. */
function settle(input: ImageInput, base: number): Linked {
  for (let regions = 1; ; ) {
    const linked = link(sections(input, regions), { base, pageSize: PAGE, holes: riscvHoles });
    if (input.xlen === 32) return linked;
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
    xlen: input.xlen,
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
function memoryMap({ sections: placed, symbols }: Linked, { xlen, bare, memory }: ImageInput): MapRow[] {
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
  const linear = xlen === 64 ? Number(WINDOW) : at("boot.linear");
  return [
    ...(bare === undefined
      ? []
      : [row("machine mode", "rx", at("image.begin") - SHIM_SIZE, at("image.begin"))]),
    row("boot code", "rx", at("image.begin"), at("image.compiled")),
    row("program", "rx", at("image.compiled"), at("image.compiled_end")),
    row("constants", "r", at("image.constants"), end("image.functions")),
    row("snapshot", "r", at("image.snapshot"), end("image.snapshot")),
    row("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    row("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    ...(xlen === 64 ? [row("page tables", "rw", at("boot.root"), at("image.end"), 0)] : []),
    row("linear memory", "rw", linear, linear + memory.length, 0),
  ];
}
