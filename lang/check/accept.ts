/** An expression whose type is its own, where a type is expected. */
import type * as ast from "../syntax/ast.ts";
import { fits } from "../types/fit.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core } from "./core.ts";
import { inferField } from "./fields.ts";
import { mismatch } from "./mismatch.ts";
import { headOf, inferName } from "./names.ts";
import { refine } from "./refine.ts";
import type { Scope } from "./scope.ts";

export function accept(expr: ast.Expr, expected: Expected, scope: Scope, checker: Checker): Core {
  // what a word means is said by the type, and that one has been reported
  const head = expected.type.kind === "error" ? headOf(expr) : undefined;
  if (head && scope.find(head.text) === undefined) return { op: "error", span: expr.span };
  const { core, type } =
    expr.kind === "name"
      ? inferName(expr, scope, checker, expected)
      : expr.kind === "field"
        ? inferField(expr, scope, checker, expected)
        : checker.infer(expr, scope);
  switch (fits(type, expected.type)) {
    case "yes":
      return core;
    case "refine":
      return refine(expr, core, expected.type, expected, checker);
    case "no":
      mismatch(expr, type, expected, checker);
      return { op: "error", span: expr.span };
  }
}
