/** A module's sections and the harness, linked: everything that an executable file needs. */
import { link, type Segment } from "../object/link.ts";
import type { Section } from "../object/section.ts";
import { ENTRY, type HarnessOptions, type NativeMachine } from "./machine.ts";

export interface NativeProgram {
  readonly machine: NativeMachine;
  readonly entry: number;
  readonly segments: readonly Segment[];
  readonly symbols: ReadonlyMap<string, number>;
}

/** `sections` are those of one compiled module and of the platform functions that it imports. */
export function nativeProgram(
  sections: readonly Section[],
  machine: NativeMachine,
  options: HarnessOptions,
): NativeProgram {
  const { segments, symbols } = link([...machine.harness(options), ...sections], {
    base: 0x400000,
    pageSize: 4096,
    holes: machine.isa.holes,
  });
  return { machine, entry: symbols.get(ENTRY)!, segments, symbols };
}
