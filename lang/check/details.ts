/** What the author of a check says besides its message: `{ at policy = "…"; also (host[a]) = "…"; help = "…"; note = "…" }`. */
import type * as ast from "../syntax/ast.ts";
import { fits } from "../types/fit.ts";
import { listOf, scalar } from "../types/type.ts";
import type { Checker } from "./checker.ts";
import type { Core, Details, Pointer } from "./core.ts";
import { mismatch } from "./mismatch.ts";
import type { Scope } from "./scope.ts";

export function detailsOf(body: ast.Body, scope: Scope, checker: Checker): Details {
  const at: Pointer[] = [];
  const also: Pointer[] = [];
  const helps: Core[] = [];
  const notes: Core[] = [];
  for (const item of body.items) {
    if (item.kind === "error") continue;
    const word = item.kind === "setting" ? item.path.head.text : "";
    const pointers = { at, also }[word];
    const texts = { help: helps, note: notes }[word];
    const pointer = pointers && item.kind === "setting" ? pointerOf(item, scope, checker) : undefined;
    if (pointer) pointers?.push(pointer);
    else if (texts && item.kind === "setting" && item.value.kind === "assign" && item.labels.length === 0)
      texts.push(textOf(item.value.value, scope, checker));
    else
      checker.error("E0119", item.span, {
        what: "this",
        where:
          'behind a message: there is `at PLACE = "…"`, `also PLACE = "…"`, `help = "…"` and `note = "…"`',
      });
  }
  return { at: at[0], also, helps, notes };
}

/** `at policy = "…"`, `also (host[a]) = "…"`. */
function pointerOf({ labels, value }: ast.Setting, scope: Scope, checker: Checker): Pointer | undefined {
  const [label, extra] = labels;
  if (!label || extra || value.kind !== "assign" || label.kind === "literalLabel") return undefined;
  const place: ast.Expr =
    label.kind === "nameLabel" ? { kind: "name", span: label.span, text: label.name.text } : label.value;
  return {
    place: checker.infer(place, scope).core,
    text: checker.check(value.value, { type: scalar("Str") }, scope),
  };
}

/** A text, or a list of texts. */
function textOf(expr: ast.Expr, scope: Scope, checker: Checker): Core {
  if (expr.kind === "string") return checker.check(expr, { type: scalar("Str") }, scope);
  const { core, type } = checker.infer(expr, scope);
  if (fits(type, scalar("Str")) === "yes" || fits(type, listOf(scalar("Str"))) === "yes") return core;
  mismatch(expr, type, { type: scalar("Str") }, checker);
  return { op: "error", span: expr.span };
}
