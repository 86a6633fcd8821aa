/** What every image with machine code is linked from, how compiled code lies in it, and what is told of it. */
import { dataSection, type Linked, type Section } from "#codegen";
import type { FileSection, ImageParts, MachineCode, MapRow } from "#compiler";
import { type Writable, writable } from "./data.ts";
import { functionSizes, runTable, type SnapshotPages, snapshotPages } from "./snapshot.ts";

export const PAGE_64K = 65_536;
/** What compiled code is called in maps. */
export const PROGRAM = "program";

export interface ProgramInput {
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

/** For machines whose boot code makes the window of linear memory. */
export interface GrowingInput extends ProgramInput {
  /** Most pages of 64 KiB that memory may grow to. */
  readonly memoryLimit: number;
}

export interface LinkedProgram {
  readonly map: readonly MapRow[];
  readonly sections: readonly FileSection[];
  /** Of compiled code, in the file. */
  readonly functions: readonly FileSection[];
  readonly symbols: ReadonlyMap<string, number>;
}

/** Bytes of linear memory in an image: if it does not grow, up to `limit` pages of 64 KiB, it ends where it is not used. */
export const roomFor = (bytes: number, limit: number): number =>
  Math.ceil(bytes / PAGE_64K) < limit ? limit * PAGE_64K : bytes;

/** Out of a build. */
export function programInput({ code, snapshot, contents, calls }: ImageParts): GrowingInput {
  if (code === undefined) throw new Error("BUG: an image without machine code");
  const memory = new Uint8Array(snapshot.pages * PAGE_64K);
  for (const { offset, bytes } of snapshot.segments) memory.set(bytes, offset);
  const globals = snapshot.globals.map(({ value }) => value);
  return { code, memory, globals, memoryLimit: snapshot.pages, contents, calls };
}

/** What of an image does not depend on where it lies. */
export interface Content {
  readonly data: Writable;
  readonly snapshot: SnapshotPages;
}

export const contentOf = ({ code, memory, globals }: ProgramInput): Content => ({
  data: writable([...code.code, ...code.data], globals),
  snapshot: snapshotPages(memory),
});

/** Nothing but a symbol, where something begins or ends. */
export const mark = (name: string, access: "rx" | "r", align = 1): Section =>
  dataSection(name, access, align, new Uint8Array(0));

/** Code and constants of the program, with the symbols that boot code and maps ask for. */
export const programSections = (own: readonly Section[]): Section[] => [
  mark("image.compiled", "rx", 16),
  ...own.filter(({ access }) => access === "rx"),
  mark("image.compiled_end", "rx"),
  mark("image.constants", "r"),
  ...own.filter(({ access }) => access === "r"),
];

/** What differs between machines' images beside boot code. */
interface Variation {
  /** In the place of the table that boot code mostly reads. */
  readonly runs?: Section;
  /** Constants without an address in the program. */
  readonly left?: readonly Section[];
  /** The snapshot's pages, if there are any. */
  readonly pages: Section;
}

/** All of an image, in the order in which it lies there. */
export function imageSections(
  { code }: ProgramInput,
  { data, snapshot }: Content,
  boot: { readonly code: readonly Section[]; readonly memory: readonly Section[] },
  { runs = runTable(snapshot.runs), left = [], pages }: Variation,
): Section[] {
  return [
    ...boot.code,
    ...programSections([...code.code, ...code.data]),
    data.frozen,
    ...data.values,
    runs,
    ...snapshot.packed,
    functionSizes(code.code),
    ...left,
    snapshot.pages.length > 0 ? pages : mark(pages.name, "r"),
    data.live,
    ...boot.memory,
  ];
}

/** Where compiled functions are in the file, one of whose sections is the program. */
export function functionsIn(
  sections: readonly FileSection[],
  { functions }: MachineCode,
  symbols: Linked["symbols"],
): FileSection[] {
  const program = sections.find(({ name }) => name === PROGRAM)!;
  const start = program.offset - symbols.get("image.compiled")!;
  return functions.map(({ name, symbol, bytes }) => ({
    name,
    offset: start + symbols.get(symbol)!,
    size: bytes,
  }));
}

export const mapRow = (
  name: string,
  access: MapRow["access"],
  from: number,
  to: number,
  stored = to - from,
): MapRow => ({ name, access, address: from, size: to - from, stored });

/** What a map says of the section with this name; nothing of one that is not there. */
export function placedSection({ sections }: Linked, name: string): { size: number; stored: number } {
  const found = sections.find(({ section }) => section.name === name)?.section;
  return { size: found?.size ?? 0, stored: found?.bytes.length ?? 0 };
}
