/** Boot code, compiled code, constants and snapshot → one ELF file that Linux starts, and a map of where everything went. */
import { type Linked, link, type Section } from "#codegen";
import { type ElfSegment, type MapRow, writeElf } from "#compiler";
import { CONTENTS_NOTE } from "../../contents.ts";
import { withoutZeros, writable } from "../../native/data.ts";
import { fileSections } from "../../native/file-sections.ts";
import {
  functionsIn,
  type LinkedProgram,
  mapRow,
  mark,
  PAGE_64K,
  PROGRAM,
  type ProgramInput,
  programSections,
} from "../../native/program.ts";
import { functionSizes, PAGE, snapshotPages } from "../../native/snapshot.ts";
import { bootSections } from "../boot/index.ts";
import { IMAGE_BASE, WINDOW } from "../boot/layout.ts";
import { mergedRuns } from "./runs.ts";

export interface LinkedImage extends LinkedProgram {
  readonly elf: Uint8Array;
}

/** Equal input gives equal bytes. A symbol that nobody defines is our mistake. */
export function linkImage(input: ProgramInput): LinkedImage {
  const { code, memory, contents } = input;
  const { runs, packed } = snapshotPages(memory);
  const mapped = mergedRuns(runs);
  const linked = link(sections(input, mapped, packed), { base: IMAGE_BASE, pageSize: PAGE });
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
  const functions = functionsIn(placed, code, linked.symbols);
  return { elf, map, sections: placed, functions, symbols: linked.symbols };
}

function sections(
  input: ProgramInput,
  runs: ReturnType<typeof mergedRuns>,
  packed: readonly Section[],
): Section[] {
  const { code, memory } = input;
  const own = [...code.code, ...code.data];
  const data = writable(own, input.globals);
  const boot = bootSections({
    runs,
    memoryPages: memory.length / PAGE_64K,
    frozenSize: data.frozen.size,
    calls: input.calls,
    needsLink: code.undefinedSymbols.has("system.receive"),
    hasSlots: code.undefinedSymbols.has("system.given"),
  });
  return [
    mark("image.begin", "rx"),
    ...boot.code,
    ...programSections(own),
    data.frozen,
    ...data.values,
    ...packed,
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
  const stored = (name: string, access: MapRow["access"], from: string, to: string) =>
    mapRow(name, access, at(from), at(to));
  const window = Number(WINDOW);
  return [
    stored("boot code", "rx", "image.begin", "image.compiled"),
    stored(PROGRAM, "rx", "image.compiled", "image.compiled_end"),
    stored("constants", "r", "image.constants", "image.constants_end"),
    mapRow("globals and state", "rw", at("image.data"), at("boot.guard"), 0),
    mapRow("stack", "rw", at("boot.stack"), at("boot.stack.end"), 0),
    mapRow("stack of signals", "rw", at("boot.signal_stack"), at("image.end"), 0),
    ...memoryRows(window, memory, snapshot).map(([name, from, to, bytes]) =>
      mapRow(name, "rw", from, to, bytes),
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
