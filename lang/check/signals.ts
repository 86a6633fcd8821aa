/** Run-time values of blocks, where one is wanted. */
import type * as ast from "../syntax/ast.ts";
import { printType } from "../types/print.ts";
import type { SignalType } from "../types/type.ts";
import { accept } from "./accept.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core } from "./core.ts";
import { type SignalPath, signalPath } from "./read-signal.ts";
import type { Scope } from "./scope.ts";
import { plainText } from "./texts.ts";

/** For an editor: the label of the block that has the signal. */
function recordOwner(
  { head, names, label }: SignalPath,
  { span: whole }: ast.Expr,
  { recorder }: Checker,
): void {
  const to = { library: "", block: "" };
  if (label?.kind === "string")
    recorder?.add({ fact: "reference", span: label.span, to, text: plainText(label) ?? "", whole });
  else if (!label && names.length === 1)
    recorder?.add({ fact: "reference", span: head.span, to, text: head.text, whole });
}

/** `air.temperature`, `gpio.output["vent"].state`; anything else is a value that is a signal already. */
export function checkSignal(
  expr: ast.Expr,
  type: SignalType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const path = signalPath(expr);
  if (path && scope.find(path.head.text)?.kind === undefined) {
    const label = path.label && checker.infer(path.label, scope).core;
    if (label?.op === "error") return label;
    recordOwner(path, expr, checker);
    const text = checker.textOf(expr.span).replace(/\s+/g, " ");
    return {
      op: "signal",
      span: expr.span,
      text,
      path: path.names,
      label,
      name: path.signal.text,
      carries: type.carries,
    };
  }
  if (expr.kind === "name" && scope.find(expr.text) === undefined && expr.text !== "none") {
    const names = [...checker.signals().names];
    checker.error("E0222", expr.span, { name: expr.text, type: printType(type), names });
    return { op: "error", span: expr.span };
  }
  return accept(expr, expected, scope, checker);
}
