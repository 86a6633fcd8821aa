/** Boot code, compiled code, constants and snapshot → one file in Linux's image format, and a map of where everything went. */
import { dataSection, type Linked, link, riscvHoles, type Section } from "#codegen";
import type { FileSection, MapRow } from "#compiler";
import { appendDigest } from "../../contents.ts";
import { withoutZeros } from "../../native/data.ts";
import {
  type Content,
  contentOf,
  functionsIn,
  type GrowingInput,
  imageSections,
  type LinkedProgram,
  mapRow,
  PROGRAM,
  placedSection,
} from "../../native/program.ts";
import { IMAGE_SIZE_AT } from "../boot/entry.ts";
import type { Width } from "../boot/idioms.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, PAGE, WINDOW } from "../boot/layout.ts";
import { regionsTo } from "../boot/tables.ts";
import { type BareMachine, type Fence, SHIM_SIZE, shim } from "../firmware/shim.ts";

export interface ImageInput extends GrowingInput {
  readonly xlen: Width;
  /** The image brings its own firmware, for this machine. Without page tables, with 32 bits, it must. */
  readonly bare?: BareMachine | undefined;
}

export interface LinkedImage extends LinkedProgram {
  /** As it lies in memory, from the header on; at its end what it was made of. */
  readonly image: Uint8Array;
}

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
  const sections = fileSections(map, start, flat.length);
  const functions = functionsIn(sections, input.code, linked.symbols);
  const image = appendDigest(flat, input.contents.padEnd(64));
  return { image, map, sections, functions, symbols: linked.symbols };
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
  const content = contentOf(input);
  for (let regions = 1; ; ) {
    const linked = link(partsOf(input, content, regions), { base, pageSize: PAGE, holes: riscvHoles });
    if (input.xlen === 32) return linked;
    const wanted = regionsTo(linked.symbols.get("image.end")!);
    if (wanted === regions) return linked;
    regions = wanted;
  }
}

function partsOf(input: ImageInput, content: Content, regions: number): Section[] {
  const boot = bootSections({
    xlen: input.xlen,
    regions,
    memoryLimit: input.memoryLimit,
    memoryBytes: input.memory.length,
    frozenSize: content.data.frozen.size,
    calls: input.calls,
  });
  const pages = dataSection("image.snapshot", "r", PAGE, content.snapshot.pages);
  return imageSections(input, content, boot, { pages });
}

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap(linked: Linked, { xlen, bare, memory }: ImageInput): MapRow[] {
  const at = (name: string) => linked.symbols.get(name)!;
  const end = (name: string) => at(name) + placedSection(linked, name).size;
  const linear = xlen === 64 ? Number(WINDOW) : at("boot.linear");
  return [
    ...(bare === undefined
      ? []
      : [mapRow("machine mode", "rx", at("image.begin") - SHIM_SIZE, at("image.begin"))]),
    mapRow("boot code", "rx", at("image.begin"), at("image.compiled")),
    mapRow(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
    mapRow("constants", "r", at("image.constants"), end("image.functions")),
    mapRow("snapshot", "r", at("image.snapshot"), end("image.snapshot")),
    mapRow("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    mapRow("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    ...(xlen === 64 ? [mapRow("page tables", "rw", at("boot.root"), at("image.end"), 0)] : []),
    mapRow("linear memory", "rw", linear, linear + memory.length, 0),
  ];
}
