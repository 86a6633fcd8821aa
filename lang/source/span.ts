/**
 * Half-open range of one source text.
 *
 * Offsets count UTF-16 code units of the decoded text, a byte order mark not included: what `String.slice` takes.
 */
export interface Span {
  /** The path that the text was read by. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** From the start of the first to the end of the last. */
export function join(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: Math.max(first.end, last.end) };
}

/** Both lines and columns count from 1; a column counts characters (code points), as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
