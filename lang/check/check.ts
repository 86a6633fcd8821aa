/** Expressions as values of a type. */
import { concatenate } from "../evaluate/operations/comparison.ts";
import type * as ast from "../syntax/ast.ts";
import { fits } from "../types/fit.ts";
import { rowOf, type Scalar } from "../types/scalars.ts";
import { bare, type RecordType, type RefType, type Type } from "../types/type.ts";
import { plain } from "../values/print.ts";
import { list, none, str, tuple, type Value } from "../values/value.ts";
import { accept } from "./accept.ts";
import { branches, match } from "./branches.ts";
import type { Checker, Expected } from "./checker.ts";
import { listFor } from "./comprehension.ts";
import type { Core } from "./core.ts";
import { checkDevice } from "./devices.ts";
import { literalAs } from "./literals.ts";
import { mapLiteral } from "./maps.ts";
import { mismatch } from "./mismatch.ts";
import { isSetting } from "./names.ts";
import { portSum } from "./operators.ts";
import { readAs } from "./read.ts";
import { checkRecord } from "./records.ts";
import { refine } from "./refine.ts";
import type { Scope } from "./scope.ts";
import { atBootAs, secretAs } from "./secrets.ts";
import { checkSignal } from "./signals.ts";
import { isWritten, textAs } from "./texts.ts";
import { checkUnion } from "./unions.ts";

export function checkExpr(expr: ast.Expr, expected: Expected, scope: Scope, checker: Checker): Core {
  if (expr.kind === "error") return { op: "error", span: expr.span };
  const { type } = expected;
  const read = expr.kind === "read" ? readAs(expr, expected, scope, checker) : undefined;
  if (read) return read;
  if (type.kind === "named" || type.kind === "refined") {
    const subject = expected.subject ?? (expr.kind === "record" ? nameOf(type) : undefined);
    const core = ofBare(expr, { ...expected, type: bare(type), subject }, scope, checker);
    return hasLayers(type) ? refine(expr, core, type, expected, checker) : core;
  }
  return ofBare(expr, expected, scope, checker);
}

/** What a record without a place of its own is called. */
function nameOf(type: Type): string | undefined {
  if (type.kind === "refined") return nameOf(type.base);
  return type.kind === "named" ? type.name : undefined;
}

/** Refinements of the type itself; those of its parts are looked at with the parts. */
function hasLayers(type: Type): boolean {
  let it = type;
  while (it.kind === "named") it = it.type;
  return it.kind === "refined";
}

/** `expected.type` is bare. */
function ofBare(expr: ast.Expr, expected: Expected, scope: Scope, checker: Checker): Core {
  const { type } = expected;
  if (expr.kind === "if") return branches(expr, expected, scope, checker).core;
  if (expr.kind === "match") return match(expr, expected, scope, checker).core;
  switch (type.kind) {
    case "optional":
      if (expr.kind === "name" && expr.text === "none" && !hasNone(type.inner) && !scope.find("none"))
        return { op: "const", span: expr.span, value: { ...none, span: expr.span } };
      return ofOptional(expr, type.inner, expected, scope, checker);
    case "union":
      return checkUnion(expr, type, expected, scope, checker);
    case "ref":
      return checkRef(expr, type, expected, scope, checker);
    case "device":
      return checkDevice(expr, type, expected, scope, checker);
    case "signal":
      return checkSignal(expr, type, expected, scope, checker);
    case "secret":
      return type.open
        ? atBootAs(expr, type, expected, scope, checker)
        : secretAs(expr, type, expected, scope, checker);
    default:
      return structural(expr, expected, scope, checker);
  }
}

function hasNone(type: Type): boolean {
  const it = bare(type);
  return it.kind === "union" && it.arms.some((arm) => arm.kind === "word" && arm.word === "none");
}

/** A value that may be `none` itself goes in as it is; all else is for the inner type. */
function ofOptional(expr: ast.Expr, inner: Type, expected: Expected, scope: Scope, checker: Checker): Core {
  const it = bare(inner);
  const word =
    expr.kind === "name" && it.kind === "scalar" && !scope.find(expr.text) && bareWord(expr, it.name);
  const passes =
    ["name", "field", "index", "call"].includes(expr.kind) &&
    !["union", "ref", "device", "signal"].includes(it.kind);
  if (passes && !word) return accept(expr, expected, scope, checker);
  return checker.check(expr, { ...expected, type: inner }, scope);
}

function structural(expr: ast.Expr, expected: Expected, scope: Scope, checker: Checker): Core {
  const { type } = expected;
  switch (expr.kind) {
    case "list":
      if (type.kind === "list")
        return ofItems(
          expr,
          expr.items.map(() => type.element),
          list,
          expected,
          scope,
          checker,
        );
      break;
    case "listFor":
      if (type.kind === "list")
        return listFor(expr, { ...expected, type: type.element }, scope, checker).core;
      break;
    case "tuple":
      if (type.kind === "tuple" && type.items.length === expr.items.length)
        return ofItems(expr, type.items, tuple, expected, scope, checker);
      break;
    case "map":
      if (type.kind === "map") return mapLiteral(expr, type, expected, scope, checker);
      break;
    case "record":
      return ofRecord(expr, expected, scope, checker);
    case "range":
      if (type.kind === "range") {
        const end = (it: ast.Expr) => checker.check(it, { ...expected, type: type.element }, scope);
        return { op: "range", span: expr.span, low: end(expr.low), high: end(expr.high) };
      }
      break;
    case "string":
      if (type.kind === "scalar" && isWritten(type.name))
        return textAs(expr, type.name, expected, scope, checker);
      break;
    case "name": {
      const value = type.kind === "scalar" && !scope.find(expr.text) ? bareWord(expr, type.name) : undefined;
      if (value) return { op: "const", span: expr.span, value };
      const words = type.kind === "scalar" ? rowOf(type.name).words : undefined;
      if (words && !scope.find(expr.text) && !isSetting(expr.text, scope, checker)) {
        const { subject, declared } = expected;
        checker.error("E0206", expr.span, { subject, word: expr.text, words, declared });
        return { op: "error", span: expr.span };
      }
      break;
    }
    case "binary": {
      const port = type.kind === "scalar" && type.name === "Port" ? portSum(expr, scope, checker) : undefined;
      if (port) return port;
      if (expr.operator === "++" && type.kind === "list") return joined(expr, expected, scope, checker);
      break;
    }
    case "unary":
      return negative(expr, expected, scope, checker);
    case "word":
      if (type.kind === "scalar" && !expr.body) {
        const value = bareWord(expr.name, type.name, expr.span);
        if (value) return { op: "const", span: expr.span, value };
      }
      checker.error("E0206", expr.span, { subject: expected.subject, word: `.${expr.name.text}`, words: [] });
      return { op: "error", span: expr.span };
    case "int":
    case "dec":
    case "ip4":
    case "ip6":
    case "prefix":
    case "socket":
    case "mac":
    case "rate":
    case "date":
    case "instant":
    case "timeOfDay":
    case "hash":
    case "quantity":
    case "regex":
      if (type.kind === "scalar") {
        const value = literalAs(expr, type.name, expected, checker);
        return value ? { op: "const", span: expr.span, value } : { op: "error", span: expr.span };
      }
  }
  return accept(expr, expected, scope, checker);
}

/** Both parts of a list are lists of what is expected. */
function joined(expr: ast.BinaryExpr, expected: Expected, scope: Scope, checker: Checker): Core {
  const args = [expr.left, expr.right].map((part) => checker.check(part, expected, scope));
  if (args.some(({ op }) => op === "error")) return { op: "error", span: expr.span };
  return { op: "apply", span: expr.span, name: "++", run: concatenate, args };
}

/** A name that is a value of a type whose values are words: `mon`. */
function bareWord(
  { text, span }: Pick<ast.NameExpr, "text" | "span">,
  name: Scalar,
  at: ast.Expr["span"] = span,
): Value | undefined {
  const day = rowOf(name).words?.indexOf(text) ?? -1;
  return day < 0 ? undefined : { kind: "weekday", day, span: at };
}

/** `-0.4°C`: the literal behind the sign takes the expected type. */
function negative(expr: ast.UnaryExpr, expected: Expected, scope: Scope, checker: Checker): Core {
  const { operand } = expr;
  const { type } = expected;
  const numeric = operand.kind === "int" || operand.kind === "dec" || operand.kind === "quantity";
  if (expr.operator !== "-" || !numeric || type.kind !== "scalar")
    return accept(expr, expected, scope, checker);
  const value = literalAs(operand, type.name, expected, checker);
  if (!value) return { op: "error", span: expr.span };
  const negated = negate(value);
  if (negated) return { op: "const", span: expr.span, value: { ...negated, span: expr.span } };
  return accept(expr, expected, scope, checker);
}

function negate(value: Value): Value | undefined {
  switch (value.kind) {
    case "int":
      return { ...value, value: -value.value };
    case "dec":
      return { ...value, digits: -value.digits };
    case "measure":
      return { ...value, millionths: -value.millionths };
    default:
      return undefined;
  }
}

function ofItems(
  expr: ast.ListExpr | ast.TupleExpr,
  types: readonly Type[],
  make: (items: readonly Value[], span: ast.Expr["span"]) => Value,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const items = expr.items.map((item, index) =>
    checker.check(item, { ...expected, type: types[index]! }, scope),
  );
  const values = items.map((item) => (item.op === "const" ? item.value : undefined));
  if (values.every((value) => value !== undefined))
    return { op: "const", span: expr.span, value: make(values, expr.span) };
  return { op: expr.kind, span: expr.span, items };
}

function ofRecord(expr: ast.RecordExpr, expected: Expected, scope: Scope, checker: Checker): Core {
  const { type } = expected;
  if (type.kind === "record") return checkRecord(expr, type, expected, scope, checker);
  if (type.kind === "map" && expr.body.items.length === 0)
    return mapLiteral({ kind: "map", span: expr.span, entries: [] }, type, expected, scope, checker);
  if (type.kind === "error") return accept(expr, expected, scope, checker);
  mismatch(expr, recordLike, expected, checker);
  return { op: "error", span: expr.span };
}

const recordLike: RecordType = {
  kind: "record",
  what: "record",
  name: undefined,
  library: "",
  docs: undefined,
  span: { source: "", start: 0, end: 0 },
  label: undefined,
  members: [],
  settable: new Map(),
  outdated: new Map(),
  labelVariable: undefined,
  selfVariable: undefined,
  offers: [],
  signals: [],
  checks: undefined,
  queries: [],
};

/** The label of a block: a word, a text, or anything that gives a text. */
function checkRef(expr: ast.Expr, type: RefType, expected: Expected, scope: Scope, checker: Checker): Core {
  const labelType = checker.labelOf(type);
  const ref = (key: Core): Core => {
    if (key.op === "const")
      checker.recorder?.add({ fact: "reference", span: expr.span, to: type, text: plain(key.value) });
    return {
      op: "ref",
      span: expr.span,
      block: type.block,
      library: type.library,
      key,
    };
  };
  const label = (text: string): Core => ref({ op: "const", span: expr.span, value: str(text, expr.span) });
  if (expr.kind === "word" && !expr.body) return label(expr.name.text);
  if (expr.kind === "name") {
    const entity = scope.find(expr.text);
    if (!entity && expr.text !== "none") return label(expr.text);
    if (entity?.kind === "variable" && !holdsLabel(entity.variable.type, type, labelType)) {
      checker.error("E0213", expr.span, { name: expr.text, of: `the label of a \`${type.block}\`` });
      return { op: "error", span: expr.span };
    }
  }
  if (labelType && isLiteralLabel(expr))
    return ref(checker.check(expr, { ...expected, type: labelType }, scope));
  const { core, type: found } = checker.infer(expr, scope);
  const it = bare(found);
  if (it.kind === "ref" || it.kind === "error") return accept(expr, expected, scope, checker);
  if (holdsLabel(found, type, labelType)) return ref(core);
  mismatch(expr, found, expected, checker);
  return { op: "error", span: expr.span };
}

const isLiteralLabel = (expr: ast.Expr): boolean => expr.kind === "string" || "raw" in expr;

/** Any text can name a block; other labels are of their own type. */
function holdsLabel(type: Type, ref: RefType, labelType: Type | undefined): boolean {
  const it = bare(type);
  if (it.kind === "ref") return it.block === ref.block && it.library === ref.library;
  if (it.kind === "error" || (it.kind === "scalar" && rowOf(it.name).kind === "str")) return true;
  return labelType !== undefined && fits(type, labelType) !== "no";
}
