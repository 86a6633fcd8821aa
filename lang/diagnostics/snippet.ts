/** One source line for a terminal, and where its marks come to stand: by columns of the screen, not by characters. */
import type { Span } from "../source/span.ts";
import type { SourceText } from "../source/text.ts";
import type { Label } from "./diagnostic.ts";

export interface Mark extends Label {
  readonly primary: boolean;
}

export interface Snippet {
  readonly text: string;
  /** From left to right; `indent` counts columns. */
  readonly underlines: readonly { readonly indent: number; readonly rule: string; readonly mark: Mark }[];
}

const TAB = 4;
/** Longer lines are shown in part. */
const MAX_WIDTH = 160;
const LEFT_OF_MARK = 60;

/** `line` counts from 0. What lies in a `masked` span is shown as asterisks. */
export function snippet(
  source: SourceText,
  line: number,
  marks: readonly Mark[],
  masked: readonly Span[],
): Snippet {
  const begin = source.lineStarts[line]!;
  const raw = source.line(line);
  const cells = cellsOf(raw, begin, source.path, masked);
  const columns = prefixWidths(cells);
  const column = (offset: number) => columns[Math.max(0, Math.min(offset - begin, raw.length))]!;
  const ordered = [...marks].sort(
    (a, b) => a.span.start - b.span.start || Number(b.primary) - Number(a.primary),
  );
  const width = columns[raw.length]!;
  const cut = width > MAX_WIDTH ? Math.max(0, column(ordered[0]?.span.start ?? begin) - LEFT_OF_MARK) : 0;
  const shown = cells.filter((_, index) => columns[index]! >= cut && columns[index]! < cut + MAX_WIDTH);
  const before = cut > 0 ? "…" : "";
  const shift = before.length - (cut > 0 ? columns.find((at) => at >= cut)! : 0);
  const text = `${before}${shown.map((cell) => cell.text).join("")}${width > cut + MAX_WIDTH ? "…" : ""}`;
  const underlines = ordered.map((mark) => {
    const start = Math.max(0, Math.min(column(mark.span.start) + shift, MAX_WIDTH + 1));
    const end = Math.min(column(Math.min(mark.span.end, begin + raw.length)) + shift, MAX_WIDTH + 1);
    const rule = (mark.primary ? "^" : "-").repeat(Math.max(1, end - start));
    return { indent: start, rule, mark };
  });
  return { text, underlines };
}

interface Cell {
  readonly text: string;
  readonly width: number;
}

/** One cell a code unit; the second half of a pair is an empty one. */
function cellsOf(raw: string, begin: number, path: string, masked: readonly Span[]): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const character of raw) {
    const offset = begin + cells.length;
    const hidden = masked.some((span) => span.source === path && span.start <= offset && offset < span.end);
    const cell = hidden ? { text: "*", width: 1 } : cellOf(character, column);
    column += cell.width;
    cells.push(cell);
    if (character.length === 2) cells.push({ text: "", width: 0 });
  }
  return cells;
}

function cellOf(character: string, column: number): Cell {
  if (character === "\t") {
    const width = TAB - (column % TAB);
    return { text: " ".repeat(width), width };
  }
  if (/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(character)) return { text: "\ufffd", width: 1 };
  if (/[\p{M}\u200b]|\u200c|\u200d/u.test(character)) return { text: character, width: 0 };
  return { text: character, width: isWide(character.codePointAt(0)!) ? 2 : 1 };
}

/** Characters of two columns: East Asian wide and full-width ones (Unicode annex 11) and emoji. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return code >= 0x1100 && wide.some(([low, high]) => low <= code && code <= high);
}

/** Columns before each cell, and one entry more for the end. */
function prefixWidths(cells: readonly Cell[]): number[] {
  const widths = [0];
  for (const { width } of cells) widths.push(widths.at(-1)! + width);
  return widths;
}
