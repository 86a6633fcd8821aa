/** Whether a change has done harm. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { Analysis } from "./analysis.ts";

type Found = Pick<Analysis, "diagnostics">;

/**
 * There is a mistake that was not there before: there are more of its kind. Where one has gone, the description was looked into further: what
 * a later phase finds then was hidden by it, unless it is at one of the changed places.
 */
export function worse(before: Found, after: Found, changed: readonly Span[]): boolean {
  const [was, is] = [errorsByCode(before), errorsByCode(after)];
  const gone = [...was].filter(([code, all]) => all.length > (is.get(code)?.length ?? 0));
  const phase = Math.min(...gone.map(([code]) => phaseOf(code)));
  for (const [code, all] of is) {
    if (all.length <= (was.get(code)?.length ?? 0)) continue;
    if (gone.length === 0 || phaseOf(code) <= phase) return true;
    if (all.some(({ primary }) => changed.some((place) => meet(place, primary.span)))) return true;
  }
  return false;
}

function errorsByCode({ diagnostics }: Found): ReadonlyMap<string, readonly Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (const each of diagnostics) {
    if (each.severity !== "error") continue;
    const known = found.get(each.code);
    if (known) known.push(each);
    else found.set(each.code, [each]);
  }
  return found;
}

/** `E02`: the catalogue numbers its codes by phase. */
const phaseOf = (code: string): number => Number(code.slice(1, 3));

const meet = (a: Span, b: Span): boolean => a.source === b.source && a.start < b.end && b.start < a.end;
