/** Where something is declared. */
import { plainText } from "../check/texts.ts";
import { resolvePath } from "../evaluate/file.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import type { Analysis } from "./analysis.ts";
import { placesOf, type Subject, subjectAt } from "./subject.ts";

export interface Definition {
  /** What was asked about. */
  readonly from: Span;
  readonly to: readonly Span[];
}

export function definitionAt(analysis: Analysis, source: string, offset: number): Definition | undefined {
  const subject = subjectAt(analysis, source, offset);
  const to = subject && targetsOf(analysis, subject);
  return to && to.length > 0 ? { from: subject.span, to } : undefined;
}

function targetsOf(analysis: Analysis, subject: Subject): readonly Span[] {
  switch (subject.kind) {
    case "path":
      return ofPath(analysis, subject.node, subject.span);
    case "label":
      return subject.label.opened;
    default:
      return subject.declared ? [subject.declared] : [];
  }
}

function ofPath(analysis: Analysis, node: ast.UseDecl | ast.ReadExpr, { source }: Span): readonly Span[] {
  const start = (path: string): Span => ({ source: path, start: 0, end: 0 });
  if (node.kind === "use") {
    const { imports } = analysis.unit(source)!;
    const used = [...imports.values()].find(({ use }) => use === node);
    if (used) return [start(used.unit.path)];
    if (node.from.kind === "modulePath") return [];
  }
  const text = plainText(node.kind === "use" ? (node.from as ast.StringExpr) : node.path);
  const resolved = text === undefined ? undefined : resolvePath(source, text);
  return resolved && "path" in resolved && analysis.request.files.read(resolved.path)
    ? [start(resolved.path)]
    : [];
}

/** All places of what is at this one, in the description and its files. */
export function referencesAt(
  analysis: Analysis,
  source: string,
  offset: number,
  withDeclaration: boolean,
): readonly Span[] {
  const subject = subjectAt(analysis, source, offset);
  if (!subject) return [];
  const places = placesOf(analysis, subject);
  if (withDeclaration) return places;
  if (subject.kind === "label") return subject.label.referred;
  return places.slice(1);
}
