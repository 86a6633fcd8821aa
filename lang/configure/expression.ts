/** One expression, as a command line gives it, over what a description declares and its finished appliances. */
import { blockScope } from "../check/bodies.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { bindRecord } from "../evaluate/query.ts";
import { SourceText } from "../source/text.ts";
import { parseExpression } from "../syntax/parse.ts";
import { printType } from "../types/print.ts";
import type { Value } from "../values/value.ts";
import { Evaluation } from "./evaluation.ts";
import { Front } from "./front.ts";
import { Reports } from "./reports.ts";
import type { Request } from "./request.ts";
import { appliancesOf } from "./tests.ts";

export interface Evaluated {
  /** Undefined if there are errors. */
  readonly value: Value | undefined;
  readonly type: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the spans of the expression call their text. */
export const EXPRESSION = "the expression";

/**
 * It sees what the top of the file declares, the appliances by their names, and, if the request leaves only one, its modules. On the first of
 * the targets that the request leaves.
 */
export function evaluateExpression(request: Request, text: string): Evaluated {
  const reports = new Reports();
  const front = new Front(request, (diagnostic) => reports.add(diagnostic), new SourceText(EXPRESSION, text));
  const checked = front.check();
  const nothing = () => ({ value: undefined, type: undefined, diagnostics: reports.all() });
  const target = checked?.chosen[0];
  if (!checked || !target || reports.failed) return nothing();
  const { checker } = front;
  const evaluation = new Evaluation(front, checked, target, request);
  evaluation.static();
  const variables = appliancesOf(checked, front);
  checked.appliances.forEach((appliance, n) => evaluation.finishFor(variables[n]!, appliance));
  const settings = new Map(variables.map((variable) => [variable.name, variable]));
  let scope = checker.declarations(checked.root).scope.inside({ settled: true, place: "test", settings });
  const [only, other] = variables;
  if (only && !other) {
    const record = evaluation.machine.values.get(only);
    if (record?.kind === "record") bindRecord(checked.type.type, record, undefined, evaluation.machine);
    scope = blockScope(checker.appliance!.view(checked.root), scope);
  }
  const { expr, diagnostics } = parseExpression(EXPRESSION, text);
  for (const each of diagnostics) reports.add(each);
  const typed = diagnostics.length === 0 ? checker.infer(expr, scope) : undefined;
  const { machine } = evaluation;
  const value = typed && !reports.failed ? machine.attempt(() => machine.evaluate(typed.core)) : undefined;
  reports.addFor(target.name, evaluation.diagnostics, false);
  return { value, type: typed && value && printType(typed.type), diagnostics: reports.all() };
}
