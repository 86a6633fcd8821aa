/** Edits of the files of a description. */
import type { Edit } from "../diagnostics/diagnostic.ts";
import type { Analysis } from "./analysis.ts";

/** The texts of the files with the edits, none of which overlaps another. */
export function apply(analysis: Analysis, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { span, text } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    const before = texts.get(span.source) ?? analysis.unit(span.source)!.source.text;
    texts.set(span.source, before.slice(0, span.start) + text + before.slice(span.end));
  }
  return texts;
}
