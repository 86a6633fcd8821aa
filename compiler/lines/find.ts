/** What a place in an image's code was made of. */
import type { Lines, Place } from "./document.ts";

/** Where code was, as images count: the functions in their order, and bytes from the start of one; or bytes from the start of all. */
export type CodePlace = { readonly function: number; readonly offset: number } | { readonly code: number };

export interface Found {
  /** Of the function in machine code; others may have been put into it. */
  readonly name: string;
  /** Whose function it is; undefined of what the compiler brings. */
  readonly module: string | undefined;
  readonly offset: number;
  readonly at: Place | undefined;
  readonly near: Place | undefined;
}

/** Undefined if there is no such place. */
export function findCode(lines: Lines, place: CodePlace): Found | undefined {
  const { function: number, offset } = "code" in place ? functionAt(lines, place.code) : place;
  const found = lines.functions[number];
  if (found === undefined) return routineAt(lines, number, offset);
  const { name, module, size, rows } = found;
  if (offset >= size) return undefined;
  // What comes before the first row is how the function begins.
  const row = rows.findLast((each) => each.offset <= offset) ?? rows[0];
  return { name, module, offset, at: row?.at, near: row?.near };
}

function functionAt({ functions }: Lines, code: number): { function: number; offset: number } {
  let offset = code;
  let number = 0;
  while (number < functions.length && offset >= functions[number]!.size) offset -= functions[number++]!.size;
  return { function: number, offset };
}

/** Routines lie behind the last function, and count as one more. */
function routineAt({ functions, routines }: Lines, number: number, offset: number): Found | undefined {
  if (number !== functions.length) return undefined;
  const found = routines.find(({ start, size }) => offset >= start && offset < start + size);
  if (found === undefined) return undefined;
  const { name, start } = found;
  return { name, module: undefined, offset: offset - start, at: undefined, near: undefined };
}

/** `stdlib/net/udp/index/input (stdlib/core/bytes.ts:30:53, for stdlib/net/udp/index.ts:57), module std/net/udp` */
export function foundText({ name, module, offset, at, near }: Found): string {
  const where = at === undefined ? `+ 0x${offset.toString(16)}` : `(${placesText(at, near)})`;
  const owner = (near ?? at)?.module ?? module;
  return `${name} ${where}${owner === undefined ? "" : `, module ${owner}`}`;
}

function placesText({ file, line, column }: Place, near: Place | undefined): string {
  return `${file}:${line}:${column}${near === undefined ? "" : `, for ${near.file}:${near.line}`}`;
}
