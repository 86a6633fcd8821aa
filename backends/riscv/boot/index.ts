/**
 * Boot code: what cannot be done from wasm, and nothing else. Knows nothing of networks, devices on buses, or what the program does.
 *
 * What the image writer defines: `image.compiled` and `image.compiled_end` around the compiled code, `image.frozen`, `image.data`, `image.functions`,
 * `image.runs`, `image.sparse`, `image.snapshot`.
 */
import type { Section } from "#codegen";
import { allocate } from "./allocate.ts";
import { fatal, firmware, hexadecimal, print } from "./console.ts";
import { entryPoint, header, virtual } from "./entry.ts";
import { faultEntry, locate, request, trap } from "./faults.ts";
import { descend, memoryGrow, origin, page, physical, populate } from "./pages.ts";
import { note, quiet } from "./quiet.ts";
import { restore } from "./restore.ts";
import { type Program, record, run } from "./run.ts";
import { messages, state } from "./state.ts";
import { tables } from "./tables.ts";
import { addRange, addTaken, parse, readers, walk } from "./tree.ts";

export interface BootOptions extends Program {
  /** How many pieces of 2 MiB the image takes in memory. */
  readonly regions: number;
  /** Most pages of 64 KiB that linear memory may have. */
  readonly memoryLimit: number;
}

/** Sections of boot code and its data, the header first. */
export function bootSections(options: BootOptions): { code: Section[]; memory: Section[] } {
  const code = [
    header(),
    entryPoint(),
    virtual(),
    tables(options.regions),
    parse(),
    walk(),
    ...readers(),
    addRange(),
    addTaken(),
    run(options),
    record(),
    faultEntry(),
    trap(),
    locate(),
    request(),
    note(),
    quiet(),
    allocate(),
    descend(),
    origin(),
    page(),
    populate(),
    physical(),
    memoryGrow(options.memoryLimit),
    restore(),
    firmware(),
    print(),
    hexadecimal(),
    fatal(),
    ...messages(),
  ];
  return { code, memory: state(options.regions) };
}
