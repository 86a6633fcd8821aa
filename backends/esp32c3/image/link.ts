/** Boot code, compiled code, constants and snapshot → what is written into the flash memory of an ESP32-C3: one image, which the chip's ROM puts into RAM. */
import { dataSection, type Linked, link, riscvHoles, type Section } from "#codegen";
import type { MapRow } from "#compiler";
import { ALIGN } from "../../esp32/boot/layout.ts";
import {
  C3_ID,
  description,
  ERASED,
  FLASH_SECTOR,
  flashImage,
  HEADER,
  SEGMENT_HEADER,
} from "../../esp32/image/format.ts";
import type { FlashedImage } from "../../esp32/image/link-flash.ts";
import {
  contentOf,
  functionsIn,
  type GrowingInput,
  imageSections,
  mapRow,
  PAGE_64K,
  PROGRAM,
  placedSection,
} from "../../native/program.ts";
import { ram } from "../boot/chip.ts";
import { bootSections } from "../boot/index.ts";

export interface LinkInput extends GrowingInput {
  readonly name: string;
  /** Bytes of the flash chip. */
  readonly flash: number;
}

/** Where the constants' bytes are in the file, which come first: they begin with the application's description. */
const CONSTANTS_AT = HEADER + SEGMENT_HEADER;

/** Equal input gives equal bytes. */
export function linkImage(input: LinkInput): FlashedImage {
  const parts = partsOf(input);
  // How long code is does not depend on where anything lies.
  const code = segmentOf(linkAt(parts, ram.data + ram.size / 2), "rx").bytes.length;
  const linked = linkAt(parts, ram.data + Math.ceil(code / ALIGN) * ALIGN);
  const at = (name: string) => linked.symbols.get(name)!;
  const segments = [segmentOf(linked, "r"), segmentOf(linked, "rx")] as const;
  const application = flashImage(segments, at("boot.entry"), input.flash, C3_ID);
  const image = new Uint8Array(Math.ceil(application.length / FLASH_SECTOR) * FLASH_SECTOR).fill(ERASED);
  image.set(application);
  const map = memoryMap(linked, input);
  const codeAt = CONSTANTS_AT + Math.ceil(segments[0].bytes.length / 4) * 4 + SEGMENT_HEADER;
  const places = { r: CONSTANTS_AT - segments[0].address, rx: codeAt - segments[1].address, rw: 0 };
  const sections = map
    .filter(({ stored }) => stored > 0)
    .map(({ name, address, stored, access }) => ({ name, offset: address + places[access], size: stored }))
    .toSorted((a, b) => a.offset - b.offset);
  return {
    image,
    map,
    sections,
    functions: functionsIn(sections, input.code, linked.symbols),
    symbols: linked.symbols,
    flash: { used: application.length, most: input.flash },
    ram: { used: at("image.end") - ram.data, most: ram.size },
  };
}

function partsOf(input: LinkInput): Section[] {
  const content = contentOf(input);
  const boot = bootSections({
    memoryLimit: input.memoryLimit,
    memoryPages: input.memory.length / PAGE_64K,
    frozenSize: content.data.frozen.size,
    calls: input.calls,
  });
  return [
    dataSection("image.description", "r", 4, description(input.name, input.contents.padEnd(64, "0"))),
    ...imageSections(input, content, boot, {
      pages: dataSection("image.snapshot", "r", 4, content.snapshot.pages),
    }),
  ];
}

function linkAt(parts: readonly Section[], data: number): Linked {
  const at = (start: number) =>
    link(parts, {
      base: ram.code,
      pageSize: ALIGN,
      bases: { rx: ram.code, r: data, rw: start },
      holes: riscvHoles,
    });
  const constants = segmentOf(at(ram.data + (ram.size * 3) / 4), "r");
  return at(Math.ceil((constants.address + constants.bytes.length) / 64) * 64);
}

const segmentOf = ({ segments }: Linked, access: "rx" | "r") =>
  segments.find((each) => each.access === access)!;

/** For people: the image's parts, and linear memory. */
function memoryMap(linked: Linked, { memory }: LinkInput): MapRow[] {
  const at = (name: string) => linked.symbols.get(name)!;
  const end = (name: string) => at(name) + placedSection(linked, name).size;
  return [
    mapRow("constants", "r", at("link.r.start"), end("image.functions")),
    mapRow("snapshot", "r", at("image.snapshot"), end("image.snapshot")),
    mapRow("globals and state", "rw", at("image.data"), at("boot.linear"), 0),
    mapRow("linear memory", "rw", at("boot.linear"), at("boot.linear") + memory.length, 0),
    mapRow("boot code", "rx", at("boot.vectors"), at("image.compiled")),
    mapRow(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
  ];
}
