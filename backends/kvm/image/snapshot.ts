/** The snapshot of linear memory as pages of the image: those that are not all zero, one after the other, and a table of where they belong. */
import { dataSection, type Section } from "#codegen";
import { PAGE } from "../boot/layout.ts";

/** Pages `first` to `end` (not included) of linear memory are the image's pages from `index` on. */
export interface Run {
  readonly first: number;
  readonly end: number;
  readonly index: number;
}

export function snapshotPages(memory: Uint8Array): { runs: Run[]; pages: Uint8Array } {
  const count = Math.ceil(memory.length / PAGE);
  const words = new BigUint64Array(memory.buffer, memory.byteOffset, memory.length >> 3);
  const isZero = (page: number) =>
    words.subarray((page * PAGE) >> 3, ((page + 1) * PAGE) >> 3).every((word) => word === 0n);
  const runs: { first: number; end: number; index: number }[] = [];
  let kept = 0;
  for (let page = 0; page < count; page++) {
    if (isZero(page)) continue;
    const last = runs.at(-1);
    if (last?.end === page) last.end++;
    else runs.push({ first: page, end: page + 1, index: kept });
    kept++;
  }
  const pages = new Uint8Array(kept * PAGE);
  for (const { first, end, index } of runs)
    pages.set(memory.subarray(first * PAGE, end * PAGE), index * PAGE);
  return { runs, pages };
}

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

/** What `boot.locate` reads: the size that each function takes with the padding behind it, LEB128, then 0. */
export function functionSizes(code: readonly Section[]): Section {
  const bytes: number[] = [];
  let at = 0;
  const starts = code
    .filter(({ access }) => access === "rx")
    .map(({ align, size }) => {
      const start = Math.ceil(at / align) * align;
      at = start + size;
      return start;
    });
  starts.forEach((start, n) => {
    for (let rest = (starts[n + 1] ?? at) - start; ; rest >>>= 7) {
      bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
  });
  return dataSection("image.functions", "r", 1, Uint8Array.from([...bytes, 0]));
}
