/** Pins, network devices and disks: names that the target's board gives a meaning. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { rowOf } from "../types/scalars.ts";
import { bare, type DeviceType, listOf, type Type } from "../types/type.ts";
import { str } from "../values/value.ts";
import { accept } from "./accept.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core } from "./core.ts";
import { mismatch } from "./mismatch.ts";
import type { Scope } from "./scope.ts";

/** A bare name, or any text: what it means is known when the target is. */
export function checkDevice(
  expr: ast.Expr,
  type: DeviceType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const named = (name: string, span: Span): Core => ({
    op: "device",
    span,
    of: type.of,
    name: { op: "const", span, value: str(name, span) },
  });
  if (expr.kind === "word" && !expr.body) return named(expr.name.text, expr.span);
  if (expr.kind === "name") {
    const entity = scope.find(expr.text);
    if (!entity && expr.text !== "none") return named(expr.text, expr.span);
    if (entity?.kind === "variable" && !names(entity.variable.type, type)) {
      checker.error("E0213", expr.span, { name: expr.text, of: `a ${type.of} of the board` });
      return { op: "error", span: expr.span };
    }
  }
  if (expr.kind === "int" && type.of === "Pin") {
    const text = `gpio${expr.raw}`;
    checker.error("E0201", expr.span, {
      subject: expected.subject,
      expected: "a Pin",
      found: "an Int",
      help: { text: `write \`${text}\``, edit: { span: expr.span, text } },
      declared: expected.declared,
    });
    return { op: "error", span: expr.span };
  }
  if (expr.kind === "list") {
    mismatch(expr, listOf(type), expected, checker);
    return { op: "error", span: expr.span };
  }
  const { core, type: found } = checker.infer(expr, scope);
  const it = bare(found);
  if (it.kind === "device" || it.kind === "error") return accept(expr, expected, scope, checker);
  if (names(found, type)) return { op: "device", span: expr.span, of: type.of, name: core };
  mismatch(expr, found, expected, checker);
  return { op: "error", span: expr.span };
}

/** Any text can name one. */
function names(type: Type, device: DeviceType): boolean {
  const it = bare(type);
  if (it.kind === "device") return it.of === device.of;
  return it.kind === "error" || (it.kind === "scalar" && rowOf(it.name).kind === "str");
}
