/** Record literals. */
import type * as ast from "../syntax/ast.ts";
import { exampleOf } from "../types/example.ts";
import { printType } from "../types/print.ts";
import { errorType, type OptionMember, type RecordType } from "../types/type.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { BodyCore, Core } from "./core.ts";
import { newRecord, optionMember } from "./record-type.ts";
import type { Scope } from "./scope.ts";

export function checkRecord(
  expr: ast.RecordExpr,
  type: RecordType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const name = expected.subject ?? type.name ?? "this record";
  const inside = scope.inside({ place: "value", rank: "plain" });
  const body = checker.body(expr.body.items, expr.body.span, type, inside, name);
  if (missesFields(expr, body, type, name, checker)) return { op: "error", span: expr.span };
  return { op: "record", span: expr.span, type, name, body };
}

/** A field without default that is given nowhere is missing however the record is evaluated. */
function missesFields(
  expr: ast.RecordExpr,
  body: BodyCore,
  type: RecordType,
  name: string,
  checker: Checker,
): boolean {
  const dynamic = body.items.some(({ item }) => item === "when" || item === "for");
  if (body.faulty || dynamic) return body.faulty;
  const given = new Set(
    body.items.map((item) =>
      "member" in item ? item.member.name : item.item === "open" ? item.settable.member.name : "",
    ),
  );
  const missing = type.members.filter(
    (member): member is OptionMember =>
      member.kind === "option" && !member.fallback && !given.has(member.name),
  );
  for (const member of missing)
    checker.error("E0111", expr.span, {
      name: member.name,
      block: name,
      type: printType(member.type, type.library),
      docs: member.docs,
      example: exampleOf(member.type),
    });
  return missing.length > 0;
}

/** `{ prio = 10, host = "mail" }` where nothing is expected: only `name = value`. */
export function inferRecord(expr: ast.RecordExpr, scope: Scope, checker: Checker): Typed {
  const members: OptionMember[] = [];
  const items: BodyCore["items"][number][] = [];
  const settings = expr.body.items.filter((item): item is ast.Setting => item.kind === "setting");
  for (const setting of settings) {
    const { path, value, labels, head, rank } = setting;
    const plain = path.steps.length === 0 && labels.length === 0 && !rank;
    const given =
      value.kind === "assign" ? value.value : value.kind === "block" ? recordOf(value.body) : undefined;
    if (!plain || !given || members.some(({ name }) => name === path.head.text)) {
      checker.error("E0208", setting.head, { what: "type this record" });
      return { core: { op: "error", span: expr.span }, type: errorType };
    }
    const { core, type } = checker.infer(given, scope);
    const member = optionMember({
      name: path.head,
      type,
      docs: undefined,
      merge: undefined,
      fallback: undefined,
    });
    members.push(member);
    items.push({
      item: "set",
      span: setting.span,
      member,
      value: core,
      add: false,
      rank: "plain",
      forced: undefined,
      head,
    });
  }
  if (settings.length !== expr.body.items.length) {
    checker.error("E0208", expr.span, { what: "type this record" });
    return { core: { op: "error", span: expr.span }, type: errorType };
  }
  const type = newRecord({
    what: "record",
    library: scope.top.unit.library ?? scope.top.unit.path,
    span: expr.span,
    members,
  });
  const body: BodyCore = { op: "body", span: expr.body.span, items, faulty: false };
  return { core: { op: "record", span: expr.span, type, name: "this record", body }, type };
}

const recordOf = (body: ast.Body): ast.RecordExpr => ({ kind: "record", span: body.span, body });
