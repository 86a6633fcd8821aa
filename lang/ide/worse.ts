/** Whether a change has done harm. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { Analysis } from "./analysis.ts";

/** What a fix has written, and of which diagnostic. */
export interface Changed {
  readonly code: string;
  readonly span: Span;
}

type Found = Pick<Analysis, "diagnostics">;

/**
 * There is a mistake that was not there before: there are more of its kind. Where one has gone, the description was looked into further: what
 * a later phase finds then was hidden by it, unless it is at one of the changed places. And a fix is none if its place has the same mistake still.
 */
export function worse(before: Found, after: Found, changed: readonly Changed[]): boolean {
  const [was, is] = [errorsByCode(before), errorsByCode(after)];
  const gone = [...was].filter(([code, all]) => all.length > (is.get(code)?.length ?? 0));
  const phase = Math.min(...gone.map(([code]) => phaseOf(code)));
  for (const [code, all] of is) {
    const more = all.length > (was.get(code)?.length ?? 0);
    if (more && (gone.length === 0 || phaseOf(code) <= phase)) return true;
    const places = changed.filter((it) => more || it.code === code);
    if (all.some(({ primary }) => places.some(({ span }) => meet(span, primary.span)))) return true;
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
