/** `r with { port = 81 }`: a copy of a record in which some fields differ. */
import type * as ast from "../syntax/ast.ts";
import { hasRefinements } from "../types/fit.ts";
import { aType } from "../types/print.ts";
import { bare, type RecordType, unnamed } from "../types/type.ts";
import type { Checker, Typed } from "./checker.ts";
import type { Core } from "./core.ts";
import { broken } from "./names.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { Scope } from "./scope.ts";

export function inferWith(expr: ast.WithExpr, scope: Scope, checker: Checker): Typed {
  const { core, type } = checker.infer(expr.object, scope);
  const it = bare(type);
  if (it.kind === "error" || it.kind === "empty") return broken(expr.span);
  if (it.kind === "secret") {
    refuseSecret(expr.object, it, "opened", checker);
    return broken(expr.span);
  }
  if (it.kind !== "record" || it.what !== "record") {
    const what = it.kind === "optional" ? `${aType(it)}, which may be \`none\`,` : aType(type);
    const why =
      it.kind === "record" ? "`with` copies records, and blocks are no values" : "`with` copies records";
    checker.error("E0219", expr.object.span, { what: "copied by `with`", type: what, why });
    return broken(expr.span);
  }
  return copy(expr, core, it, type, scope, checker);
}

function copy(
  expr: ast.WithExpr,
  object: Core,
  record: RecordType,
  type: Typed["type"],
  scope: Scope,
  checker: Checker,
): Typed {
  const { span, body: written } = expr;
  const name = type.kind === "named" ? type.name : "this record";
  const inside = scope.inside({ place: "value", rank: "plain" });
  const body = checker.body(written.items, written.span, record, inside, name);
  if (body.faulty) return broken(span);
  const core: Core = { op: "with", span, object, type: record, name, body };
  // what holds for all fields together has to hold again
  const again = unnamed(type).kind === "refined" && hasRefinements(type);
  return { core: again ? { op: "refine", span, value: core, type, subject: undefined } : core, type };
}
