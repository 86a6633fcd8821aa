/**
 * What `appl.lock` says: which library a description was checked with, which packages it uses, and how far its serial numbers have counted.
 * It stands beside the description; one entry a line, in order of name, so that two branches merge line by line.
 */
import { compareText } from "../values/compare.ts";
import { printSource, type Source } from "./source.ts";

/** `sha256:` and 64 hexadecimal digits in lower case. */
export type LockDigest = `sha256:${string}`;

export type LockLine = LibraryLine | PackageLine | CounterLine;

/** `std 0.4.1 sha256:…`, `board/esp32_c3 7 sha256:…`: a part of the library that came with the compiler. */
export interface LibraryLine {
  readonly kind: "library";
  readonly name: string;
  readonly version: string;
  readonly digest: LockDigest;
}

/** `pkg/acme/geo 1.2.0 sha256:… git+https://…?rev=…`. */
export interface PackageLine {
  readonly kind: "package";
  readonly name: string;
  /** `-` if nobody said which. */
  readonly version: string;
  /** Of its tree; undefined for `path:`, whose files are in work. */
  readonly digest: LockDigest | undefined;
  readonly source: Source;
}

/** `serial/ns1/example.com 2026112103 sha256:…`: a number, and the hash of what it counts the changes of. */
export interface CounterLine {
  readonly kind: "counter";
  readonly name: string;
  /** Below 2^32. */
  readonly number: number;
  readonly digest: LockDigest;
}

/** Of no content: a number that counts on the next time. */
export const UNCOUNTED: LockDigest = `sha256:${"0".repeat(64)}`;

/** By name. */
export type Lock = ReadonlyMap<string, LockLine>;

export const LOCK_FILE = "appl.lock";
export const LOCK_EDITION = 1;

/** The one text for these lines. Columns are two blanks apart and not aligned: a long name would change all lines. */
export function writeLock(lines: Iterable<LockLine>): string {
  const sorted = [...lines].sort((a, b) => compareText(a.name, b.name));
  return [`appl-lock ${LOCK_EDITION}`, ...sorted.map(printLine), ""].join("\n");
}

export function printLine(line: LockLine): string {
  return columns(line).join("  ");
}

function columns(line: LockLine): readonly string[] {
  switch (line.kind) {
    case "library":
      return [line.name, line.version, line.digest];
    case "package":
      return [line.name, line.version, line.digest ?? "-", printSource(line.source)];
    case "counter":
      return [line.name, String(line.number), line.digest];
  }
}

/** What stands for a label in the name of a counter: visible ASCII without `%`, the rest as `%41` per byte of UTF-8. */
export function escapeLabel(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return Array.from(bytes, (byte) =>
    byte > 0x20 && byte < 0x7f && byte !== 0x25
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
