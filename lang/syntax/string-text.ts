/** The text between the holes of a string: escapes, and the indentation of `"""` strings. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { SourceText } from "../source/text.ts";
import type { TextPart } from "./ast-expr.ts";

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Context {
  readonly source: SourceText;
  report(diagnostic: Diagnostic): void;
}

const simple: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  '"': '"',
  $: "$",
};

/** A function that gives the part between two offsets of the content; undefined if nothing is left of it. */
export function textPart(
  content: Range,
  holes: readonly Range[],
  block: boolean,
  context: Context,
): (start: number, end: number) => TextPart | undefined {
  const { text } = context.source;
  const dropped = block ? layout(text, content, holes) : [];
  let next = 0; // in `dropped`: the parts are asked for from left to right
  return (start, end) => {
    const raw = text.slice(start, end);
    if (dropped.length === 0 && !/[\\\r]/.test(raw))
      return raw === "" ? undefined : part(context.source.span(start, end), raw, undefined);
    const offsets: number[] = [];
    let value = "";
    let last = start; // where the last character taken ends
    for (let at = start; at < end; ) {
      while (next < dropped.length && dropped[next]!.end <= at) next++;
      if (next < dropped.length && dropped[next]!.start <= at) {
        at = dropped[next]!.end;
        continue;
      }
      const [resolved, length] = unit(text, at, end, context);
      for (let n = 0; n < resolved.length; n++) offsets.push(at);
      value += resolved;
      at += length;
      last = at;
    }
    offsets.push(last);
    return value === "" ? undefined : part(context.source.span(start, end), value, offsets);
  };
}

function part(span: Span, value: string, offsets: readonly number[] | undefined): TextPart {
  return { kind: "textPart", span, value, offsets };
}

/** Where `value.slice(start, end)` stands in the source; the caret for a fault within a string. */
export function spanWithin({ span, offsets }: TextPart, start: number, end: number): Span {
  if (!offsets) return { ...span, start: span.start + start, end: span.start + end };
  const last = offsets.length - 1;
  return { ...span, start: offsets[Math.min(start, last)]!, end: offsets[Math.min(end, last)]! };
}

/** One character as it is meant, and how many code units it takes in the source. */
function unit(text: string, at: number, end: number, context: Context): readonly [string, number] {
  const c = text[at]!;
  if (c === "\r") return ["\n", text[at + 1] === "\n" && at + 1 < end ? 2 : 1];
  if (c !== "\\") return [c, 1];
  const next = at + 1 < end ? text[at + 1]! : "";
  const plain = simple[next];
  if (plain !== undefined && next !== "") return [plain, 2];
  const code = /^\\u\{([0-9A-Fa-f]{1,6})\}/.exec(text.slice(at, Math.min(end, at + 10)));
  const value = code ? Number.parseInt(code[1]!, 16) : -1;
  if (code && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff))
    return [String.fromCodePoint(value), code[0].length];
  const length = code ? code[0].length : (text.codePointAt(at + 1) ?? 0) > 0xffff ? 3 : next === "" ? 1 : 2;
  context.report(
    diagnose("E0006", context.source.span(at, at + length), { sequence: text.slice(at, at + length) }),
  );
  return [text.slice(at, at + length), length];
}

/** The lines of a `"""` string, and the blanks that all of them begin with. */
export interface Lines {
  readonly lines: readonly Range[];
  readonly common: string;
  /** The first line that counts: 1 if nothing stands behind the opening quotes. */
  readonly first: number;
  /** The closing quotes stand on a line of their own. */
  readonly closing: boolean;
}

/** Ends of lines within holes do not count. */
export function linesOf(text: string, content: Range, holes: readonly Range[]): Lines {
  const starts = [content.start];
  const lineEnd = /\r\n|\n|\r/g;
  lineEnd.lastIndex = content.start;
  for (let found = lineEnd.exec(text); found && found.index < content.end; found = lineEnd.exec(text))
    if (!holes.some((hole) => hole.start <= found!.index && found!.index < hole.end))
      starts.push(lineEnd.lastIndex);
  const lines = starts.map((start, n) => ({ start, end: starts[n + 1] ?? content.end }));
  const isBlank = (n: number) => /^[ \t\r\n]*$/.test(text.slice(lines[n]!.start, lines[n]!.end));
  const first = lines.length > 1 && isBlank(0) ? 1 : 0;
  const last = lines.length - 1;
  const closing = last >= first && last > 0 && isBlank(last);
  const measured = lines.filter((_, n) => n > 0 && (!isBlank(n) || (n === last && closing)));
  const blanks = measured.map(({ start }) => blanksAt(text, start, content.end));
  return { lines, common: blanks.reduce(commonPrefix, blanks[0] ?? ""), first, closing };
}

/**
 * What a `"""` string does not contain: its first line if it is blank, the line of the closing quotes, and on every line the blanks
 * that all lines begin with.
 */
function layout(text: string, content: Range, holes: readonly Range[]): Range[] {
  const dropped: Range[] = [];
  const { lines, common, first, closing } = linesOf(text, content, holes);
  if (lines.length === 1) return dropped;
  if (first === 1) dropped.push({ start: lines[0]!.start, end: lines[0]!.end });
  for (const { start } of lines.slice(1)) {
    const { length } = commonPrefix(text.slice(start, content.end), common);
    if (length > 0) dropped.push({ start, end: start + length });
  }
  if (closing)
    dropped.push({ start: beforeLineEnd(text, lines.at(-1)!.start, lines[first]!.start), end: content.end });
  return dropped.sort((a, b) => a.start - b.start || b.end - a.end);
}

function blanksAt(text: string, start: number, limit: number): string {
  let end = start;
  while (end < limit && (text[end] === " " || text[end] === "\t")) end++;
  return text.slice(start, end);
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** The offset of the line end in front of `start`, but not before `limit`. */
function beforeLineEnd(text: string, start: number, limit: number): number {
  let at = start;
  if (at > limit && text[at - 1] === "\n") at--;
  if (at > limit && text[at - 1] === "\r") at--;
  return at;
}
