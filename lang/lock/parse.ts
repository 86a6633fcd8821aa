/** `appl.lock` as text: what its lines say, or what is wrong with them. */
import { type Code, type DataOf, diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { SourceText } from "../source/text.ts";
import { checkText } from "../syntax/check-text.ts";
import { LOCK_EDITION, type Lock, type LockDigest, type LockLine, UNCOUNTED } from "./lock.ts";
import { isAhead } from "./serial.ts";
import { parseSource } from "./source.ts";

export interface ParsedLock {
  /** Lines that could be read. */
  readonly lock: Lock;
  readonly diagnostics: readonly Diagnostic[];
  /** There is such a file. */
  readonly exists: boolean;
  /** Where each line stands, by its name. */
  readonly spans: ReadonlyMap<string, Span>;
}

/**
 * The text with the lines of both sides of an unfinished merge, and without those that both began with. Read again, it has an error where
 * a choice is needed, and none for numbers.
 */
export function withBothSides(text: string): string {
  let inBase = false;
  const lines = text.split("\n").filter((line) => {
    const mark = /^(<{7}|>{7}|\|{7}|={7})(?: |\r?$)/.exec(line)?.[1]?.[0];
    if (mark !== undefined) inBase = mark === "|";
    return mark === undefined && !inBase;
  });
  return lines.join("\n");
}

/** What there is where no file is. */
export const noLock: ParsedLock = { lock: new Map(), diagnostics: [], exists: false, spans: new Map() };

const MAX_LINES = 10_000;
const MAX_FAULTS = 20;

/** Never throws. The order of the lines does not matter, nor how they end: a merge or an editor may have changed both. */
export function parseLock(path: string, content: Uint8Array | string): ParsedLock {
  const { source, diagnostics, hopeless } = checkText(path, content);
  if (hopeless || diagnostics.length > 0) return { ...noLock, exists: true, diagnostics };
  return new Reading(source).read();
}

class Reading {
  readonly #source: SourceText;
  readonly #lock = new Map<string, LockLine>();
  readonly #spans = new Map<string, Span>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(source: SourceText) {
    this.#source = source;
  }

  read(): ParsedLock {
    const { lineStarts } = this.#source;
    if (this.#conflict() || !this.#heading()) return this.#result();
    if (lineStarts.length > MAX_LINES)
      this.#error("E0309", this.#span(MAX_LINES), { what: "a lock", limit: `${MAX_LINES} lines` });
    else
      for (let line = 1; line < lineStarts.length && this.#diagnostics.length < MAX_FAULTS; line++)
        this.#line(line);
    return this.#result();
  }

  #result(): ParsedLock {
    return { lock: this.#lock, exists: true, spans: this.#spans, diagnostics: this.#diagnostics };
  }

  #error<C extends Code>(code: C, span: Span, data: DataOf<C>, related?: { span: Span; text: string }): void {
    this.#diagnostics.push(diagnose(code, span, data, related ? [related] : []));
  }

  /** The line, without blanks at its ends. */
  #span(line: number): Span {
    const text = this.#source.line(line);
    const start = this.#source.lineStarts[line]! + (text.length - text.trimStart().length);
    return this.#source.span(start, Math.max(start, start + text.trim().length));
  }

  /** Marks that git leaves where both sides changed the same lines. */
  #conflict(): boolean {
    for (let line = 0; line < this.#source.lineStarts.length; line++)
      if (/^(?:<{7}|>{7}|\|{7}|={7})(?: |$)/.test(this.#source.line(line))) {
        this.#error("E0152", this.#span(line), {});
        return true;
      }
    return false;
  }

  #heading(): boolean {
    const [, edition] = /^appl-lock[ \t]+(\d{1,9})[ \t]*$/.exec(this.#source.line(0)) ?? [];
    if (edition === undefined) this.#error("E0150", this.#span(0), { edition: LOCK_EDITION });
    else if (Number(edition) > LOCK_EDITION)
      this.#error("E0151", this.#span(0), { edition, known: LOCK_EDITION });
    else if (Number(edition) < 1) this.#error("E0150", this.#span(0), { edition: LOCK_EDITION });
    else return true;
    return false;
  }

  #line(number: number): void {
    const span = this.#span(number);
    const columns = this.#source.text.slice(span.start, span.end).split(/[ \t]+/);
    const [name = ""] = columns;
    if (name === "") return;
    const line = lineOf(columns);
    const shown = name.startsWith("#") ? "# …" : name;
    if ("reason" in line) return this.#error("E0153", span, { name: shown, reason: line.reason });
    const before = this.#spans.get(name);
    const other = this.#lock.get(name);
    if (before && other) {
      // A merge may keep the lines of both sides. Of two numbers the later one holds; one that both gave to
      // different contents is nobody's.
      if (line.kind !== "counter" || other.kind !== "counter")
        return this.#error("E0154", span, { name }, { span: before, text: "first here" });
      const isTie = line.number === other.number && line.digest !== other.digest;
      if (isTie) this.#lock.set(name, { ...other, digest: UNCOUNTED });
      if (!isAhead(line.number, other.number)) return;
    }
    this.#lock.set(name, line);
    this.#spans.set(name, span);
  }
}

type Refused = { readonly reason: string };

function lineOf(columns: readonly string[]): LockLine | Refused {
  const [name = "", ...rest] = columns;
  const [kind] = name.split("/");
  if (name.startsWith("#")) return { reason: "a lock has no comments: it is written by `appl`" };
  if (name === "std" || /^board(?:\/[a-z][a-z0-9_]*)+$/.test(name)) return library(name, rest);
  if (kind === "pkg") return pack(name, rest);
  if (kind === "serial") return counter(name, rest);
  return { reason: "lines begin with `std`, `board/…`, `pkg/…` or `serial/…`" };
}

function library(name: string, rest: readonly string[]): LockLine | Refused {
  const [version = "", digest = ""] = rest;
  if (rest.length !== 2) return { reason: `the line is \`${name} VERSION sha256:…\`` };
  const refused = badVersion(version) ?? badDigest(digest);
  return refused ?? { kind: "library", name, version, digest: digest as LockDigest };
}

/** Names of packages are in lower case, so that they differ on every file system. */
export const isPackageName = (name: string): boolean => /^pkg(?:\/[a-z][a-z0-9_]{0,63}){1,8}$/.test(name);

function pack(name: string, rest: readonly string[]): LockLine | Refused {
  const [version = "", digest = "", where = ""] = rest;
  if (!isPackageName(name)) return { reason: "a package is called `pkg/OWNER/NAME`, in lower case" };
  if (rest.length !== 3) return { reason: `the line is \`${name} VERSION sha256:… SOURCE\`` };
  const source = parseSource(where);
  if ("reason" in source) return { reason: `\`${where}\` is no source: ${source.reason}` };
  if (source.kind === "git" && source.commit === undefined)
    return { reason: "the source does not say which commit: `?rev=…`" };
  const inWork = source.kind === "path";
  if (inWork !== (digest === "-"))
    return {
      reason: inWork
        ? "what `path:` leads to is in work and has no digest: write `-`"
        : "only `path:` may do without a digest",
    };
  const refused = badVersion(version) ?? (inWork ? undefined : badDigest(digest));
  return (
    refused ?? { kind: "package", name, version, digest: inWork ? undefined : (digest as LockDigest), source }
  );
}

function counter(name: string, rest: readonly string[]): LockLine | Refused {
  const [number = "", digest = ""] = rest;
  if (!/^serial\/[A-Za-z_]\w*(?:\/[!-~]+)?$/.test(name) || name.length > 1000)
    return { reason: "a serial is called `serial/APPLIANCE/LABEL`" };
  if (rest.length !== 2) return { reason: `the line is \`${name} NUMBER sha256:…\`` };
  if (!/^(?:0|[1-9]\d{0,9})$/.test(number) || Number(number) > 0xffffffff)
    return { reason: `\`${number}\` is no number below 4294967296` };
  return badDigest(digest) ?? { kind: "counter", name, number: Number(number), digest: digest as LockDigest };
}

const badVersion = (text: string): Refused | undefined =>
  /^[0-9A-Za-z.+_-]{1,64}$/.test(text) ? undefined : { reason: `\`${text}\` is no version` };

const badDigest = (text: string): Refused | undefined =>
  /^sha256:[0-9a-f]{64}$/.test(text)
    ? undefined
    : { reason: `\`${text}\` is no digest: \`sha256:\` and 64 hexadecimal digits in lower case` };
