/** What every byte of an image's file is for: the functions of each module, and the parts that are no function's. */

import type { Manifest } from "../build/manifest.ts";
import type { BuildReport } from "../build/report.ts";
import type { Functions, Symbols } from "../diff/documents.ts";
import { compareText } from "../diff/walk.ts";

export interface ImagePart {
  /** A module, a library, `wiring`; or a section of the file. */
  readonly name: string;
  readonly bytes: number;
  /** `std/dns`, `backend/kvm`; undefined for what is no library's. */
  readonly library: string | undefined;
  /** Undefined for a section of the file. */
  readonly functions: readonly { readonly name: string; readonly bytes: number }[] | undefined;
}

export interface ImageObjects {
  readonly report: BuildReport;
  readonly functions: Functions | undefined;
  readonly symbols: Symbols | undefined;
  readonly manifest: Manifest | undefined;
}

/** The largest first; together they have the size of the file. */
export function imageParts({ report, functions, symbols, manifest }: ImageObjects): ImagePart[] {
  const modules = report.sizes.code.map(({ name, bytes }): ImagePart => {
    const rows = functions?.modules.find(([module]) => module === name)?.[1] ?? [];
    const sorted = rows.map(([own, size]) => ({ name: own, bytes: size })).toSorted(larger);
    return { name, bytes, library: libraryOf(name), functions: sorted };
  });
  const parts = [...modules, ...sectionParts(manifest, symbols, sum(modules))];
  const rest = report.image.size - sum(parts);
  if (rest > 0) parts.push({ name: "padding", bytes: rest, library: undefined, functions: undefined });
  return parts.filter(({ bytes }) => bytes > 0).toSorted(larger);
}

/** Sections that hold no function, and what the others hold between their functions. */
function sectionParts(
  manifest: Manifest | undefined,
  symbols: Symbols | undefined,
  code: number,
): ImagePart[] {
  const sections = manifest?.sections ?? [];
  const part = (name: string, bytes: number): ImagePart => ({
    name,
    bytes,
    library: undefined,
    functions: undefined,
  });
  const holds = ({ offset, size }: { offset: number; size: number }): boolean =>
    symbols?.symbols.some(([, at]) => at >= offset && at < offset + size) ?? false;
  const plain = sections.filter((section) => !holds(section)).map(({ name, size }) => part(name, size));
  const coded = sections.filter(holds);
  const between = coded.reduce((total, { size }) => total + size, 0) - code;
  if (between <= 0) return coded.length === 0 ? [] : plain;
  return [...plain, part(`${coded.map(({ name }) => name).join(", ")}: between functions`, between)];
}

const sum = (parts: readonly { readonly bytes: number }[]): number =>
  parts.reduce((total, { bytes }) => total + bytes, 0);

export const larger = (
  a: { readonly name: string; readonly bytes: number },
  b: { readonly name: string; readonly bytes: number },
): number => b.bytes - a.bytes || compareText(a.name, b.name);

/** `std/net` of `std/net/arp`. */
export const libraryOf = (module: string): string | undefined =>
  module.includes("/") ? module.split("/").slice(0, 2).join("/") : undefined;
