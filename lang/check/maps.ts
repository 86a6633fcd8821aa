/** Map literals. */
import type * as ast from "../syntax/ast.ts";
import { joinTypes } from "../types/fit.ts";
import { aType } from "../types/print.ts";
import { emptyType, errorType, type MapType, mapTypeOf, type Type } from "../types/type.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { Core, MapCore } from "./core.ts";
import { checkLabel, nameAsText } from "./labels.ts";
import type { Scope } from "./scope.ts";

export function mapLiteral(
  expr: ast.MapExpr,
  type: MapType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const entries: MapCore["entries"] = expr.entries.map(({ key, value, span }) => ({
    key: checkLabel(key, type.key, expected.subject ?? "this map", scope, checker),
    value: checker.check(value, { ...expected, type: type.value }, scope),
    span,
  }));
  return { op: "map", span: expr.span, entries };
}

export function inferMap(expr: ast.MapExpr, scope: Scope, checker: Checker): Typed {
  const entries: { key: Core; value: Core; span: ast.Expr["span"] }[] = [];
  let type: { key: Type; value: Type } = { key: emptyType, value: emptyType };
  for (const entry of expr.entries) {
    const written = entry.key.kind === "nameLabel" ? nameAsText(entry.key.name) : entry.key.value;
    const key = checker.infer(written, scope);
    const value = checker.infer(entry.value, scope);
    type = {
      key: join(type.key, key.type, written, checker),
      value: join(type.value, value.type, entry.value, checker),
    };
    entries.push({ key: key.core, value: value.core, span: entry.span });
  }
  return { core: { op: "map", span: expr.span, entries }, type: mapTypeOf(type.key, type.value) };
}

/** The type of elements of which one more is seen. */
export function join(before: Type, next: Type, at: ast.Expr, checker: Checker): Type {
  const joined = joinTypes(before, next);
  if (joined) return joined;
  checker.error("E0210", at.span, { first: aType(before), other: aType(next) });
  return errorType;
}
