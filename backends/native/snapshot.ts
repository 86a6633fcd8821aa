/**
 * The snapshot of linear memory in an image with machine code. Pages that are nearly full are the image's pages, one after the other, with a table of
 * where they belong: they are mapped, not copied. Of the others only the runs of bytes that are not zero are stored, and written at every start.
 */
import { dataSection, type Section } from "#codegen";
import { codeSpans } from "#compiler";

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
  /** What boot code reads at every start: bytes to pass over, bytes that follow (16 bits each), these bytes; twice 0 ends it. */
  readonly sparse: Uint8Array;
}

/** A page that takes more than this as runs of bytes is stored as it is. */
const MOST_SPARSE = (PAGE * 3) / 4;
/** A run's own head; zeros between runs that are no longer than this are cheaper than a new run. */
const HEAD = 4;
const MOST_SKIP = 0xffff;

export function snapshotPages(memory: Uint8Array): SnapshotPages {
  const runs: { first: number; end: number; index: number }[] = [];
  const spans: Span[] = [];
  let kept = 0;
  for (let page = 0; page < Math.ceil(memory.length / PAGE); page++) {
    const found = spansOf(memory, page * PAGE, Math.min(memory.length, (page + 1) * PAGE));
    if (found.length === 0) continue;
    if (found.reduce((sum, { start, end }) => sum + HEAD + end - start, 0) <= MOST_SPARSE) {
      spans.push(...found);
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
  return { runs, pages, sparse: encodeSpans(memory, spans) };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Runs of bytes that are not zero, with short gaps filled. */
function spansOf(memory: Uint8Array, from: number, to: number): Span[] {
  const found: { start: number; end: number }[] = [];
  for (let at = from; at < to; at++) {
    if (memory[at] === 0) continue;
    const last = found.at(-1);
    if (last !== undefined && at - last.end <= HEAD) last.end = at + 1;
    else found.push({ start: at, end: at + 1 });
  }
  return found;
}

function encodeSpans(memory: Uint8Array, spans: readonly Span[]): Uint8Array {
  const out: number[] = [];
  const head = (skip: number, length: number) => out.push(skip & 255, skip >> 8, length & 255, length >> 8);
  let at = 0;
  for (const { start, end } of spans) {
    for (; start - at > MOST_SKIP; at += MOST_SKIP) head(MOST_SKIP, 0);
    head(start - at, end - start);
    for (let n = start; n < end; n++) out.push(memory[n]!);
    at = end;
  }
  head(0, 0);
  return Uint8Array.from(out);
}

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
