/** Names in expressions. */
import type * as ast from "../syntax/ast.ts";
import { rowOf, type Scalar, scalars } from "../types/scalars.ts";
import { errorType, noneType, scalar, type Type } from "../types/type.ts";
import { bool, none } from "../values/value.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { Scope } from "./scope.ts";

export function inferName(expr: ast.NameExpr, scope: Scope, checker: Checker, expected?: Expected): Typed {
  const { text, span } = expr;
  const entity = scope.find(text);
  switch (entity?.kind) {
    case "variable":
      checker.used.add(entity.variable);
      checker.recorder?.add({
        fact: "means",
        span,
        meaning: { is: "variable", variable: entity.variable },
      });
      return {
        core: { op: "variable", span, variable: entity.variable },
        type: scope.narrowed(text) ?? entity.variable.type,
      };
    case "broken":
      return broken(span);
    case "later":
      checker.error("E0110", span, { name: text, itself: entity.itself });
      return broken(span);
    case "fn":
      checker.error("E0119", span, {
        what: `the function \`${text}\``,
        where: "without its arguments in parentheses",
      });
      return broken(span);
    case undefined:
      return constant(expr) ?? unknown(expr, scope, checker, expected);
  }
}

export const broken = (span: ast.Expr["span"]): Typed => ({ core: { op: "error", span }, type: errorType });

/** Names that every place knows, unless it has a variable of that name. */
function constant({ text, span }: ast.NameExpr): Typed | undefined {
  if (text === "true" || text === "false")
    return { core: { op: "const", span, value: bool(text === "true", span) }, type: scalar("Bool") };
  if (text === "none") return { core: { op: "const", span, value: { ...none, span } }, type: noneType };
  return undefined;
}

function unknown(
  { text, span }: ast.NameExpr,
  scope: Scope,
  checker: Checker,
  expected: Expected | undefined,
): Typed {
  if (isSetting(text, scope, checker)) tooEarly(span, scope, checker);
  else
    checker.error("E0105", span, {
      name: text,
      inScope: scope.names(),
      quote: expected && isText(expected.type) ? `\`"${text}"\`` : undefined,
      hint: scope.need(text)
        ? `\`${text}\` is a module: read what it tells of itself, like \`${text}.${checker.factNames(scope.need(text)!.interface)[0] ?? "name"}\``
        : wordOf(text),
    });
  return broken(span);
}

/** A word of the language's own types, where no type says that it is one. */
function wordOf(text: string): string | undefined {
  const name = (Object.keys(scalars) as Scalar[]).find((it) => rowOf(it).words?.includes(text));
  return (
    name &&
    `\`${text}\` is a \`${name}\` where one is expected: give the \`let\` its type, \`${name}\` or \`Range<${name}>\``
  );
}

/** A name that is no variable here, but a setting or a module. */
export function isSetting(name: string, scope: Scope, checker: Checker): boolean {
  return !scope.settled && (scope.setting(name) !== undefined || checker.isBlockHead(name));
}

export function tooEarly(span: ast.Expr["span"], scope: Scope, checker: Checker): void {
  checker.error("E0405", span, { reader: scope.reader });
}

function isText(type: Type): boolean {
  if (type.kind === "named") return isText(type.type);
  if (type.kind === "refined") return isText(type.base);
  if (type.kind === "optional") return isText(type.inner);
  return (
    type.kind === "scalar" &&
    ["Str", "DomainName", "HostLabel", "Url", "Email", "HttpPath", "MediaType"].includes(type.name)
  );
}

/** `a.b.c` if the expression is names and points only. */
export function pathOf(expr: ast.Expr): string | undefined {
  const names: string[] = [];
  let at = expr;
  while (at.kind === "field") {
    names.unshift(at.name.text);
    at = at.object;
  }
  return at.kind === "name" ? [at.text, ...names].join(".") : undefined;
}

/** The name that a path begins with. */
export function headOf(expr: ast.Expr): ast.NameExpr | undefined {
  let at = expr;
  while (at.kind === "field" || at.kind === "index") at = at.object;
  return at.kind === "name" ? at : undefined;
}
