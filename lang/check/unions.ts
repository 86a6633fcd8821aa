/** Which arm of a union an expression means: said by how it is written, so that only that arm is spoken of. */
import type * as ast from "../syntax/ast.ts";
import { printType } from "../types/print.ts";
import { armsWith, shapesOfLiteral } from "../types/shape.ts";
import { type Arm, bare, type RefType, type TagArm, type Type, type UnionType } from "../types/type.ts";
import { none, word } from "../values/value.ts";
import { accept } from "./accept.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core } from "./core.ts";
import { habitOfName, habitOfWord } from "./habits.ts";
import { mismatch } from "./mismatch.ts";
import { isSetting } from "./names.ts";
import type { Scope } from "./scope.ts";
import { wordsOf } from "./words-of.ts";

export function checkUnion(
  expr: ast.Expr,
  union: UnionType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  if (expr.kind === "name") return ofName(expr, union, expected, scope, checker);
  if (expr.kind === "word") return ofWord(expr, union, expected, scope, checker);
  if (expr.kind === "call" && expr.callee.kind === "word" && !expr.callee.body) {
    const { name } = expr.callee;
    const arm = tagArm(union, name.text);
    if (arm) return tag(expr, name.text, arm, expected, scope, checker);
    return unknownWord(expr.callee, name.text, union, expected, scope, checker);
  }
  if (expr.kind === "call" && expr.callee.kind === "name") {
    const arm = tagArm(union, expr.callee.text);
    if (arm && scope.find(expr.callee.text)?.kind === "fn") {
      checker.error("E0213", expr.callee.span, {
        name: expr.callee.text,
        of: "a word that is expected here",
      });
      return { op: "error", span: expr.span };
    }
    if (arm) return tag(expr, expr.callee.text, arm, expected, scope, checker);
    if (scope.find(expr.callee.text) === undefined && !isKnownFunction(expr.callee.text, scope, checker))
      return unknownWord(expr.callee, expr.callee.text, union, expected, scope, checker);
  }
  const shapes = shapesOfExpr(expr);
  if (!shapes) return accept(expr, expected, scope, checker);
  const arms = armsWith(union, shapes);
  const [arm] = arms;
  if (arm?.kind === "type") return checker.check(expr, { ...expected, type: arm.type }, scope);
  const { type } = checker.infer(expr, scope);
  mismatch(expr, type, expected, checker);
  return { op: "error", span: expr.span };
}

function isKnownFunction(name: string, scope: Scope, checker: Checker): boolean {
  return scope.find(name)?.kind === "fn" || checker.isBuiltin(name);
}

// ------------------------------------------------------------------------------------------------ words

function ofName(
  expr: ast.NameExpr,
  union: UnionType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const { text, span } = expr;
  const entity = scope.find(text);
  const isWord = hasWord(union, text);
  if (isWord && entity && entity.kind === "variable") {
    checker.error("E0213", span, {
      name: text,
      of: `a word of ${expected.subject ? `\`${expected.subject}\`` : `\`${printType(union)}\``}`,
    });
    return { op: "error", span };
  }
  if (isWord) return wordCore(text, union, span);
  if (entity) return accept(expr, expected, scope, checker);
  const worded = armsWith(union, [`word ${text}`])[0];
  if (worded?.kind === "type") return checker.check(expr, { ...expected, type: worded.type }, scope);
  const ref = refArm(union);
  if (ref) return checker.check(expr, { ...expected, type: ref }, scope);
  if (!habitOfWord(expr, union) && isSetting(text, scope, checker))
    return accept(expr, expected, scope, checker);
  return unknownWord(expr, text, union, expected, scope, checker);
}

function ofWord(
  expr: ast.WordExpr,
  union: UnionType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const { name, body, span } = expr;
  const arm = tagArm(union, name.text);
  if (arm && body) {
    const record: ast.RecordExpr = { kind: "record", span: body.span, body };
    return {
      op: "tagged",
      span,
      tag: arm.word,
      payload: checker.check(record, { ...expected, type: arm.payload }, scope),
    };
  }
  if (body) {
    checker.error("E0119", body.span, {
      what: "a body",
      where: `behind \`.${name.text}\`: it holds nothing`,
    });
    return { op: "error", span };
  }
  if (hasWord(union, name.text)) return wordCore(name.text, union, span);
  const ref = refArm(union);
  if (ref) return checker.check(expr, { ...expected, type: ref }, scope);
  return unknownWord(expr, name.text, union, expected, scope, checker);
}

function wordCore(text: string, union: UnionType, span: ast.Expr["span"]): Core {
  const own = union.arms.some((arm) => arm.kind === "word" && arm.word === text);
  const value = own || text !== "none" ? word(text, span) : { ...none, span };
  return { op: "const", span, value };
}

function unknownWord(
  at: ast.Expr,
  text: string,
  union: UnionType,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const words = wordsOf(union);
  if (words.length === 0) {
    const hint = habitOfName(text, text);
    checker.error("E0105", at.span, { name: text, inScope: scope.names(), hint });
    return { op: "error", span: at.span };
  }
  const others = union.arms
    .filter((arm) => arm.kind === "type")
    .map((arm) => printType((arm as Extract<Arm, { kind: "type" }>).type));
  checker.error("E0206", at.span, {
    subject: expected.subject,
    word: text,
    words: [...words, ...others],
    habit: habitOfWord({ text, span: at.span }, union),
    declared: expected.declared,
  });
  return { op: "error", span: at.span };
}

/** Also in a union that is an arm. */
function hasWord(union: UnionType, text: string): boolean {
  return union.arms.some((arm) => {
    if (arm.kind === "word") return arm.word === text;
    const inner = arm.kind === "type" ? bare(arm.type) : undefined;
    return inner?.kind === "union" && hasWord(inner, text);
  });
}

function tagArm(union: UnionType, text: string): TagArm | undefined {
  for (const arm of union.arms) {
    if (arm.kind === "tag" && arm.word === text) return arm;
    const inner = arm.kind === "type" ? bare(arm.type) : undefined;
    const found = inner?.kind === "union" ? tagArm(inner, text) : undefined;
    if (found) return found;
  }
  return undefined;
}

function refArm(union: UnionType): RefType | undefined {
  for (const arm of union.arms) {
    const inner = arm.kind === "type" ? bare(arm.type) : undefined;
    if (inner?.kind === "ref") return inner;
  }
  return undefined;
}

function tag(
  expr: ast.CallExpr,
  name: string,
  arm: TagArm,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const [payload, extra] = expr.args;
  if (!payload || extra) {
    checker.error("E0209", expr.span, {
      name: name,
      signature: `${arm.word}(${printType(arm.payload)})`,
      reason: `holds one value, and here ${expr.args.length === 0 ? "is none" : `are ${expr.args.length}`}`,
    });
    return { op: "error", span: expr.span };
  }
  const core = checker.check(
    payload,
    { type: arm.payload, subject: expected.subject && `${name} of ${expected.subject}` },
    scope,
  );
  return { op: "tagged", span: expr.span, tag: arm.word, payload: core };
}

// ------------------------------------------------------------------------------------------------ shapes

/** How the expression is written; undefined if that says nothing of its type. */
function shapesOfExpr(expr: ast.Expr): readonly string[] | undefined {
  if ("raw" in expr) return shapesOfLiteral(expr);
  switch (expr.kind) {
    case "list":
    case "map":
    case "tuple":
    case "range":
      return [expr.kind];
    case "listFor":
      return ["list"];
    case "record":
      return expr.body.items.length === 0 ? ["{}"] : ["record"];
    case "read":
      return expr.word === "file" || expr.word === "dir" ? [expr.word] : undefined;
    default:
      return undefined;
  }
}

/** The record type that a body `{ … }` would be for. */
export function recordArm(type: Type): Type | undefined {
  const it = bare(type);
  if (it.kind === "record") return it;
  if (it.kind === "optional") return recordArm(it.inner);
  if (it.kind !== "union") return undefined;
  const arm = armsWith(it, ["record"])[0];
  return arm?.kind === "type" ? arm.type : undefined;
}
