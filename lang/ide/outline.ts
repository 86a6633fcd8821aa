/** What a file consists of, as a tree of names. */

import { plainText } from "../check/texts.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import type { Analysis } from "./analysis.ts";

export interface Entry {
  readonly name: string;
  /** `let`, `appliance`, `setting`, `block` … */
  readonly kind: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly inner: readonly Entry[];
}

export function outlineOf(analysis: Analysis, source: string): readonly Entry[] {
  const unit = analysis.unit(source);
  return unit?.ast.items.flatMap((item) => entry(item, unit.source.text)) ?? [];
}

function entry(item: ast.Top | ast.Item | ast.Member, text: string): readonly Entry[] {
  switch (item.kind) {
    case "error":
    case "use":
    case "assert":
    case "include":
    case "library":
      return [];
    case "test":
      return [
        {
          name: plainText(item.title) ?? "test",
          kind: "test",
          span: item.span,
          nameSpan: item.title.span,
          inner: [],
        },
      ];
    case "diagnosticDecl":
      return [named(item.code, "diagnostic", item.span, [])];
    case "appliance":
    case "fragment":
    case "target":
      return [named(item.name, item.kind, item.span, items(item.body, text))];
    case "blockDecl":
    case "moduleDecl":
      return [
        named(
          item.name,
          item.kind === "blockDecl" ? "block" : "module",
          item.span,
          item.members.flatMap((it) => entry(it, text)),
        ),
      ];
    case "when":
    case "for":
      return items(item.body, text);
    case "setting":
      return setting(item, text);
    case "claims":
    case "code":
    case "part":
    case "offers":
    case "size":
      return [];
    default:
      return [named(item.name, item.kind === "interfaceDecl" ? "interface" : item.kind, item.span, [])];
  }
}

const items = ({ items: all }: ast.Body, text: string): readonly Entry[] =>
  all.flatMap((item) => entry(item, text));

const named = (
  { text: name, span: nameSpan }: ast.Name,
  kind: string,
  span: Span,
  inner: readonly Entry[],
): Entry => ({ name, kind, span, nameSpan, inner });

function setting({ head, value, span }: ast.Setting, text: string): readonly Entry[] {
  const body =
    value.kind === "block"
      ? value.body
      : value.kind === "assign" && value.value.kind === "record"
        ? value.value.body
        : undefined;
  const name = text.slice(head.start, head.end).replace(/\s+/g, " ");
  return [
    { name, kind: body ? "block" : "setting", span, nameSpan: head, inner: body ? items(body, text) : [] },
  ];
}
