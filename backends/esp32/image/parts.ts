/** Everything that an image is linked from. */
import { dataSection, type Section } from "#codegen";
import { contentOf, type GrowingInput, imageSections, mark } from "../../native/program.ts";
import { bootSections } from "../boot/index.ts";
import { ALIGN } from "../boot/layout.ts";
import type { Machine } from "../boot/machine.ts";

export interface ImageInput extends GrowingInput {
  readonly machine: Machine;
  /** What the program has no address for; a multiple of 4 bytes. */
  readonly constants: Uint8Array;
}

export function partsOf(input: ImageInput): Section[] {
  const content = contentOf(input);
  const boot = bootSections({
    machine: input.machine,
    memoryLimit: input.memoryLimit,
    memoryBytes: input.memory.length,
    frozenSize: content.data.frozen.size,
    calls: input.calls,
  });
  return [
    mark("image.begin", "rx", ALIGN),
    ...imageSections(input, content, boot, {
      left: [dataSection("image.left", "r", 4, input.constants), mark("image.left_end", "r")],
      pages: dataSection("image.snapshot", "r", 4, content.snapshot.pages),
    }),
  ];
}
