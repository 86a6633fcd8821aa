/** Boot code, compiled code, constants and snapshot → one ELF file, as QEMU loads it, and a map of where everything went. */
import { type Linked, link, xtensaHoles } from "#codegen";
import { elfMachines, type MapRow, writeElf } from "#compiler";
import { CONTENTS_NOTE } from "../../contents.ts";
import { withoutZeros } from "../../native/data.ts";
import { fileSections } from "../../native/file-sections.ts";
import { functionsIn, type LinkedProgram, mapRow, PROGRAM, placedSection } from "../../native/program.ts";
import { ALIGN } from "../boot/layout.ts";
import { type ImageInput, partsOf } from "./parts.ts";

export interface LinkedImage extends LinkedProgram {
  readonly elf: Uint8Array;
}

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkImage(input: ImageInput): LinkedImage {
  const { start, size } = input.machine.stack;
  const linked = link(partsOf(input), {
    base: input.machine.base,
    pageSize: ALIGN,
    holes: xtensaHoles,
    absolute: new Map([
      ["boot.stack", start],
      ["boot.stack.end", start + size],
    ]),
  });
  const elf = writeElf({
    machine: elfMachines.xtensa,
    entry: linked.symbols.get("boot.entry")!,
    segments: linked.segments.map((segment) => ({ ...segment, bytes: withoutZeros(segment.bytes) })),
    notes: [{ ...CONTENTS_NOTE, descriptor: new TextEncoder().encode(input.contents.padEnd(64)) }],
    align: ALIGN,
  });
  const map = memoryMap(linked, input);
  const sections = fileSections(elf, map);
  const functions = functionsIn(sections, input.code, linked.symbols);
  return { elf, map, sections, functions, symbols: linked.symbols };
}

/** For people: the image's parts in order of their addresses, and linear memory. */
function memoryMap(linked: Linked, { machine, memory }: ImageInput): MapRow[] {
  const at = (name: string) => linked.symbols.get(name)!;
  const end = (name: string) => at(name) + placedSection(linked, name).size;
  const { start, size } = machine.stack;
  return [
    mapRow("stack", "rw", start, start + size, 0),
    mapRow("boot code", "rx", at("image.begin"), at("image.compiled")),
    mapRow(PROGRAM, "rx", at("image.compiled"), at("image.compiled_end")),
    mapRow("constants", "r", at("link.r.start"), end("image.functions")),
    mapRow("files", "r", at("image.left"), at("image.left_end")),
    mapRow("snapshot", "r", at("image.snapshot"), end("image.snapshot")),
    mapRow("globals and state", "rw", at("image.data"), at("boot.linear"), 0),
    mapRow("linear memory", "rw", at("boot.linear"), at("boot.linear") + memory.length, 0),
  ];
}
