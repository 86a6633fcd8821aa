/** `file "./x"` and its relatives. */
import type * as ast from "../syntax/ast.ts";
import { listOf, type RecordType, scalar, type Type } from "../types/type.ts";
import { list } from "../values/value.ts";
import type { Checker, Typed } from "./checker.ts";
import type { RecordCore } from "./core.ts";
import { broken } from "./names.ts";
import { newRecord, optionMember } from "./record-type.ts";
import type { Scope } from "./scope.ts";
import { plainText } from "./texts.ts";

export function inferRead(expr: ast.ReadExpr, scope: Scope, checker: Checker): Typed {
  const path = writtenPath(expr, checker);
  if (path === undefined) return broken(expr.span);
  switch (expr.word) {
    case "file":
      nothingElse(expr, expr.settings ?? expr.type, checker);
      return {
        core: { op: "file", span: expr.span, path, pathSpan: expr.path.span },
        type: scalar("File"),
      };
    case "dir":
      return readFolder(expr, path, scope, checker);
    default: {
      const later = { text: "reading a text with `text`", data: "reading data with `data`" };
      checker.error("E0090", expr.span, { what: later[expr.word] });
      return broken(expr.span);
    }
  }
}

/** A path is a literal: which files are read is known before anything is evaluated. */
function writtenPath(expr: ast.ReadExpr, checker: Checker): string | undefined {
  const path = plainText(expr.path);
  if (path === undefined)
    checker.error("E0313", expr.path.span, {
      path: checker.textOf(expr.path.span),
      reason: "a path is written out, without holes",
    });
  return path;
}

function nothingElse(
  { word }: ast.ReadExpr,
  extra: { readonly span: ast.Expr["span"] } | undefined,
  checker: Checker,
): void {
  if (extra) checker.error("E0119", extra.span, { what: "more than the path", where: `behind \`${word}\`` });
}

function readFolder(expr: ast.ReadExpr, path: string, scope: Scope, checker: Checker): Typed {
  const { span, settings } = expr;
  nothingElse(expr, expr.type, checker);
  const type = folderSettings(span);
  const at = settings?.span ?? span;
  const body = checker.body(settings?.items ?? [], at, type, scope, "dir");
  if (body.faulty) return broken(span);
  const record: RecordCore = { op: "record", span: at, type, name: "dir", body };
  return { core: { op: "dir", span, path, pathSpan: expr.path.span, settings: record }, type: scalar("Dir") };
}

const nowhere = { source: "", start: 0, end: 0 };

/** What can be set behind `dir "…"`. */
function folderSettings(span: ast.Expr["span"]): RecordType {
  const type: Type = listOf(scalar("Str"));
  const members = ["only", "skip"].map((text) =>
    optionMember({
      name: { kind: "identifier", text, span: nowhere },
      type,
      docs: undefined,
      merge: undefined,
      fallback: { core: { op: "const", span, value: list([], span) }, text: "[]", span },
    }),
  );
  return newRecord({ what: "record", library: "", span, members });
}
