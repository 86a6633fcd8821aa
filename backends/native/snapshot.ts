/**
 * The snapshot of linear memory in an image with machine code. Pages that are nearly full are the image's pages, one after the other, with a table of
 * where they belong: they are mapped, not copied. What the others hold is packed and written at every start, and so are the first full ones of which packing leaves little.
 */
import { dataSection, type Section } from "#codegen";
import { codeSpans } from "#compiler";
import { packedSections } from "./data.ts";
import { type Piece, packPieces } from "./pack.ts";

/** Of every machine whose images are made so. */
export const PAGE = 4096;

/** Pages `first` to `end` (not included) of linear memory are the image's pages from `index` on. */
export interface Run {
  readonly first: number;
  readonly end: number;
  readonly index: number;
}

export interface SnapshotPages {
  readonly runs: readonly Run[];
  readonly pages: Uint8Array;
  /** What boot code writes at every start, packed: `image.packed` to `image.packed_end`. */
  readonly packed: readonly Section[];
}

/** A page with more bytes than this that are not zero, gaps filled, is full. */
const MOST_SPARSE = (PAGE * 3) / 4;
/** Full pages that may be packed: a private copy takes memory, and time at every start. */
const MOST_FULL_PACKED = 16;
/** A full page is packed if no more than this is left of it. */
const MOST_LEFT = PAGE / 2;
/** Zeros between pieces that are no longer than this are cheaper than a new piece. */
const GAP = 512;

export function snapshotPages(memory: Uint8Array): SnapshotPages {
  const runs: { first: number; end: number; index: number }[] = [];
  const pieces: Piece[] = [];
  let [kept, packed] = [0, 0];
  for (let page = 0; page < Math.ceil(memory.length / PAGE); page++) {
    const found = piecesOf(memory, page * PAGE, Math.min(memory.length, (page + 1) * PAGE));
    if (found.length === 0) continue;
    const isFull = found.reduce((sum, { bytes }) => sum + bytes.length - zerosIn(bytes), 0) > MOST_SPARSE;
    if (!isFull || (packed < MOST_FULL_PACKED && packPieces(found).length <= MOST_LEFT)) {
      pieces.push(...found);
      if (isFull) packed++;
      continue;
    }
    const last = runs.at(-1);
    if (last?.end === page) last.end++;
    else runs.push({ first: page, end: page + 1, index: kept });
    kept++;
  }
  const pages = new Uint8Array(kept * PAGE);
  for (const { first, end, index } of runs)
    pages.set(memory.subarray(first * PAGE, end * PAGE), index * PAGE);
  return { runs, pages, packed: packedSections("image.packed", packPieces(pieces)) };
}

/** What boot code reads: first page, its end, place among the stored ones of the first, 4 bytes each; an end of 0 ends the table. */
export function runTable(runs: readonly Run[]): Section {
  const bytes = new Uint8Array(12 * (runs.length + 1));
  const view = new DataView(bytes.buffer);
  runs.forEach(({ first, end, index }, n) => {
    [first, end, index].forEach((value, m) => {
      view.setUint32(12 * n + 4 * m, value, true);
    });
  });
  return dataSection("image.runs", "r", 4, bytes);
}

/** What is not zero, with short gaps filled. */
function piecesOf(memory: Uint8Array, from: number, to: number): Piece[] {
  const found: { start: number; end: number }[] = [];
  for (let at = from; at < to; at++) {
    if (memory[at] === 0) continue;
    const last = found.at(-1);
    if (last !== undefined && at - last.end <= GAP) last.end = at + 1;
    else found.push({ start: at, end: at + 1 });
  }
  return found.map(({ start, end }) => ({ at: start, bytes: memory.subarray(start, end) }));
}

/** Bytes of runs of zeros that are worth mentioning. */
function zerosIn(bytes: Uint8Array): number {
  let [sum, run] = [0, 0];
  for (const byte of bytes) {
    run = byte === 0 ? run + 1 : 0;
    if (run === RUN) sum += RUN;
    else if (run > RUN) sum++;
  }
  return sum;
}

/** Shorter ones count as bytes of a page. */
const RUN = 8;

/** What `boot.locate` reads: the size that each function takes with the padding behind it, LEB128, then 0. */
export function functionSizes(code: readonly Section[]): Section {
  const bytes: number[] = [];
  for (const { size } of codeSpans(code))
    for (let rest = size; ; rest >>>= 7) {
      bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
  return dataSection("image.functions", "r", 1, Uint8Array.from([...bytes, 0]));
}
