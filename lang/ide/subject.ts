/** What stands at a place: a name with its declaration and all its uses, or the label of a block. */
import type { Meaning } from "../check/recorder.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import type { Analysis } from "./analysis.ts";
import { declarationOf, isIn, keyOf } from "./facts.ts";
import { type Labelled, labelAt } from "./labels.ts";
import { type Declared, declaredBy, pathTo } from "./nodes.ts";

export type Subject =
  | {
      readonly kind: "name";
      readonly span: Span;
      readonly meaning: Meaning;
      readonly declared: Span | undefined;
    }
  | { readonly kind: "declaration"; readonly span: Span; readonly declared: Span; readonly by: Declared }
  | { readonly kind: "label"; readonly span: Span; readonly label: Labelled }
  /** A path in quotes, or the path of a library. */
  | { readonly kind: "path"; readonly span: Span; readonly node: ast.UseDecl | ast.ReadExpr };

export function subjectAt(analysis: Analysis, source: string, offset: number): Subject | undefined {
  const unit = analysis.unit(source);
  if (!unit) return undefined;
  const path = pathTo(unit.ast, offset);
  for (const node of path.toReversed()) {
    if (node.kind === "use") {
      const use = node as ast.UseDecl;
      if (isIn(use.from.span, source, offset)) return { kind: "path", span: use.from.span, node: use };
    }
    if (node.kind === "read") {
      const read = node as ast.ReadExpr;
      if (isIn(read.path.span, source, offset)) return { kind: "path", span: read.path.span, node: read };
    }
    const by = declaredBy(node).find(({ name }) => isIn(name.span, source, offset));
    if (by) return { kind: "declaration", span: by.name.span, declared: by.name.span, by };
  }
  const named = analysis.facts.at("means", source, offset);
  const label = labelAt(analysis, source, offset);
  const labelSpan = label && [...label.opened, ...label.referred].find((it) => isIn(it, source, offset));
  if (label && labelSpan && !(named && named.span.start === offset && labelSpan.end === offset))
    return { kind: "label", span: labelSpan, label };
  if (!named) return undefined;
  const { span, meaning } = named;
  return { kind: "name", span, meaning, declared: declarationOf(meaning) };
}

/** The declaration that begins at a place. */
export function declarationAt(analysis: Analysis, span: Span): Declared | undefined {
  const unit = analysis.unit(span.source);
  if (!unit) return undefined;
  for (const node of pathTo(unit.ast, span.start).toReversed()) {
    const found = declaredBy(node).find(({ name }) => name.span.start === span.start);
    if (found) return found;
  }
  return undefined;
}

/** Every place that has the name, its declaration first; each once. */
export function placesOf(analysis: Analysis, subject: Subject): readonly Span[] {
  if (subject.kind === "path") return [];
  if (subject.kind === "label") return once([...subject.label.opened, ...subject.label.referred]);
  const { declared } = subject;
  if (!declared || (subject.kind === "name" && subject.meaning.is === "library")) return [];
  const key = keyOf(declared);
  const uses = analysis.facts.every("means").flatMap(({ span, meaning }) => {
    const at = meaning.is === "library" ? undefined : declarationOf(meaning);
    return at && keyOf(at) === key ? [span] : [];
  });
  return once([declared, ...uses]);
}

function once(spans: readonly Span[]): readonly Span[] {
  const seen = new Set<string>();
  return spans.filter((span) => !seen.has(keyOf(span)) && seen.add(keyOf(span)));
}
