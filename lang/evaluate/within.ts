/** Places inside of a string literal. */
import type { Span } from "../source/span.ts";

/**
 * The source of a part of a text's value. `offsets` are those of the syntax tree: one for each code unit of the value and one for its
 * end, or undefined if the value is the source itself.
 */
export function within(span: Span, offsets: readonly number[] | undefined, start: number, end: number): Span {
  const place = (at: number): number => (offsets ? (offsets[at] ?? span.end) : span.start + at);
  const from = Math.min(place(start), span.end);
  return { source: span.source, start: from, end: Math.max(from, Math.min(place(end), span.end)) };
}
