/** Where in linear memory the image's pages belong, as boot code reads it. */
import { dataSection, type Section } from "#codegen";
import { PAGE, type Run } from "../../native/snapshot.ts";

/** What `boot.origin` reads: first, end, address of the first, 4 bytes each; an end of 0 ends the table. */
export function runTable(runs: readonly Run[]): Section {
  const bytes = new Uint8Array(12 * (runs.length + 1));
  const view = new DataView(bytes.buffer);
  runs.forEach(({ first, end }, n) => {
    view.setUint32(12 * n, first, true);
    view.setUint32(12 * n + 4, end, true);
  });
  const relocations = runs.map(({ index }, n) => ({
    offset: 12 * n + 8,
    kind: "abs32" as const,
    symbol: "image.snapshot",
    addend: index * PAGE,
  }));
  return dataSection("image.runs", "r", 4, bytes, undefined, relocations);
}
