/** In which order diagnostics are shown, and how many. */
import type { Diagnostic } from "./diagnostic.ts";

/** More errors in one run help nobody. */
export const MAX_ERRORS = 20;

/**
 * By file, in the order in which the files first occur, then by place; what is said twice is said once.
 */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = new Map<string, number>();
  for (const { primary } of diagnostics)
    if (!files.has(primary.span.source)) files.set(primary.span.source, files.size);
  const seen = new Set<string>();
  const once = diagnostics.filter(({ code, text, primary: { span } }) => {
    const key = JSON.stringify([code, text, span.source, span.start, span.end]);
    return !seen.has(key) && seen.add(key);
  });
  return once.sort((a, b) => {
    const [one, other] = [a.primary.span, b.primary.span];
    return (
      files.get(one.source)! - files.get(other.source)! || one.start - other.start || one.end - other.end
    );
  });
}
