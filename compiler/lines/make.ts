/** Machine code → wasm → sources: what the compiler and Binaryen know of a program's places, put together. */
import type { FunctionLines, Section } from "#codegen";
import { ownerOf, RUNTIME } from "../build/sizes.ts";
import type { FunctionRows, Lines, Place, Row } from "./document.ts";
import type { MappedCode } from "./source-map.ts";
import { codeSpans } from "./spans.ts";

/** The owner of what all modules use: places in it say little without those that asked for it. */
const SHARED = [RUNTIME, "std/core"];

interface Known {
  readonly map: readonly MappedCode[];
  /** Folder of sources → module. */
  readonly owners: ReadonlyMap<string, string>;
  /** Path → digest of each source. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface MachineFunctions {
  readonly code: readonly Section[];
  readonly data: readonly Section[];
  /** In order of their code. */
  readonly names: readonly string[];
  readonly lines: readonly FunctionLines[];
}

export function linesOfCode({ code, data, names, lines }: MachineFunctions, known: Known): Lines {
  const spans = codeSpans(code);
  const functions = names.map((name, n): FunctionRows => {
    const { body, lines: own } = lines[n]!;
    const placed = placesWithin(known, body, lines[n + 1]?.body);
    const rows = own.map(({ offset, at }): Row => ({ offset, wasm: at, ...placeAt(placed, body + at) }));
    const { size, begin, end: last } = spans[n]!;
    return { name, module: ownerOf(name, known.owners), size, begin, end: last, rows };
  });
  const end = spans.reduce((most, { start, size }) => Math.max(most, start + size), 0);
  const routines = codeSpans([...code, ...data])
    .slice(spans.length)
    .map(({ name, start, size }) => ({ name: name.replace(/^wasm\./, ""), start: start - end, size }));
  return { functions, routines, sources: digitsOf(known) };
}

/** For images that are WebAssembly: offsets are counted from a function's head, which is its size. */
export function linesOfWasm(
  functions: readonly { readonly name: string; readonly offset: number; readonly size: number }[],
  known: Known,
): Lines {
  const rows = functions.map(({ name, offset: head, size }): FunctionRows => {
    const placed = placesWithin(known, head, head + size);
    const relative = placed.map(({ offset, ...place }) => ({
      offset: offset - head,
      wasm: offset - head,
      ...place,
    }));
    return { name, module: ownerOf(name, known.owners), size, begin: 0, end: size, rows: relative };
  });
  return { functions: rows, routines: [], sources: digitsOf(known) };
}

/** No digests as such: what they name is in no store. */
const digitsOf = ({ sources }: Known): Lines["sources"] =>
  new Map(
    Object.entries(sources).map(([path, digest]) => [path, digest.replace("sha256:", "").slice(0, DIGITS)]),
  );
const DIGITS = 16;

interface Placed {
  readonly offset: number;
  readonly at: Place | undefined;
  readonly near: Place | undefined;
}

/** What has no place of its own counts for what was before it. */
function placesWithin({ map, owners }: Known, from: number, to = Number.POSITIVE_INFINITY): Placed[] {
  const placed: Placed[] = [];
  let at: Place | undefined;
  let own: Place | undefined;
  for (let n = firstFrom(map, from); n < map.length && map[n]!.offset < to; n++) {
    const { offset, position } = map[n]!;
    if (position !== undefined) {
      at = { ...position, module: ownerOf(position.file, owners) };
      if (!SHARED.includes(at.module)) own = at;
    }
    placed.push({ offset, at, near: at === own ? undefined : own });
  }
  return placed;
}

/** The index of the first one that is not before `offset`. */
function firstFrom(sorted: readonly { readonly offset: number }[], offset: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.offset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeAt(placed: readonly Placed[], offset: number): Pick<Row, "at" | "near"> {
  const found = placed[firstFrom(placed, offset + 1) - 1] ?? placed[0];
  return { at: found?.at, near: found?.near };
}
