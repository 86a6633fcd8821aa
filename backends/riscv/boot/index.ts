/**
 * Boot code: what cannot be done from wasm, and nothing else. Knows nothing of networks, devices on buses, or what the program does.
 *
 * What the image writer defines: `image.compiled` and `image.compiled_end` around the compiled code, `image.frozen`, `image.values`, `image.data`, `image.functions`,
 * `image.runs`, `image.packed`, `image.snapshot`.
 */
import type { Section } from "#codegen";
import { allocate } from "./allocate.ts";
import { fatal, firmware, hexadecimal, print } from "./console.ts";
import { entryPoint, header, virtual } from "./entry.ts";
import { faultEntry, locate, request, trap } from "./faults.ts";
import { fill, fits, flatEntry, flatPhysical } from "./flat.ts";
import { descend, memoryGrow, origin, page, physical, populate, readable } from "./pages.ts";
import { note, quiet } from "./quiet.ts";
import { addRange, addTaken } from "./ranges.ts";
import { restore } from "./restore.ts";
import { type Program, record, run } from "./run.ts";
import { flatState, messages, pagedState, state } from "./state.ts";
import { tables } from "./tables.ts";
import { parse, readers, walk } from "./tree.ts";
import { unpack } from "./unpack.ts";

export interface BootOptions extends Program {
  /** How many pieces of 2 MiB the image takes in memory, where there are page tables. */
  readonly regions: number;
  /** Most pages of 64 KiB that linear memory may have. */
  readonly memoryLimit: number;
}

/** Sections of boot code and its data, the header first. */
export function bootSections(options: BootOptions): { code: Section[]; memory: Section[] } {
  const { xlen, memoryLimit, regions } = options;
  const code = [
    ...(xlen === 64 ? [header(), entryPoint(), virtual(), tables(regions)] : [flatEntry()]),
    parse(xlen),
    walk(xlen),
    ...readers(xlen),
    addRange(xlen),
    ...(xlen === 64 ? [addTaken()] : [fits()]),
    run(options),
    unpack(xlen),
    record(xlen),
    faultEntry(xlen),
    trap(xlen),
    locate(xlen),
    request(xlen),
    note(xlen),
    quiet(xlen),
    ...(xlen === 64
      ? [allocate(), descend(), origin(), page(), populate(), physical(), readable()]
      : [fill(), flatPhysical()]),
    memoryGrow(xlen, memoryLimit),
    ...(xlen === 64 ? [restore()] : []),
    firmware(xlen),
    print(xlen),
    hexadecimal(xlen),
    fatal(xlen),
    ...messages(),
  ];
  return { code, memory: state(xlen === 64 ? pagedState(regions) : flatState(memoryLimit)) };
}
