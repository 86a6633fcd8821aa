/** Boot code, compiled code, constants and snapshot → what is written into a chip's flash memory: code and constants are executed and read where they lie there. */
import { dataSection, type Linked, link, type Section, xtensaHoles } from "#codegen";
import type { FileSection, MapRow } from "#compiler";
import { functionsIn, type LinkedProgram, mapRow, PROGRAM, placedSection } from "../../native/program.ts";
import { ALIGN } from "../boot/layout.ts";
import {
  description,
  FLASH_PAGE,
  flashImage,
  HEADER,
  mergedImage,
  places,
  SEGMENT_HEADER,
  slotSize,
  TABLE,
  withSum,
} from "./format.ts";
import { loader, windows } from "./loader.ts";
import { type ImageInput, partsOf } from "./parts.ts";

export interface FlashInput extends ImageInput {
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

/** RAM for data ends here; what lies behind is instructions'. */
const RAM_END = 0x4000_0000;
/** Where the constants' bytes are in the application. */
const CONSTANTS_AT = HEADER + SEGMENT_HEADER;

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkFlashImage(input: FlashInput): FlashedImage {
  const { machine, flash } = input;
  const { stack } = machine;
  const parts = [descriptionOf(input), ...partsOf(input)];
  // Segments lie in flash memory as in the address space, modulo the cache's pages; where code lies follows from how long the constants are.
  const first = linkAt(parts, input, windows.code);
  const codeAt = CONSTANTS_AT + roundUp(segmentOf(first, "r").bytes.length) + SEGMENT_HEADER;
  const linked = linkAt(parts, input, windows.code + (codeAt % FLASH_PAGE));
  const segments = [segmentOf(linked, "r"), segmentOf(linked, "rx")];
  const application = withSum(flashImage(segments, linked.symbols.get("boot.entry")!, flash));
  const start = loader(machine, flash);
  const first64 = flashImage(start.segments, start.entry, flash);
  const image = mergedImage(first64, application, flash);
  const at = (name: string) => linked.symbols.get(name)!;
  const map = memoryMap(linked, input);
  const fromCode = places.slots + codeAt - segmentOf(linked, "rx").address;
  const fromConstants = places.slots + CONSTANTS_AT - segmentOf(linked, "r").address;
  const sections: FileSection[] = [
    { name: "loader", offset: places.loader, size: first64.length },
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
    image,
    map,
    sections,
    functions: functionsIn(sections, input.code, linked.symbols),
    symbols: linked.symbols,
    flash: { used: application.length, most: slotSize(flash) },
    ram: { used: at("image.end") - stack.start, most: RAM_END - stack.start },
  };
}

function linkAt(parts: readonly Section[], { machine }: ImageInput, code: number): Linked {
  const { start, size } = machine.stack;
  return link(parts, {
    base: code,
    pageSize: ALIGN,
    bases: { rx: code, r: windows.data + CONSTANTS_AT, rw: machine.base },
    holes: xtensaHoles,
    absolute: new Map([
      ["boot.stack", start],
      ["boot.stack.end", start + size],
    ]),
  });
}

const segmentOf = ({ segments }: Linked, access: "rx" | "r") =>
  segments.find((each) => each.access === access)!;
const roundUp = (size: number): number => Math.ceil(size / 4) * 4;

/** The first thing in the application: whose it is, and what it was made of. */
const descriptionOf = ({ name, contents }: FlashInput): Section =>
  dataSection("image.description", "r", 4, description(name, contents.padEnd(64, "0")));

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap(linked: Linked, { machine, memory }: ImageInput): MapRow[] {
  const at = (name: string) => linked.symbols.get(name)!;
  const end = (name: string) => at(name) + placedSection(linked, name).size;
  const { start, size } = machine.stack;
  const linear = at("boot.linear");
  return [
    mapRow("constants", "r", at("link.r.start"), end("image.functions")),
    mapRow("files", "r", at("image.left"), at("image.left_end")),
    mapRow("snapshot", "r", at("image.snapshot"), end("image.snapshot")),
    mapRow("stack", "rw", start, start + size, 0),
    mapRow("globals and state", "rw", at("image.data"), linear, 0),
    mapRow("linear memory", "rw", linear, linear + memory.length, 0),
    mapRow("boot code", "rx", at("image.begin"), at("image.compiled")),
    mapRow(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
  ];
}
