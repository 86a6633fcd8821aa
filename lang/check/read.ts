/** `file "./x"` and its relatives. */
import type * as ast from "../syntax/ast.ts";
import { armsWith } from "../types/shape.ts";
import { bare, listOf, type RecordType, scalar, type Type } from "../types/type.ts";
import { list } from "../values/value.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { Core, RecordCore } from "./core.ts";
import { literalOf, readBy, textOfFile } from "./file-text.ts";
import { broken } from "./names.ts";
import { dataAs } from "./read-data.ts";
import { newRecord, optionMember } from "./record-type.ts";
import type { Scope } from "./scope.ts";
import { isWritten, plainText } from "./texts.ts";

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
    case "text": {
      nothingElse(expr, expr.settings ?? expr.type, checker);
      const literal = textLiteral(expr, path, checker);
      return literal ? checker.infer(literal, scope) : broken(expr.span);
    }
    case "data": {
      if (expr.settings) nothingElse(expr, expr.settings, checker);
      if (!expr.type) {
        checker.error("E0326", expr.span, { path });
        return broken(expr.span);
      }
      const type = checker.typeOf(expr.type, scope);
      return { core: dataAs(expr, path, { type }, scope, checker), type };
    }
  }
}

/**
 * A text, or data without a type of its own, where a type is expected. Undefined if the expression is as good as any other there: its own type
 * says what it is.
 */
export function readAs(
  expr: ast.ReadExpr,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core | undefined {
  if (bare(expected.type).kind === "secret") return undefined;
  if (expr.word === "data" && !expr.type && !expr.settings) {
    const path = writtenPath(expr, checker);
    return path === undefined
      ? { op: "error", span: expr.span }
      : dataAs(expr, path, expected, scope, checker);
  }
  if (expr.word !== "text" || expr.settings || expr.type || !takesText(expected.type)) return undefined;
  const path = writtenPath(expr, checker);
  const literal = path === undefined ? undefined : textLiteral(expr, path, checker);
  if (!literal) return { op: "error", span: expr.span };
  let core: Core = { op: "error", span: expr.span };
  const found = checker.captured(() => {
    core = checker.check(literal, expected, scope);
  });
  for (const diagnostic of found) checker.report(readBy(expr, diagnostic));
  return core;
}

const shortText = { characters: 64 * 1024, limit: "64 Ki characters" };

function textLiteral(expr: ast.ReadExpr, path: string, checker: Checker): ast.StringExpr | undefined {
  const source = textOfFile(expr, path, checker, shortText);
  return source && literalOf(source);
}

/** A string literal could stand there. */
function takesText(type: Type): boolean {
  const it = bare(type);
  switch (it.kind) {
    case "scalar":
      return isWritten(it.name);
    case "optional":
      return takesText(it.inner);
    case "union":
      return armsWith(it, ["string"]).length > 0;
    default:
      return it.kind === "ref";
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
