/**
 * Boot code: what cannot be done from wasm, and nothing else. Knows nothing of networks, devices on buses, or what the program does.
 *
 * What the image writer defines: `image.begin`, `image.compiled` and
 * `image.compiled_end` around the compiled code, `image.frozen`, `image.values`, `image.data`, `image.functions`, `image.runs`, `image.packed`.
 */
import type { Section } from "#codegen";
import { locate } from "../../native/locate.ts";
import { unpack } from "../../native/unpack.ts";
import { descriptors, gate, pointers } from "./descriptors.ts";
import { descriptorTable, entry32, long } from "./entry.ts";
import { fatal, hexadecimal } from "./fatal.ts";
import { deviceEntries, faultEntries, interrupts, request, trap } from "./faults.ts";
import {
  allocate,
  descend,
  mapDevice,
  memoryGrow,
  origin,
  page,
  physical,
  populate,
  readable,
  restore,
} from "./pages.ts";
import { commandLine, field, memory, module, parse } from "./parse.ts";
import type { Platform } from "./platform.ts";
import { note, quiet } from "./quiet.ts";
import { type Program, preparePage, record, run } from "./run.ts";
import { messages, state } from "./state.ts";
import { tables } from "./tables.ts";

export interface BootOptions extends Program {
  /** How many pieces of 2 MiB, counted from address 0, hold something of the image. */
  readonly regions: number;
  /** Most pages of 64 KiB that linear memory may have. */
  readonly memoryLimit: number;
}

/** Sections of boot code and its data, those at the platform's front first. */
export function bootSections(
  platform: Platform,
  options: BootOptions,
): { code: Section[]; memory: Section[] } {
  const code = [
    ...platform.front,
    descriptorTable(),
    entry32(platform.firstPort),
    long(),
    tables(options.regions, platform.hasDevices),
    descriptors(),
    gate(),
    pointers(),
    parse(platform.protocols),
    commandLine(),
    module(),
    memory(),
    run(options),
    ...unpack(preparePage),
    record(),
    faultEntries(),
    trap(),
    locate({ function: field("trapFunction"), offset: field("trapOffset") }),
    request(),
    note(),
    quiet(),
    deviceEntries(),
    interrupts(),
    allocate(),
    descend(),
    origin(),
    page(),
    populate(),
    physical(),
    readable(),
    memoryGrow(options.memoryLimit),
    restore(),
    mapDevice(),
    ...platform.services,
    hexadecimal(),
    fatal(),
    ...messages(),
  ];
  return { code: code.map(packed), memory: state(options.regions, platform.state) };
}

/** Boot code runs once: nothing in it is worth the room that alignment takes. */
const packed = (section: Section): Section => (section.align > 8 ? { ...section, align: 1 } : section);
