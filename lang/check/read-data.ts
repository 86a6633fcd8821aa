/** `data "./hosts.csv" : List<Lease>`: what is in a file, read into a type. */
import { type Content, type Format, formatOf, knownEndings, readData } from "../data/formats.ts";
import { IntoType } from "../data/into-type.ts";
import { inNotation } from "../data/notation.ts";
import { rowsOf } from "../data/rows.ts";
import type { SourceText } from "../source/text.ts";
import type * as ast from "../syntax/ast.ts";
import { aType } from "../types/print.ts";
import { rowOf } from "../types/scalars.ts";
import { bare, scalar, type Type } from "../types/type.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core } from "./core.ts";
import { readBy, textOfFile } from "./file-text.ts";
import { wanted as wantedType } from "./mismatch.ts";
import { Scope } from "./scope.ts";

/** Mistakes that are told of one file; more would only be repeated. */
const MOST_MISTAKES = 50;

export function dataAs(
  expr: ast.ReadExpr,
  path: string,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const broken: Core = { op: "error", span: expr.span };
  const format = formatOf(path);
  if (!format) {
    checker.error("E0321", expr.path.span, { path, endings: knownEndings });
    return broken;
  }
  const source = textOfFile(expr, path, checker);
  if (!source || bare(expected.type).kind === "error") return broken;
  let core: Core = broken;
  const found = checker.captured(() => {
    const written = expression(format, source, expected, checker);
    core = written.kind === "error" ? broken : checker.check(written, expected, insideOf(scope));
  });
  for (const diagnostic of found.slice(0, MOST_MISTAKES))
    checker.report(readBy(expr, inNotation(diagnostic, format)));
  return core;
}

/** Nothing of the description can be named in a file. */
function insideOf(scope: Scope): Scope {
  const { unit } = scope.top;
  return new Scope({ unit, value: () => undefined, valueNames: () => [] });
}

function expression(
  format: Format,
  source: SourceText,
  { type, subject }: Expected,
  checker: Checker,
): ast.Expr {
  const content: Content = readData(format, source.text);
  const span = source.span(0, source.text.length);
  if ("fault" in content) {
    const { start, end, reason, help } = content.fault;
    checker.error("E0320", source.span(start, end), { format, reason, help });
    return { kind: "error", span };
  }
  const into = new IntoType(source.path, {
    missing: (at, wanted, what) =>
      checker.error("E0325", at, { subject: what, type: aType(wanted), text: isText(wanted) }),
    unlike: (at, text, name, what, meant) => {
      const written = meant ?? rowOf(name).example;
      checker.error("E0327", at, {
        subject: what,
        type: aType(scalar(name)),
        text: short(text),
        written,
        meant: meant !== undefined,
      });
    },
    form: (at, found, wanted, what, help) =>
      checker.error("E0201", at, { subject: what, expected: wantedType(wanted), found, help }),
  });
  if ("node" in content) return into.expression(content.node, type, subject);
  return rowsOf(content.table, type, subject, into, checker) ?? { kind: "error", span };
}

const short = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 39)}…`);

function isText(type: Type): boolean {
  const it = bare(type);
  return it.kind === "scalar" && rowOf(it.name).shape === "string";
}
