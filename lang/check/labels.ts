/** Labels of blocks and keys of maps: a bare name is a name. */
import type * as ast from "../syntax/ast.ts";
import { bare, type Type } from "../types/type.ts";
import type { Checker } from "./checker.ts";
import type { Core } from "./core.ts";
import type { Scope } from "./scope.ts";

export function checkLabel(
  label: ast.EntryLabel,
  type: Type,
  subject: string,
  scope: Scope,
  checker: Checker,
): Core {
  return checker.check(expressionOf(label, type), { type, subject }, scope);
}

/** The expression that the label stands for. */
function expressionOf(label: ast.EntryLabel, type: Type): ast.Expr {
  switch (label.kind) {
    case "literalLabel":
      return label.value;
    case "computedLabel":
      return label.value;
    case "nameLabel":
      return isWordy(type)
        ? { kind: "word", span: label.span, name: label.name, body: undefined }
        : nameAsText(label.name);
  }
}

/** A name written as if it were in quotes; its places are those of the name. */
export function nameAsText({ text, span }: ast.Name): ast.StringExpr {
  return {
    kind: "string",
    span,
    raw: text,
    parts: [{ kind: "textPart", span, value: text, offsets: undefined }],
  };
}

/** The names of the type are its words, not texts. */
function isWordy(type: Type): boolean {
  const it = bare(type);
  if (it.kind === "ref") return true;
  return (
    it.kind === "union" &&
    it.arms.some((arm) => arm.kind === "word" || (arm.kind === "type" && isWordy(arm.type)))
  );
}
