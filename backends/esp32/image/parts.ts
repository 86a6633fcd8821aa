/** Everything that an image is linked from. */
import { dataSection, type Section } from "#codegen";
import { writable } from "../../native/data.ts";
import { type GrowingInput, mark, PAGE_64K, programSections } from "../../native/program.ts";
import { functionSizes, runTable, snapshotPages } from "../../native/snapshot.ts";
import { bootSections } from "../boot/index.ts";
import { ALIGN } from "../boot/layout.ts";
import type { Machine } from "../boot/machine.ts";

export interface ImageInput extends GrowingInput {
  readonly machine: Machine;
}

export function partsOf(input: ImageInput): Section[] {
  const { code, memory } = input;
  const own = [...code.code, ...code.data];
  const data = writable(own, input.globals);
  const { runs, pages, packed } = snapshotPages(memory);
  const boot = bootSections({
    machine: input.machine,
    memoryLimit: input.memoryLimit,
    memoryPages: memory.length / PAGE_64K,
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
    ...(pages.length > 0 ? [dataSection("image.snapshot", "r", 4, pages)] : [mark("image.snapshot", "r")]),
    data.live,
    ...boot.memory,
  ];
}
