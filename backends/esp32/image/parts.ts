/** Everything that an image is linked from. */
import { dataSection, type Section } from "#codegen";
import { writable } from "../../native/data.ts";
import { type GrowingInput, mark, programSections } from "../../native/program.ts";
import { functionSizes, runTable, snapshotPages } from "../../native/snapshot.ts";
import { bootSections } from "../boot/index.ts";
import { ALIGN } from "../boot/layout.ts";
import type { Machine } from "../boot/machine.ts";

export interface ImageInput extends GrowingInput {
  readonly machine: Machine;
  /** What the program has no address for; a multiple of 4 bytes. */
  readonly constants: Uint8Array;
}

export function partsOf(input: ImageInput): Section[] {
  const { code, memory } = input;
  const own = [...code.code, ...code.data];
  const data = writable(own, input.globals);
  const { runs, pages, packed } = snapshotPages(memory);
  const boot = bootSections({
    machine: input.machine,
    memoryLimit: input.memoryLimit,
    memoryBytes: memory.length,
    frozenSize: data.frozen.size,
    calls: input.calls,
  });
  return [
    mark("image.begin", "rx", ALIGN),
    ...boot.code,
    ...programSections(own),
    data.frozen,
    ...data.values,
    runTable(runs),
    ...packed,
    functionSizes(code.code),
    dataSection("image.left", "r", 4, input.constants),
    mark("image.left_end", "r"),
    ...(pages.length > 0 ? [dataSection("image.snapshot", "r", 4, pages)] : [mark("image.snapshot", "r")]),
    data.live,
    ...boot.memory,
  ];
}
