/** Expressions of which nothing is expected. */
import type * as ast from "../syntax/ast.ts";
import { joinTypes } from "../types/fit.ts";
import { emptyType, listOf, scalar, type Type } from "../types/type.ts";
import { list } from "../values/value.ts";
import { branches, match } from "./branches.ts";
import { inferCall } from "./calls.ts";
import type { Checker, Typed } from "./checker.ts";
import { listFor } from "./comprehension.ts";
import { inferField, inferIndex } from "./fields.ts";
import { typedLiteral } from "./literals.ts";
import { inferMap, join } from "./maps.ts";
import { mismatch } from "./mismatch.ts";
import { broken, inferName } from "./names.ts";
import { inferBinary, inferUnary } from "./operators.ts";
import { inferRead } from "./read.ts";
import { inferRecord } from "./records.ts";
import type { Scope } from "./scope.ts";
import { inferText } from "./texts.ts";
import { inferWith } from "./with.ts";

export function inferExpr(expr: ast.Expr, scope: Scope, checker: Checker): Typed {
  switch (expr.kind) {
    case "name":
      return inferName(expr, scope, checker);
    case "string":
      return inferText(expr, scope, checker);
    case "word":
      checker.error("E0208", expr.span, { what: `type \`.${expr.name.text}\`` });
      return broken(expr.span);
    case "list":
      return inferList(expr, scope, checker);
    case "listFor":
      return listFor(expr, undefined, scope, checker);
    case "map":
      return inferMap(expr, scope, checker);
    case "record":
      return expr.body.items.length === 0
        ? inferMap({ kind: "map", span: expr.span, entries: [] }, scope, checker)
        : inferRecord(expr, scope, checker);
    case "tuple":
      return inferTuple(expr, scope, checker);
    case "read":
      return inferRead(expr, scope, checker);
    case "if":
      return branches(expr, undefined, scope, checker);
    case "match":
      return match(expr, undefined, scope, checker);
    case "unary":
      return inferUnary(expr, scope, checker);
    case "binary":
      return inferBinary(expr, scope, checker);
    case "range":
      return inferRange(expr, scope, checker);
    case "field":
      return inferField(expr, scope, checker);
    case "index":
      return inferIndex(expr, scope, checker);
    case "call":
      return inferCall(expr, scope, checker);
    case "with":
      return inferWith(expr, scope, checker);
    case "error":
      return broken(expr.span);
    default: {
      const { value, type } = typedLiteral(expr, checker);
      return value ? { core: { op: "const", span: expr.span, value }, type } : broken(expr.span);
    }
  }
}

function inferList(expr: ast.ListExpr, scope: Scope, checker: Checker): Typed {
  const items = expr.items.map((item) => checker.infer(item, scope));
  let element: Type = emptyType;
  for (const [index, { type }] of items.entries()) element = join(element, type, expr.items[index]!, checker);
  const values = items.map(({ core }) => (core.op === "const" ? core.value : undefined));
  const type = listOf(element);
  if (values.every((value) => value !== undefined))
    return { core: { op: "const", span: expr.span, value: list(values, expr.span) }, type };
  return { core: { op: "list", span: expr.span, items: items.map(({ core }) => core) }, type };
}

function inferTuple(expr: ast.TupleExpr, scope: Scope, checker: Checker): Typed {
  const items = expr.items.map((item) => checker.infer(item, scope));
  return {
    core: { op: "tuple", span: expr.span, items: items.map(({ core }) => core) },
    type: { kind: "tuple", items: items.map(({ type }) => type) },
  };
}

function inferRange(expr: ast.RangeExpr, scope: Scope, checker: Checker): Typed {
  const low = checker.infer(expr.low, scope);
  const high = checker.infer(expr.high, scope);
  const element = joinTypes(low.type, high.type);
  if (!element) {
    mismatch(expr.high, high.type, { type: low.type }, checker);
    return broken(expr.span);
  }
  const type: Type = element.kind === "error" ? scalar("Int") : element;
  return {
    core: { op: "range", span: expr.span, low: low.core, high: high.core },
    type: { kind: "range", element: type },
  };
}
