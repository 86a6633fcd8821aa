/**
 * The whole of a chip's flash memory around one linked application: a loader, the table of partitions, otadata, and the first of two slots with constants and code that are used where
 * they lie. What chips differ in is `FlashChip`.
 */
import { dataSection, type Linked, type Section } from "#codegen";
import type { FileSection, MapRow } from "#compiler";
import { functionsIn, type LinkedProgram, mapRow, PROGRAM, placedSection } from "../../native/program.ts";
import {
  description,
  type FlashSegment,
  flashImage,
  HEADER,
  mergedImage,
  places,
  SEGMENT_HEADER,
  slotSize,
  TABLE,
  withSum,
} from "./format.ts";
import type { LeavingInput } from "./parts.ts";

export interface FlashInput extends LeavingInput {
  readonly name: string;
  /** Bytes of the flash chip. */
  readonly flash: number;
}

export interface FlashedImage extends LinkedProgram {
  /** From the first byte of flash memory on. */
  readonly image: Uint8Array;
  /** What it takes, and what there is. */
  readonly flash: { readonly used: number; readonly most: number };
  readonly ram: { readonly used: number; readonly most: number };
}

/** Where the constants' bytes are in an application. */
export const CONSTANTS_AT = HEADER + SEGMENT_HEADER;

export interface FlashChip {
  /** `CHIP_ID`, `C3_ID`. */
  readonly id: number;
  /** Where its ROM looks for what it starts. */
  readonly loaderAt: number;
  loader(flash: number): { readonly segments: readonly FlashSegment[]; readonly entry: number };
  /** Where code is executed that lies so far behind the beginning of an application. */
  codeAt(offset: number): number;
  /** Everything, with code from this address on. */
  link(code: number): Linked;
  /** At the beginning of RAM. */
  readonly stack: { readonly start: number; readonly size: number };
  readonly ramEnd: number;
}

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkFlash(chip: FlashChip, { code, memory, flash }: FlashInput): FlashedImage {
  // Segments lie in flash memory as in the address space, modulo the cache's pages; where code lies follows from how long the constants are.
  const first = chip.link(chip.codeAt(0));
  const codeAt = CONSTANTS_AT + roundUp(segmentOf(first, "r").bytes.length) + SEGMENT_HEADER;
  const linked = chip.link(chip.codeAt(codeAt));
  const segments = [segmentOf(linked, "r"), segmentOf(linked, "rx")];
  const application = withSum(flashImage(segments, linked.symbols.get("boot.entry")!, flash, chip.id));
  const start = chip.loader(flash);
  const loader = flashImage(start.segments, start.entry, flash, chip.id);
  const map = memoryMap(linked, chip.stack, memory.length);
  const fromCode = places.slots + codeAt - segmentOf(linked, "rx").address;
  const fromConstants = places.slots + CONSTANTS_AT - segmentOf(linked, "r").address;
  const sections: FileSection[] = [
    { name: "loader", offset: chip.loaderAt, size: loader.length },
    { name: "partition table", offset: places.table, size: TABLE },
    { name: "otadata", offset: places.otadata, size: places.otadataSize },
    ...map
      .filter(({ stored }) => stored > 0)
      .map(({ name, address, stored, access }) => ({
        name,
        offset: address + (access === "rx" ? fromCode : fromConstants),
        size: stored,
      })),
  ].toSorted((a, b) => a.offset - b.offset);
  return {
    image: mergedImage({ loader, at: chip.loaderAt }, application, flash),
    map,
    sections,
    functions: functionsIn(sections, code, linked.symbols),
    symbols: linked.symbols,
    flash: { used: application.length, most: slotSize(flash) },
    ram: {
      used: linked.symbols.get("image.end")! - chip.stack.start,
      most: chip.ramEnd - chip.stack.start,
    },
  };
}

const segmentOf = ({ segments }: Linked, access: "rx" | "r") =>
  segments.find((each) => each.access === access)!;
const roundUp = (size: number): number => Math.ceil(size / 4) * 4;

/** The first thing in an application: whose it is, and what it was made of. */
export const descriptionOf = ({ name, contents }: FlashInput): Section =>
  dataSection("image.description", "r", 4, description(name, contents.padEnd(64, "0")));

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap(linked: Linked, { start, size }: FlashChip["stack"], memory: number): MapRow[] {
  const at = (name: string) => linked.symbols.get(name)!;
  const end = (name: string) => at(name) + placedSection(linked, name).size;
  const linear = at("boot.linear");
  return [
    mapRow("constants", "r", at("link.r.start"), end("image.functions")),
    mapRow("files", "r", at("image.left"), at("image.left_end")),
    mapRow("snapshot", "r", at("image.snapshot"), end("image.snapshot")),
    mapRow("stack", "rw", start, start + size, 0),
    mapRow("globals and state", "rw", at("image.data"), linear, 0),
    mapRow("linear memory", "rw", linear, linear + memory, 0),
    mapRow("boot code", "rx", at("image.begin"), at("image.compiled")),
    mapRow(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
  ];
}
