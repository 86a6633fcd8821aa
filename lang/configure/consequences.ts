/**
 * One mistake, one message: what only follows from another diagnostic beside it is left out.
 *
 * Beside it means on the same line, with nothing between the two that separates things. What a reader of the syntax could not make sense of, the
 * checker sees only pieces of; what the checker does not know by its name, the syntax may have failed at because it is of another language.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { isGeneral } from "../syntax/habits.ts";

const syntactic = /^E000[1256]$|^E001[0235]$/;
const unknownName = /^E010[1259]$/;

export function withoutConsequences(
  diagnostics: readonly Diagnostic[],
  textOf: (source: string) => string | undefined,
): readonly Diagnostic[] {
  const dropped = new Set<Diagnostic>();
  const causes = diagnostics.filter(
    ({ code }) => syntactic.test(code) || code === "E0203" || code === "E0311",
  );
  if (causes.length === 0) return diagnostics;
  for (const cause of causes)
    for (const other of diagnostics) {
      if (other === cause || dropped.has(cause) || dropped.has(other) || syntactic.test(other.code)) continue;
      if (!isBeside(cause, other, textOf)) continue;
      if (!syntactic.test(cause.code)) {
        const follows = cause.code === "E0203" ? other.code === "E0101" : other.code === "E0310";
        if (follows && cause.primary.span.start < other.primary.span.start) dropped.add(other);
      } else if (isVague(cause) && unknownName.test(other.code) && startsBefore(other, cause))
        dropped.add(cause);
      else if (/^E0[1-5]/.test(other.code)) dropped.add(other);
    }
  return diagnostics.filter((it) => !dropped.has(it));
}

/** It says what was expected, and nothing of what may have been meant. */
function isVague({ code, helps }: Diagnostic): boolean {
  return code === "E0001" && helps.every(({ text }) => isGeneral(text));
}

const startsBefore = (one: Diagnostic, other: Diagnostic): boolean =>
  one.primary.span.start < other.primary.span.start;

function isBeside(
  { primary: { span: one } }: Diagnostic,
  { primary: { span: other } }: Diagnostic,
  textOf: (source: string) => string | undefined,
): boolean {
  if (one.source !== other.source) return false;
  const [first, second] = one.start <= other.start ? [one, other] : [other, one];
  const between = textOf(one.source)?.slice(first.end, Math.max(first.end, second.start));
  return between !== undefined && between.length < 200 && !/[;,{}\n]/.test(between);
}
