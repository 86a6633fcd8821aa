/** Names in expressions. */
import type { Help } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { exampleOf } from "../types/example.ts";
import { aType, printType } from "../types/print.ts";
import { rowOf, type Scalar, scalars } from "../types/scalars.ts";
import { bare, errorType, noneType, scalar, type Type } from "../types/type.ts";
import { bool, none } from "../values/value.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import { currentName } from "./current-name.ts";
import { habitOfName, habitOfWord } from "./habits.ts";
import type { Entity, Scope } from "./scope.ts";

export function inferName(expr: ast.NameExpr, scope: Scope, checker: Checker, expected?: Expected): Typed {
  const { text, span } = expr;
  const entity = olderSetting(expr, scope, checker) ?? scope.find(text);
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

/** A setting of a block around, by a name that it had once. */
function olderSetting(name: ast.NameExpr, scope: Scope, checker: Checker): Entity | undefined {
  const found = scope.outdated(name.text);
  if (found === undefined) return undefined;
  const { of, setting } = found;
  if (currentName(name, of, of.name ?? "", checker) === undefined) return { kind: "broken" };
  return setting && { kind: "variable", variable: setting };
}

export const broken = (span: ast.Expr["span"]): Typed => ({ core: { op: "error", span }, type: errorType });

export const isConstant = (name: string): boolean => ["true", "false", "none"].includes(name);

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
  const habit = expected && habitOfWord({ text, span }, expected.type);
  if (!habit && isSetting(text, scope, checker)) tooEarly(span, scope, checker);
  else
    checker.error("E0105", span, {
      name: text,
      inScope: scope.names(),
      quote: expected && isText(expected.type) ? `\`"${text}"\`` : undefined,
      hint: habit ?? hintFor(text, text, scope, checker),
      wanted: expected && inWords(expected.type),
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

/** What may have been meant by a name that nothing has; `path` goes on with what stands behind it. */
function hintFor(name: string, path: string, scope: Scope, checker: Checker): Help | string | undefined {
  const need = scope.need(name);
  if (need)
    return `\`${name}\` is a module: read what it tells of itself, like \`${name}.${checker.factNames(need.interface)[0] ?? "name"}\``;
  const library = path === name ? undefined : checker.libraryCalled(name, scope.top.unit);
  return library ?? habitOfName(name, path) ?? (path === name ? wordOf(name) : undefined);
}

/** The head of `a.b` means nothing: where a text is wanted, all of it may be one. */
export function unknownPath(
  expr: ast.FieldExpr,
  head: ast.NameExpr,
  scope: Scope,
  checker: Checker,
  expected: Expected | undefined,
): Typed {
  const path = pathOf(expr) ?? head.text;
  const quote = expected && isText(expected.type) && path !== head.text ? `"${path}"` : undefined;
  checker.error("E0105", quote ? expr.span : head.span, {
    name: quote ? path : head.text,
    inScope: scope.names(),
    quote: quote && `\`${quote}\``,
    hint: quote ? undefined : hintFor(head.text, path, scope, checker),
    wanted: expected && inWords(expected.type),
  });
  return broken(expr.span);
}

/** A name that is no variable here, but a setting or a module. */
export function isSetting(name: string, scope: Scope, checker: Checker): boolean {
  return !scope.settled && (scope.setting(name) !== undefined || checker.isBlockHead(name));
}

export function tooEarly(span: ast.Expr["span"], scope: Scope, checker: Checker): void {
  checker.error("E0405", span, { reader: scope.reader });
}

/** `a Duration, like `5min``. */
function inWords(type: Type): string {
  const example = exampleOf(type);
  return `${wantedType(type)}${example === undefined ? "" : `, like \`${example}\``}`;
}

function wantedType(type: Type): string {
  const it = bare(type);
  if (it.kind === "optional") return wantedType(it.inner);
  return it.kind === "union" ? `one of \`${printType(it)}\`` : aType(type);
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
