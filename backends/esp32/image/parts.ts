/** Everything that an image is linked from. */
import { dataSection, type Section } from "#codegen";
import type { ImageParts } from "#compiler";
import { contentOf, type GrowingInput, imageSections, mark, programInput } from "../../native/program.ts";
import { bootSections } from "../boot/index.ts";
import { ALIGN } from "../boot/layout.ts";
import type { Machine } from "../boot/machine.ts";

export interface LeavingInput extends GrowingInput {
  /** What the program has no address for; a multiple of 4 bytes. */
  readonly constants: Uint8Array;
}

export interface ImageInput extends LeavingInput {
  readonly machine: Machine;
}

/** Linear memory as far as it is used, and what was left outside of it. */
export function leavingInput(parts: ImageParts): LeavingInput {
  const program = programInput(parts);
  return { ...program, memory: program.memory.subarray(0, parts.used), constants: parts.constants };
}

export const partsOf = (input: ImageInput): Section[] =>
  leavingSections(input, ALIGN, (options) => bootSections({ ...options, machine: input.machine }));

/** What boot code is told of a program. */
export interface BootInput {
  readonly memoryLimit: number;
  readonly memoryBytes: number;
  readonly frozenSize: number;
  readonly calls: readonly string[];
}

/** `align`: of boot code. */
export function leavingSections(
  input: LeavingInput,
  align: number,
  boot: (options: BootInput) => { readonly code: readonly Section[]; readonly memory: readonly Section[] },
): Section[] {
  const content = contentOf(input);
  const { memoryLimit, memory, calls, constants } = input;
  const options = { memoryLimit, memoryBytes: memory.length, frozenSize: content.data.frozen.size, calls };
  return [
    mark("image.begin", "rx", align),
    ...imageSections(input, content, boot(options), {
      left: [dataSection("image.left", "r", 4, constants), mark("image.left_end", "r")],
      pages: dataSection("image.snapshot", "r", 4, content.snapshot.pages),
    }),
  ];
}
