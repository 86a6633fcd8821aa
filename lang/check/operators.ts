/** Operators: which types they go with. */

import type { SecretUse } from "../diagnostics/catalog/secrets.ts";
import type { Help } from "../diagnostics/diagnostic.ts";
import { arithmeticRow, negatable, negate } from "../evaluate/operations/arithmetic.ts";
import {
  comparisons,
  concatenate,
  inList,
  inMap,
  inNetwork,
  inRange,
  is,
  matches,
  not,
} from "../evaluate/operations/comparison.ts";
import type * as ast from "../syntax/ast.ts";
import { comparable, joinTypes } from "../types/fit.ts";
import { aType } from "../types/print.ts";
import { rowOf, type Scalar } from "../types/scalars.ts";
import { holdsSecret, isSecret } from "../types/secrets.ts";
import { bare, listOf, optional, scalar, type Type } from "../types/type.ts";
import { dimensionOf } from "../values/quantity.ts";
import type { Checker, Typed } from "./checker.ts";
import type { Core, Operation } from "./core.ts";
import { rangeWithMinus } from "./habits.ts";
import { broken, pathOf } from "./names.ts";
import { reportRead } from "./read-signal.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { Scope } from "./scope.ts";
import { wordsOf } from "./words-of.ts";

export function inferUnary(expr: ast.UnaryExpr, scope: Scope, checker: Checker): Typed {
  if (expr.operator === "not") {
    const core = checker.check(expr.operand, { type: scalar("Bool") }, scope);
    return apply(expr, "not", not, [core], scalar("Bool"));
  }
  const { core, type } = checker.infer(expr.operand, scope);
  const it = bare(type);
  if (it.kind === "error") return broken(expr.span);
  if (isSecret(it)) return secret(expr, expr.operand, it, "calculated", checker);
  if (it.kind === "scalar" && negatable.has(it.name)) return apply(expr, "-", negate, [core], it);
  checker.error("E0207", expr.span, { operator: "-", left: aType(type), right: undefined });
  return broken(expr.span);
}

export function inferBinary(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Typed {
  switch (expr.operator) {
    case "and":
    case "or":
      return logical(expr, scope, checker);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return comparison(expr, expr.operator, scope, checker);
    case "in":
      return membership(expr, scope, checker);
    case "is":
      return isWord(expr, scope, checker);
    case "matches":
      return pattern(expr, scope, checker);
    case "++":
      return concatenation(expr, scope, checker);
    default:
      return calculation(expr, scope, checker);
  }
}

function apply(expr: ast.Expr, name: string, run: Operation, args: readonly Core[], type: Type): Typed {
  return { core: { op: "apply", span: expr.span, name, run, args }, type };
}

function secret(expr: ast.Expr, at: ast.Expr, type: Type, use: SecretUse, checker: Checker): Typed {
  refuseSecret(at, type, use, checker);
  return broken(expr.span);
}

function refuse(
  expr: ast.BinaryExpr,
  left: Type,
  right: Type,
  checker: Checker,
  help?: Help | string,
): Typed {
  const signal =
    bare(left).kind === "signal" ? expr.left : bare(right).kind === "signal" ? expr.right : undefined;
  if (signal) {
    reportRead(signal, checker.signals().takers, checker);
    return broken(expr.span);
  }
  const use = usesOf[expr.operator] ?? "calculated";
  if (isSecret(left)) return secret(expr, expr.left, left, use, checker);
  if (isSecret(right)) return secret(expr, expr.right, right, use, checker);
  if (bare(left).kind !== "error" && bare(right).kind !== "error")
    checker.error("E0207", expr.span, {
      operator: expr.operator,
      left: aType(left),
      right: aType(right),
      help,
    });
  return broken(expr.span);
}

const usesOf: Partial<Record<ast.BinaryOperator, SecretUse>> = {
  "++": "text",
  in: "compared",
  matches: "compared",
  is: "asked",
};

// ------------------------------------------------------------------------------------------------ and, or

function logical(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Typed {
  const stop = expr.operator === "or";
  const type = scalar("Bool");
  const left = checker.check(expr.left, { type }, scope);
  const narrowed = scope.inside({ narrowed: knownAfter(expr.left, !stop, scope, checker) });
  const right = checker.check(expr.right, { type }, narrowed);
  return { core: { op: "short", span: expr.span, stop, left, right }, type };
}

/**
 * What is known when a condition is true (or false): `x != none` makes an `x` of type `T?` a `T`. So the other side of `and`, `or` and the branches of
 * `if` may use it.
 */
export function knownAfter(
  condition: ast.Expr,
  truth: boolean,
  scope: Scope,
  checker: Checker,
  found: Map<string, Type> = new Map(),
): ReadonlyMap<string, Type> {
  if (condition.kind === "unary" && condition.operator === "not")
    return knownAfter(condition.operand, !truth, scope, checker, found);
  if (condition.kind !== "binary") return found;
  const { operator, left, right } = condition;
  if (operator === (truth ? "and" : "or")) {
    knownAfter(left, truth, scope, checker, found);
    return knownAfter(right, truth, scope.inside({ narrowed: found }), checker, found);
  }
  if (operator !== (truth ? "!=" : "==") || right.kind !== "name" || right.text !== "none") return found;
  const path = pathOf(left);
  const type = path === undefined ? undefined : quietType(left, scope, checker);
  const it = type && bare(type);
  if (it?.kind === "optional") found.set(path!, it.inner);
  return found;
}

/** The type of an expression that has been checked before: nothing is reported twice. */
function quietType(expr: ast.Expr, scope: Scope, checker: Checker): Type | undefined {
  const head = pathOf(expr)?.split(".")[0];
  if (head === undefined || scope.find(head) === undefined) return undefined;
  const errors = checker.errors;
  const { type } = checker.infer(expr, scope);
  return checker.errors === errors ? type : undefined;
}

// ------------------------------------------------------------------------------------------------ comparisons

/** Literals and words take the type of what they are compared with. */
function takesType(expr: ast.Expr, scope: Scope): boolean {
  switch (expr.kind) {
    case "name":
      return scope.find(expr.text) === undefined;
    case "unary":
      return expr.operator === "-" && takesType(expr.operand, scope);
    case "range":
      return takesType(expr.low, scope) && takesType(expr.high, scope);
    case "word":
    case "list":
    case "map":
    case "record":
    case "tuple":
    case "int":
    case "dec":
    case "prefix":
    case "quantity":
    case "string":
      return true;
    case "call":
      return expr.callee.kind === "name" && scope.find(expr.callee.text) === undefined;
    default:
      return false;
  }
}

/** Without refinements: comparing with a value that is not allowed is no mistake. */
function loose(type: Type): Type {
  const it = bare(type);
  return it.kind === "optional" ? optional(loose(it.inner)) : it;
}

/** A literal is checked against the other side where that makes sense of it. */
function literalFits(expr: ast.Expr, type: Type): boolean {
  const it = bare(type);
  if (expr.kind === "name" && expr.text === "none") return wordsOf(it).includes("none");
  if (it.kind === "optional") return literalFits(expr, it.inner);
  if (it.kind === "error" || it.kind === "empty" || it.kind === "none") return false;
  if (it.kind !== "scalar") return expr.kind !== "int" && expr.kind !== "dec";
  if (expr.kind === "int" || expr.kind === "dec")
    return (
      rowOf(it.name).kind === "int" ||
      rowOf(it.name).kind === "dec" ||
      ["quantity", "rate"].includes(rowOf(it.name).shape)
    );
  if (expr.kind === "string") return rowOf(it.name).shape === "string";
  if (expr.kind === "name") return rowOf(it.name).words?.includes(expr.text) === true;
  if (expr.kind === "prefix") return rowOf(it.name).kind === "prefix";
  if (expr.kind === "quantity")
    return it.name === "TempDelta" && dimensionOf(expr.parts[0]?.unit ?? "") === "Temp";
  return expr.kind === "unary";
}

function sides(expr: ast.BinaryExpr, scope: Scope, checker: Checker): { left: Typed; right: Typed } {
  const flexible = (side: ast.Expr) => takesType(side, scope);
  if (flexible(expr.left) && !flexible(expr.right)) {
    const right = checker.infer(expr.right, scope);
    return { left: against(expr.left, right.type, scope, checker), right };
  }
  const left = checker.infer(expr.left, scope);
  const right = flexible(expr.right)
    ? against(expr.right, left.type, scope, checker)
    : checker.infer(expr.right, scope);
  return { left, right };
}

function against(expr: ast.Expr, type: Type, scope: Scope, checker: Checker): Typed {
  if (!literalFits(expr, type)) return checker.infer(expr, scope);
  const to = loose(type);
  return { core: checker.check(expr, { type: to }, scope), type: to };
}

function comparison(
  expr: ast.BinaryExpr,
  operator: keyof typeof comparisons,
  scope: Scope,
  checker: Checker,
): Typed {
  const { left, right } = sides(expr, scope, checker);
  // whether there is one at all may be asked: `key != none`
  if (!isNone(left) && !isNone(right)) {
    if (holdsSecret(left.type)) return secret(expr, expr.left, left.type, "compared", checker);
    if (holdsSecret(right.type)) return secret(expr, expr.right, right.type, "compared", checker);
  }
  const equality = operator === "==" || operator === "!=";
  const fitting =
    comparable(left.type, right.type) &&
    (equality || ordered(joinTypes(bare(left.type), bare(right.type)) ?? left.type));
  if (!fitting) return refuse(expr, left.type, right.type, checker);
  return apply(expr, operator, comparisons[operator], [left.core, right.core], scalar("Bool"));
}

const isNone = ({ core }: Typed): boolean => core.op === "const" && core.value.kind === "none";

function ordered(type: Type): boolean {
  const it = bare(type);
  return (
    it.kind === "error" ||
    it.kind === "empty" ||
    (it.kind === "scalar" && rowOf(it.name).ordered === true) ||
    (it.kind === "union" && it.arms.every((arm) => arm.kind === "type" && ordered(arm.type)))
  );
}

// ------------------------------------------------------------------------------------------------ in, is, matches

function membership(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Typed {
  if (expr.right.kind === "list" && !takesType(expr.left, scope)) {
    // `address in [0x44, 0x45]`: literals are of the type of what is looked for
    const left = checker.infer(expr.left, scope);
    const item = loose(left.type);
    if (expr.right.items.some((it) => takesType(it, scope) && literalFits(it, item))) {
      const items = checker.check(expr.right, { type: listOf(item) }, scope);
      return apply(expr, "in", inList, [left.core, items], scalar("Bool"));
    }
  }
  const right = checker.infer(expr.right, scope);
  const it = bare(right.type);
  const of = it.kind === "list" || it.kind === "range" ? it.element : it.kind === "map" ? it.key : undefined;
  const left =
    of && takesType(expr.left, scope)
      ? against(expr.left, of, scope, checker)
      : checker.infer(expr.left, scope);
  const args = [left.core, right.core];
  if (it.kind === "error") return broken(expr.span);
  if (holdsSecret(left.type)) return secret(expr, expr.left, left.type, "compared", checker);
  if (it.kind === "list" && holdsSecret(it)) return secret(expr, expr.right, it, "compared", checker);
  if (of) {
    if (!comparable(left.type, of)) return refuse(expr, left.type, right.type, checker);
    return apply(
      expr,
      "in",
      it.kind === "list" ? inList : it.kind === "map" ? inMap : inRange,
      args,
      scalar("Bool"),
    );
  }
  const item = bare(left.type);
  const inner = item.kind === "optional" ? bare(item.inner) : item;
  if (inner.kind === "error") return broken(expr.span);
  const isNetwork = it.kind === "scalar" && it.name.startsWith("Cidr");
  const isMachine =
    inner.kind === "scalar" && (rowOf(inner.name).kind === "ip" || rowOf(inner.name).kind === "prefix");
  if (isNetwork && isMachine) return apply(expr, "in", inNetwork, args, scalar("Bool"));
  const help =
    it.kind === "scalar" && it.name === "IfaceAddr"
      ? `the network of that address is \`${checker.textOf(expr.right.span)}.network\``
      : undefined;
  return refuse(expr, left.type, right.type, checker, help);
}

function isWord(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Typed {
  const { core, type } = checker.infer(expr.left, scope);
  const it = bare(type);
  const name =
    expr.right.kind === "name"
      ? expr.right.text
      : expr.right.kind === "word"
        ? expr.right.name.text
        : undefined;
  if (it.kind === "error") return broken(expr.span);
  if (isSecret(it) && name !== "none") return secret(expr, expr.left, it, "asked", checker);
  const words = wordsOf(it);
  if (words.length === 0 || name === undefined) {
    const right = name === undefined ? "an expression" : `the word \`${name}\``;
    checker.error("E0207", expr.span, { operator: "is", left: aType(type), right });
    return broken(expr.span);
  }
  if (!words.includes(name)) {
    checker.error("E0206", expr.right.span, { subject: undefined, word: name, words });
    return broken(expr.span);
  }
  return apply(expr, "is", is(name), [core], scalar("Bool"));
}

function pattern(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Typed {
  const left = checker.infer(expr.left, scope);
  const right = checker.check(expr.right, { type: scalar("Regex") }, scope);
  const it = bare(left.type);
  if (it.kind === "error" || (it.kind === "scalar" && rowOf(it.name).kind === "str"))
    return apply(expr, "matches", matches, [left.core, right], scalar("Bool"));
  return refuse(expr, left.type, scalar("Regex"), checker);
}

// ------------------------------------------------------------------------------------------------ calculating

function concatenation(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Typed {
  const { left, right } = { left: checker.infer(expr.left, scope), right: checker.infer(expr.right, scope) };
  const [a, b] = [bare(left.type), bare(right.type)];
  const args = [left.core, right.core];
  if (a.kind === "list" && b.kind === "list") {
    const element = joinTypes(a.element, b.element);
    if (element) return apply(expr, "++", concatenate, args, listOf(element));
  }
  if (isText(a) && isText(b)) return apply(expr, "++", concatenate, args, scalar("Str"));
  return refuse(expr, left.type, right.type, checker, "`++` joins two lists, or two texts");
}

const isText = (type: Type): boolean => type.kind === "scalar" && rowOf(type.name).kind === "str";

/** `8000 + n` where a port is wanted: the literal is one, and what is counted on from it is. */
export function portSum(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Core | undefined {
  const { operator, left, right } = expr;
  if ((operator !== "+" && operator !== "-") || left.kind !== "int") return undefined;
  const other = checker.infer(right, scope);
  const it = bare(other.type);
  if (it.kind === "error") return { op: "error", span: expr.span };
  const row = it.kind === "scalar" ? arithmeticRow(operator, "Port", it.name) : undefined;
  if (row?.result !== "Port") return undefined;
  const first = checker.check(left, { type: scalar("Port") }, scope);
  return apply(expr, operator, row.run, [first, other.core], scalar("Port")).core;
}

function isDec({ type }: Typed): boolean {
  const it = bare(type);
  return it.kind === "scalar" && it.name === "Dec";
}

function exact(side: ast.Expr, inferred: Typed, scope: Scope, checker: Checker): Typed {
  const literal = side.kind === "unary" && side.operator === "-" ? side.operand : side;
  const type = scalar("Dec");
  return literal.kind === "int" ? { core: checker.check(side, { type }, scope), type } : inferred;
}

function calculation(expr: ast.BinaryExpr, scope: Scope, checker: Checker): Typed {
  const inferred = { left: checker.infer(expr.left, scope), right: checker.infer(expr.right, scope) };
  // a whole number is written like an exact one that is whole: `x * 2`
  const left = isDec(inferred.right) ? exact(expr.left, inferred.left, scope, checker) : inferred.left;
  const right = isDec(inferred.left) ? exact(expr.right, inferred.right, scope, checker) : inferred.right;
  const [a, b] = [bare(left.type), bare(right.type)];
  if (a.kind === "scalar" && b.kind === "scalar") {
    // a difference of temperatures is written like a temperature: `t + 2°C`
    const delta = (name: Scalar, side: ast.Expr) =>
      expr.operator === "+" && name === "Temp" && side.kind === "quantity" ? "TempDelta" : name;
    const row =
      arithmeticRow(expr.operator, a.name, delta(b.name, expr.right)) ??
      arithmeticRow(expr.operator, delta(a.name, expr.left), b.name);
    if (row) return apply(expr, expr.operator, row.run, [left.core, right.core], scalar(row.result));
    if (expr.operator === "+" && isText(a) && isText(b))
      return refuse(expr, left.type, right.type, checker, "texts are joined by `++`");
    const unitless = a.name === "Int" ? b.name : b.name === "Int" ? a.name : undefined;
    const sum = expr.operator === "+" || expr.operator === "-";
    if (sum && unitless && rowOf(unitless).shape === "quantity")
      return refuse(
        expr,
        left.type,
        right.type,
        checker,
        `give the number a unit, like \`${withUnit(a.name === "Int" ? expr.left : expr.right, unitless, checker)}\``,
      );
  }
  if (a.kind === "list" && b.kind === "list")
    return refuse(expr, left.type, right.type, checker, "lists are joined by `++`");
  return refuse(
    expr,
    left.type,
    right.type,
    checker,
    rangeWithMinus(expr, (span) => checker.textOf(span)),
  );
}

/** The number that stands there, with the unit of the type's example. */
function withUnit(expr: ast.Expr, type: Scalar, checker: Checker): string {
  const { example = "" } = rowOf(type);
  const written = checker.textOf(expr.span);
  return /^[\d.]+$/.test(written) ? example.replace(/^[\d.]+/, written) : example;
}
