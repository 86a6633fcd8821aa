/** Values and the refinements of their types. */
import { conform } from "../evaluate/conform.ts";
import type * as ast from "../syntax/ast.ts";
import { hasRefinements } from "../types/fit.ts";
import type { Type } from "../types/type.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core } from "./core.ts";
import { misfitSpan } from "./texts.ts";

/** Looked at now if the value is known, else when it is. */
export function refine(
  expr: ast.Expr,
  core: Core,
  type: Type,
  { subject }: Expected,
  checker: Checker,
): Core {
  if (!hasRefinements(type) || core.op === "error") return core;
  if (core.op !== "const") return { op: "refine", span: expr.span, value: core, type, subject };
  const { value } = core;
  let known = false;
  const misfit = checker.machine.attempt(() => {
    const found = conform(value, type, checker.machine);
    known = true;
    return found;
  });
  if (!known) return { op: "refine", span: expr.span, value: core, type, subject };
  if (!misfit) return core;
  const inner =
    misfit.value.span && misfit.value !== value
      ? misfit.value.span
      : misfitSpan(expr, misfit.value, misfit.offset);
  checker.report(misfit.diagnostic(inner, subject));
  return { op: "error", span: expr.span };
}
