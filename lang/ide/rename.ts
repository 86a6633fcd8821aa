/** Another name for a thing, everywhere; or why that is not possible. */
import type { Diagnostic, Edit } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { reserved } from "../syntax/words.ts";
import { quote } from "../values/print.ts";
import type { Analysis } from "./analysis.ts";
import { apply } from "./edits.ts";
import { keyOf } from "./facts.ts";
import { placesOf, type Subject, subjectAt } from "./subject.ts";

export type Renaming = { readonly edits: readonly Edit[] } | { readonly refused: string };

/** What would be renamed, or why nothing can be. */
export function renameable(
  analysis: Analysis,
  source: string,
  offset: number,
): { readonly span: Span; readonly text: string } | { readonly refused: string } {
  const subject = subjectAt(analysis, source, offset);
  const places = subject ? placesOf(analysis, subject) : [];
  if (!subject || places.length === 0) return { refused: "nothing here has a name that can be changed" };
  const foreign = places.find((it) => analysis.unit(it.source)?.library !== analysis.unit(source)?.library);
  if (foreign)
    return {
      refused: `it is declared in ${analysis.unit(foreign.source)?.library ?? foreign.source}, which is not a part of this description`,
    };
  if (subject.kind === "label" && subject.label.opened.length === 0)
    return { refused: "its label is computed, or no block has it" };
  const mine = places.find((it) => keyOf(it) === keyOf(subject.span)) ?? subject.span;
  const written = textOf(analysis, mine);
  return isQuoted(written)
    ? { span: { ...mine, start: mine.start + 1, end: mine.end - 1 }, text: written.slice(1, -1) }
    : { span: mine, text: written };
}

/** `imagine` checks the description with other texts: a name that would mean something else, or nothing, is refused. */
export function rename(
  analysis: Analysis,
  source: string,
  offset: number,
  name: string,
  imagine: (texts: ReadonlyMap<string, string>) => Analysis,
): Renaming {
  const can = renameable(analysis, source, offset);
  if ("refused" in can) return can;
  const subject = subjectAt(analysis, source, offset)!;
  const edits: Edit[] = [];
  for (const span of placesOf(analysis, subject)) {
    const text = written(name, textOf(analysis, span), subject);
    if (text === undefined) return { refused: `\`${name}\` is no name` };
    edits.push({ span, text });
  }
  const reason = consequence(analysis, imagine(apply(analysis, edits)));
  return reason === undefined ? { edits } : { refused: reason };
}

const isQuoted = (text: string): boolean => text.startsWith('"');

const textOf = (analysis: Analysis, { source, start, end }: Span): string =>
  analysis.unit(source)?.source.text.slice(start, end) ?? "";

/** The new name in the place of what is written there; undefined if it cannot stand there. */
function written(name: string, before: string, subject: Subject): string | undefined {
  if (isQuoted(before)) return quote(name);
  const isName = /^[A-Za-z_]\w*$/.test(name) && !(reserved as readonly string[]).includes(name);
  if (isName) return name;
  return subject.kind === "label" ? quote(name) : undefined;
}

/** A mistake that was not there before. */
function consequence(before: Analysis, after: Analysis): string | undefined {
  const known = new Map<string, number>();
  for (const { code } of before.diagnostics) known.set(code, (known.get(code) ?? 0) + 1);
  for (const each of after.diagnostics) {
    const left = known.get(each.code) ?? 0;
    if (left === 0) return said(each, after);
    known.set(each.code, left - 1);
  }
  return undefined;
}

function said({ code, text, primary }: Diagnostic, analysis: Analysis): string {
  const line = analysis.unit(primary.span.source)?.source.position(primary.span.start).line;
  return `that would be a mistake: ${text} (${code}, ${primary.span.source}${line === undefined ? "" : ` line ${line}`})`;
}
