/** What it takes to run compiled code of one instruction set as a Linux process. */
import type { Isa } from "../isa/isa.ts";
import type { Section } from "../object/section.ts";

export interface NativeMachine {
  readonly isa: Isa;
  /** Of `elfMachines` in compiler/image. */
  readonly elf: "x86-64" | "rv64" | "rv32" | "xtensa";
  /** What runs the program; undefined where the processor itself does. */
  readonly emulator: readonly [command: string, ...args: string[]] | undefined;
  /** Sections that, linked with those of a module, are a program; it begins at `ENTRY`. */
  harness(options: HarnessOptions): Section[];
  /** A function of the platform that does nothing. */
  emptyFunction(name: string): Section;
}

export interface HarnessOptions {
  /** Pages of 64 KiB that memory begins with. */
  readonly pages: number;
  /** Beyond this `rt.memory_grow` refuses. */
  readonly maxPages: number;
  /** Where functions with several results leave all but the first; undefined when there are none such. */
  readonly moreResults: string | undefined;
}

export const ENTRY = "native.start";
