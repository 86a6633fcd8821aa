/**
 * `lines@1` in the store: for each function of an image, as the image's traps count them, what its code was made of. A side document like the report: it is in no
 * image, and no digest of it is in anything but the report. Positions move with every comment in a library, so it must not be.
 */

import { readObject } from "../diff/documents.ts";
import { fields, listOf, oneOf, text, tuple, whole } from "../diff/shape.ts";
import { decodeVlq, encodeVlq } from "./vlq.ts";

/** From this offset on, up to the next row. */
export interface Row {
  /** In the function's code. */
  readonly offset: number;
  /** In the function's body in WebAssembly. */
  readonly wasm: number;
  readonly at: Place | undefined;
  /** Where `at` is in a function that all share (an array's check, say): the place before it that is not. */
  readonly near: Place | undefined;
}

export interface Place {
  /** The path of a source, as the libraries have it: `stdlib/net/udp/index.ts`. */
  readonly file: string;
  /** Whose it is. */
  readonly module: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface FunctionRows {
  readonly name: string;
  readonly module: string;
  /** Bytes, with the padding behind it. */
  readonly size: number;
  /** Where its instructions begin and end in them: constants may stand before. */
  readonly begin: number;
  readonly end: number;
  readonly rows: readonly Row[];
}

/** What compiled code calls and nobody wrote in a source; `start` is counted from the end of the last function. */
export interface Routine {
  readonly name: string;
  readonly start: number;
  readonly size: number;
}

export interface Lines {
  readonly functions: readonly FunctionRows[];
  readonly routines: readonly Routine[];
  /** The first digits of the sha256 of each source that rows name, as far as it is ours: whether a file is still the one that was compiled. */
  readonly sources: ReadonlyMap<string, string>;
}

/** What is written; `rows` are differences from row to row, five or seven numbers each. */
const shape = fields({
  appl: oneOf("lines@1"),
  files: listOf(tuple<readonly [string, string, string]>(text, text, text)),
  functions: listOf(
    tuple<readonly [string, string, number, number, number, string]>(text, text, whole, whole, whole, text),
  ),
  routines: listOf(tuple<readonly [string, number, number]>(text, whole, whole)),
});
export type LinesDocument = ReturnType<typeof shape>;

export function encodeLines({ functions, routines, sources }: Lines): LinesDocument {
  const files = new Map<string, { readonly index: number; readonly module: string }>();
  const numberOf = ({ file, module }: Place): number => {
    const known = files.get(file) ?? { index: files.size + 1, module };
    files.set(file, known);
    return known.index;
  };
  const numbers = ({ offset, wasm, at, near }: Row): number[] => [
    offset,
    wasm,
    ...(at === undefined ? [0, 0, 0] : [numberOf(at), at.line, at.column]),
    ...(near === undefined ? [] : [numberOf(near), near.line, near.column]),
  ];
  const written = functions.map(({ name, module, size, begin, end, rows }) => {
    let before: readonly number[] = [];
    const differences = rows.map((row) => {
      const now = numbers(row);
      const text = encodeVlq(now.map((value, n) => value - (before[n] ?? 0)));
      before = [...now, ...before.slice(now.length)];
      return text;
    });
    return [name, module, size, begin, end, differences.join(",")] as const;
  });
  return {
    appl: "lines@1",
    files: [...files].map(([file, { module }]) => [file, module, sources.get(file) ?? ""] as const),
    functions: written,
    routines: routines.map(({ name, start, size }) => [name, start, size] as const),
  };
}

/** Undefined if these bytes are no such document. */
export function decodeLines(bytes: Uint8Array | undefined): Lines | undefined {
  const read = readObject(shape, bytes);
  if (read === undefined) return undefined;
  const placeOf = (index = 0, line = 0, column = 0): Place | undefined => {
    const known = read.files[index - 1];
    return known && { file: known[0], module: known[1], line, column };
  };
  try {
    const functions = read.functions.map(([name, module, size, begin, end, written]) => {
      const now: number[] = [];
      const rows = (written === "" ? [] : written.split(",")).map((row) => {
        const differences = decodeVlq(row);
        differences.forEach((difference, n) => {
          now[n] = (now[n] ?? 0) + difference;
        });
        const [offset = 0, wasm = 0, file, line, column, ...near] = now.slice(0, differences.length);
        return { offset, wasm, at: placeOf(file, line, column), near: placeOf(...near) };
      });
      return { name, module, size, begin, end, rows };
    });
    const routines = read.routines.map(([name, start, size]) => ({ name, start, size }));
    const sources = new Map(
      read.files.flatMap(([file, , digits]) => (digits === "" ? [] : [[file, digits]])),
    );
    return { functions, routines, sources };
  } catch {
    return undefined;
  }
}
