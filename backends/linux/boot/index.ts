/** Boot code: what cannot be done from wasm, and what compiled code may ask of the kernel. Knows nothing of what the program does. */
import type { Section } from "#codegen";
import { locate } from "../../native/locate.ts";
import type { Run } from "../../native/snapshot.ts";
import { unpack } from "../../native/unpack.ts";
import { argumentRoutines, readArguments } from "./arguments.ts";
import { handlers, type Program, run, start } from "./entry.ts";
import { askedToEnd, fault, request } from "./faults.ts";
import { givenRoutines, givenState } from "./given.ts";
import { linkRoutines } from "./links.ts";
import { gapTable, mapMemory, memoryGrow } from "./memory.ts";
import { openRings, ringOptions } from "./rings.ts";
import { filter, seal } from "./seal.ts";
import { field, state } from "./state.ts";
import { systemFunctions } from "./system.ts";
import { Texts, textRoutines } from "./texts.ts";

export interface BootOptions extends Program {
  /** Pages of linear memory that are mapped from the file. */
  readonly runs: readonly Pick<Run, "first" | "end">[];
  /** The program uses network devices. */
  readonly needsLink: boolean;
  /** It is given values when it starts. */
  readonly hasSlots: boolean;
}

const PAGE_64K = 65_536;

/** Sections of boot code, of its constants, and of its memory. */
export function bootSections(options: BootOptions): {
  code: Section[];
  constants: Section[];
  memory: Section[];
} {
  const texts = new Texts();
  const memoryBytes = options.memoryPages * PAGE_64K;
  const code = [
    start(),
    readArguments(texts, options),
    ...(options.hasSlots ? givenRoutines(texts) : []),
    argumentRoutines(texts),
    linkRoutines(),
    openRings(),
    handlers(),
    mapMemory(texts),
    seal(texts),
    run(options, texts),
    ...unpack(),
    fault(texts, memoryBytes),
    locate({ function: field("trapFunction"), offset: field("trapOffset") }),
    request(),
    askedToEnd(),
    memoryGrow(),
    ...systemFunctions(),
    textRoutines(texts),
  ];
  return {
    code: code.map(packed),
    constants: [filter(), ringOptions(), gapTable(options.runs, memoryBytes), texts.section()],
    memory: state(options.hasSlots ? givenState : []),
  };
}

/** Nothing in boot code is worth the room that alignment takes. */
const packed = (section: Section): Section => ({ ...section, align: 1 });
