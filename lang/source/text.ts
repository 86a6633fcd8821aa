/** A text with its lines. */
import type { Position, Span } from "./span.ts";

export class SourceText {
  readonly path: string;
  readonly text: string;
  /** Offset of the first code unit of each line; a line ends with LF, CR LF or CR. */
  readonly lineStarts: readonly number[];

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.lineStarts = lineStarts(text);
  }

  span(start: number, end: number): Span {
    return { source: this.path, start, end };
  }

  /** Lines count from 0 here. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The line without its end; `line` counts from 0. */
  line(line: number): string {
    const start = this.lineStarts[line];
    return start === undefined ? "" : this.text.slice(start, this.lineEnd(line));
  }

  /** Offset behind the last code unit of the line that is not its end. */
  lineEnd(line: number): number {
    let end = this.lineStarts[line + 1] ?? this.text.length;
    if (line + 1 >= this.lineStarts.length) return end;
    if (this.text[end - 1] === "\n") end--;
    if (end > this.lineStarts[line]! && this.text[end - 1] === "\r") end--;
    return end;
  }

  position(offset: number): Position {
    const line = this.lineAt(offset);
    const start = this.lineStarts[line]!;
    return { line: line + 1, column: characters(this.text.slice(start, offset)) + 1 };
  }

  /** The offset of a position that was counted elsewhere (a master file's line and column); kept inside of the text. */
  offset({ line, column }: Position): number {
    const index = Math.min(Math.max(line, 1), this.lineStarts.length) - 1;
    let offset = this.lineStarts[index]!;
    const end = this.lineEnd(index);
    for (let at = 1; at < column && offset < end; at++)
      offset += this.text.codePointAt(offset)! > 0xffff ? 2 : 1;
    return Math.min(offset, end);
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a)) starts.push(at + 1);
  }
  return starts;
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
