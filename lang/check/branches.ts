/** `if` and `match`. */
import type * as ast from "../syntax/ast.ts";
import { joinTypes } from "../types/fit.ts";
import { bare, scalar, type Type } from "../types/type.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { MatchArm, Variable } from "./core.ts";
import { mismatch } from "./mismatch.ts";
import { broken } from "./names.ts";
import { knownAfter, wordsOf } from "./operators.ts";
import type { Scope } from "./scope.ts";

/** A branch as a value of the expected type, or of its own. */
function branch(expr: ast.Expr, expected: Expected | undefined, scope: Scope, checker: Checker): Typed {
  return expected
    ? { core: checker.check(expr, expected, scope), type: expected.type }
    : checker.infer(expr, scope);
}

export function branches(
  expr: ast.IfExpr,
  expected: Expected | undefined,
  scope: Scope,
  checker: Checker,
): Typed {
  const condition = checker.check(expr.condition, { type: scalar("Bool") }, scope);
  const yes = branch(
    expr.yes,
    expected,
    scope.inside({ narrowed: knownAfter(expr.condition, true, scope, checker) }),
    checker,
  );
  const no = branch(
    expr.no,
    expected,
    scope.inside({ narrowed: knownAfter(expr.condition, false, scope, checker) }),
    checker,
  );
  const type = expected?.type ?? joined([yes.type, no.type], expr.no, checker);
  return { core: { op: "if", span: expr.span, condition, yes: yes.core, no: no.core }, type };
}

function joined(types: readonly Type[], last: ast.Expr, checker: Checker): Type {
  let type = types[0]!;
  for (const next of types.slice(1)) {
    const both = joinTypes(type, next);
    if (!both) {
      mismatch(last, next, { type }, checker);
      return { kind: "error" };
    }
    type = both;
  }
  return type;
}

export function match(
  expr: ast.MatchExpr,
  expected: Expected | undefined,
  scope: Scope,
  checker: Checker,
): Typed {
  const subject = checker.infer(expr.subject, scope);
  if (bare(subject.type).kind === "error") return broken(expr.span);
  const words = [...wordsOf(subject.type)];
  const seen = new Set<string>();
  const arms: MatchArm[] = [];
  const types: Type[] = [];
  let rest = false;
  for (const arm of expr.arms) {
    const inner = scope.inside();
    const made = pattern(arm.pattern, subject.type, words, seen, inner, checker);
    const { core, type } = branch(arm.value, expected, inner, checker);
    if (!made) continue;
    if (rest)
      checker.error("E0220", arm.pattern.span, {
        name: checker.textOf(arm.pattern.span),
        by: "twice",
        values: [],
      });
    rest ||= made.test === undefined;
    arms.push({ ...made, value: core });
    types.push(type);
  }
  const missing = words.filter((word) => !seen.has(word));
  if (!rest && (words.length === 0 || missing.length > 0) && arms.length === expr.arms.length)
    checker.error("E0217", expr.subject.span, { missing: words.length === 0 ? ["_"] : missing });
  const type =
    expected?.type ??
    (types.length > 0 ? joined(types, expr.arms.at(-1)!.value, checker) : ({ kind: "error" } as const));
  return { core: { op: "match", span: expr.span, subject: subject.core, arms }, type };
}

type Pattern = Omit<MatchArm, "value">;

/** What the arm is for; undefined after a report. `_`, or any name where there are no words, is for everything. */
function pattern(
  written: ast.Pattern,
  type: Type,
  words: readonly string[],
  seen: Set<string>,
  scope: Scope,
  checker: Checker,
): Pattern | undefined {
  if (written.kind === "literalPattern") {
    const core = checker.check(written.value, { type: bare(type) }, scope);
    return core.op === "const" ? { test: { value: core.value }, binding: undefined } : undefined;
  }
  const { name, binding } = written;
  if (name.text === "_") return { test: undefined, binding: undefined };
  if (bare(type).kind === "scalar" && (name.text === "true" || name.text === "false")) {
    return { test: { value: { kind: "bool", value: name.text === "true" } }, binding: undefined };
  }
  if (!words.includes(name.text) || seen.has(name.text)) {
    checker.error("E0220", name.span, {
      name: name.text,
      by: seen.has(name.text) ? "twice" : "unknown",
      values: words,
    });
    return undefined;
  }
  seen.add(name.text);
  const payload = payloadOf(type, name.text);
  if (binding && !payload) {
    checker.error("E0119", binding.span, {
      what: `the name \`${binding.text}\``,
      where: `here: \`${name.text}\` holds nothing`,
    });
    return undefined;
  }
  const variable: Variable | undefined = binding &&
    payload && { name: binding.text, type: payload, span: binding.span, role: "let" };
  if (variable) scope.declare(variable);
  return { test: { tag: name.text }, binding: variable };
}

function payloadOf(type: Type, tag: string): Type | undefined {
  const it = bare(type);
  if (it.kind === "optional") return payloadOf(it.inner, tag);
  if (it.kind !== "union") return undefined;
  for (const arm of it.arms) {
    if (arm.kind === "tag" && arm.word === tag) return arm.payload;
    const inner = arm.kind === "type" ? payloadOf(arm.type, tag) : undefined;
    if (inner) return inner;
  }
  return undefined;
}
