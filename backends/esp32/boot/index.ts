/**
 * Boot code: what cannot be done from wasm, and nothing else. Knows nothing of networks or what the program does.
 *
 * What the image writer defines: `boot.stack` and its end, `image.compiled` and `image.compiled_end` around the compiled code, `image.frozen`, `image.data`,
 * `image.functions`, `image.runs`, `image.snapshot`, `image.left` and its end around constants that only `constants.read` reads, and `image.values` and `image.packed` with their ends.
 */
import type { Section } from "#codegen";
import { roomFor } from "../../native/program.ts";
import { dump, fatal, hexadecimal, print, stop } from "./console.ts";
import { entry, vectorTable } from "./entry.ts";
import { carryOut, debug, exception, locate, request, trap, unexpected } from "./exceptions.ts";
import { hardware } from "./hardware.ts";
import type { Machine } from "./machine.ts";
import { parse } from "./parameters.ts";
import { type Program, run } from "./run.ts";
import { messages, state } from "./state.ts";
import { unpack } from "./unpack.ts";

export interface BootOptions extends Program {
  readonly machine: Machine;
  /** Most pages of 64 KiB that linear memory may have. */
  readonly memoryLimit: number;
}

/** Sections of boot code and its data, the vectors first. */
export function bootSections(options: BootOptions): { code: Section[]; memory: Section[] } {
  const { machine, memoryLimit, memoryBytes } = options;
  const code = [
    vectorTable(),
    entry(machine),
    ...(machine.parameters === undefined ? [] : [parse(machine.parameters)]),
    run(options),
    unpack(),
    exception(),
    carryOut(),
    debug(),
    unexpected(),
    trap(),
    locate(),
    request(),
    ...hardware(memoryLimit),
    print(machine, "boot.print"),
    hexadecimal(),
    dump(),
    fatal(),
    stop(machine),
    ...messages(),
  ];
  return { code, memory: state(roomFor(memoryBytes, memoryLimit)) };
}
