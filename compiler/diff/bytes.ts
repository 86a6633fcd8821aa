/** Two images byte by byte: which section and symbol is not the same, and where in the file. */

import { decodeManifest } from "../build/manifest.ts";
import { readObject, symbols } from "./documents.ts";
import type { Given } from "./sides.ts";
import { type Both, byRole, compareText, type Objects } from "./walk.ts";

/** A run of a file's bytes that has a name. */
export interface Region {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

interface Section extends Region {
  readonly symbols: readonly Region[];
}

export interface ByteChange {
  readonly section: string;
  readonly symbol: string | undefined;
  /** Where it is in each file. */
  readonly a: Extent | undefined;
  readonly b: Extent | undefined;
  /** The first byte that is not the same, from the start of the section or symbol. */
  readonly first: number;
  /** How many are not the same, what only one side has included. */
  readonly count: number;
}

export type Extent = Pick<Region, "offset" | "size">;

export interface ImageBytes {
  readonly bytes: Uint8Array;
  readonly sections: readonly Region[];
  /** Name, offset in the file, size. */
  readonly symbols: readonly (readonly [string, number, number])[];
}

/** With all that is known of where things are in it. */
export function imageBytes(bytes: Uint8Array, { build, report }: Given, objects: Objects): ImageBytes {
  const manifest = build && objects.blob(build.manifest);
  const found = report && readObject(symbols, objects.blob(report.symbols));
  return {
    bytes,
    sections: (manifest && decodeManifest(manifest)?.sections) ?? [],
    symbols: found?.symbols ?? [],
  };
}

/** In order of the first file, then of the second. */
export function byteChanges(a: ImageBytes, b: ImageBytes): ByteChange[] {
  const files = { a: a.bytes, b: b.bytes };
  return byRole(sectionsOf(a), sectionsOf(b), ({ name }) => name)
    .flatMap((row) => {
      const symbols = byRole(row.a?.symbols ?? [], row.b?.symbols ?? [], ({ name }) => name);
      const within = symbols.flatMap((each) => changeOf(row.role, each.role, each, files));
      // Padding between symbols moves with them; a section without symbols is looked at as a whole.
      return within.length > 0 || symbols.length > 0 ? within : changeOf(row.role, undefined, row, files);
    })
    .toSorted((one, two) => placeOf(one) - placeOf(two) || compareText(one.symbol ?? "", two.symbol ?? ""));
}

const placeOf = ({ a, b }: ByteChange): number => Math.min(a?.offset ?? Infinity, b?.offset ?? Infinity);

function changeOf(
  section: string,
  symbol: string | undefined,
  { a, b }: Both<Region | undefined>,
  files: Both<Uint8Array>,
): ByteChange[] {
  const one = a === undefined ? new Uint8Array(0) : files.a.subarray(a.offset, a.offset + a.size);
  const other = b === undefined ? new Uint8Array(0) : files.b.subarray(b.offset, b.offset + b.size);
  const common = Math.min(one.length, other.length);
  let count = Math.max(one.length, other.length) - common;
  let first = common;
  for (let n = common - 1; n >= 0; n--)
    if (one[n] !== other[n]) {
      count++;
      first = n;
    }
  const extent = (region: Region | undefined): Extent | undefined =>
    region && { offset: region.offset, size: region.size };
  return count === 0 ? [] : [{ section, symbol, a: extent(a), b: extent(b), first, count }];
}

/** A file that nobody knows is one section. */
function sectionsOf({ bytes, sections, symbols: known }: ImageBytes): Section[] {
  const all = sections.length > 0 ? sections : [{ name: "file", offset: 0, size: bytes.length }];
  return all.map((section) => {
    const { offset, size } = section;
    const own = known.filter(([, at]) => at >= offset && at < offset + size);
    return { ...section, symbols: own.map(([name, at, length]) => ({ name, offset: at, size: length })) };
  });
}
