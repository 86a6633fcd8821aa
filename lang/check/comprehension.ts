/** `for` in lists and bodies. */
import type { Help } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { aType } from "../types/print.ts";
import type { Scalar } from "../types/scalars.ts";
import { bare, errorType, listOf, scalar, type Type } from "../types/type.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { Core, Variable } from "./core.ts";
import { rangeWithMinus } from "./habits.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { Scope } from "./scope.ts";

export interface Loop {
  readonly source: Core;
  readonly variables: readonly Variable[];
  /** With the variables. */
  readonly scope: Scope;
}

/** Ranges of these can be gone through step by step. */
const steps: readonly Scalar[] = ["Int", "Port", "Ip", "Ip4", "Ip6", "Weekday", "Date"];

/** The source and its variables; one takes the elements, two take keys or positions and elements. */
export function loopOver(names: readonly ast.Name[], from: ast.Expr, scope: Scope, checker: Checker): Loop {
  const { core, type } = checker.infer(from, scope.inside({ reader: "`for`" }));
  const { key, element } = elementsOf(type, from, checker);
  const inner = scope.inside();
  const types = names.length > 1 ? [key, element] : [element];
  const variables = names.slice(0, 2).map(
    (name, index): Variable => ({
      name: name.text,
      type: types[index]!,
      span: name.span,
      role: "loop",
    }),
  );
  for (const extra of names.slice(2))
    checker.error("E0119", extra.span, {
      what: "a third name",
      where: "in `for`: there are keys and elements",
    });
  for (const variable of variables) inner.declare(variable);
  const source: Core = bare(element).kind === "error" ? { op: "error", span: from.span } : core;
  return { source, variables, scope: inner };
}

function elementsOf(type: Type, from: ast.Expr, checker: Checker): { key: Type; element: Type } {
  const it = bare(type);
  const int = scalar("Int");
  switch (it.kind) {
    case "list":
      return { key: int, element: it.element };
    case "map":
      return { key: it.key, element: it.value };
    case "range": {
      const element = bare(it.element);
      if (element.kind === "scalar" && steps.includes(element.name)) return { key: int, element: it.element };
      break;
    }
    case "error":
      return { key: it, element: it };
    case "secret":
      refuseSecret(from, type, "opened", checker);
      return { key: errorType, element: errorType };
    default:
  }
  checker.error("E0218", from.span, {
    found: aType(type),
    help: rangeWithMinus(from, (span) => checker.textOf(span)) ?? timesOf(from),
  });
  return { key: { kind: "error" }, element: { kind: "error" } };
}

/** With an expectation, that of the elements. */
export function listFor(
  expr: ast.ListForExpr,
  element: Expected | undefined,
  scope: Scope,
  checker: Checker,
): Typed {
  const { source, variables, scope: inner } = loopOver(expr.names, expr.source, scope, checker);
  const condition = expr.condition && checker.check(expr.condition, { type: scalar("Bool") }, inner);
  const value: Typed = element
    ? { core: checker.check(expr.value, element, inner), type: element.type }
    : checker.infer(expr.value, inner);
  return {
    core: { op: "listFor", span: expr.span, variables, source, condition, value: value.core },
    type: listOf(value.type),
  };
}

/** A number where it is meant how often. */
function timesOf(from: ast.Expr): Help | undefined {
  if (from.kind !== "int" || /^0[xb]|_|^[01]$/.test(from.raw)) return undefined;
  const text = `1..${from.raw}`;
  return { text: `for so many times, go through a range: \`${text}\``, edit: { span: from.span, text } };
}
