/** `if` and `match`. */
import type * as ast from "../syntax/ast.ts";
import { joinTypes } from "../types/fit.ts";
import { printType } from "../types/print.ts";
import { bare, scalar, type Type, type UnionType } from "../types/type.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { MatchArm, Variable } from "./core.ts";
import { mismatch } from "./mismatch.ts";
import { broken } from "./names.ts";
import { knownAfter } from "./operators.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { Scope } from "./scope.ts";
import { wordsOf } from "./words-of.ts";

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
  if (bare(subject.type).kind === "secret") {
    refuseSecret(expr.subject, subject.type, "asked", checker);
    return broken(expr.span);
  }
  const before = checker.errors;
  const words = casesOf(subject.type);
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
  if (hasOthers(subject.type)) missing.push("_");
  if (!rest && missing.length > 0 && arms.length === expr.arms.length)
    checker.error("E0217", expr.subject.span, { missing });
  if (checker.errors > before) return broken(expr.span);
  const type =
    expected?.type ??
    (types.length > 0 ? joined(types, expr.arms.at(-1)!.value, checker) : ({ kind: "error" } as const));
  return { core: { op: "match", span: expr.span, subject: subject.core, arms }, type };
}

/** Words and names of types that an arm can be for. */
function casesOf(type: Type): readonly string[] {
  const it = bare(type);
  if (it.kind === "scalar" && it.name === "Bool") return ["true", "false"];
  return [...wordsOf(it), ...typeArms(it).map(({ name }) => name)];
}

/** Arms that are types: `IfaceAddr(a) => …`, `List(l) => …`; also of what may be `none` besides. */
function typeArms(type: Type): readonly {
  readonly name: string;
  readonly type: Type;
  readonly union: UnionType;
  readonly arm: number;
}[] {
  const it = bare(type);
  const union = it.kind === "optional" ? bare(it.inner) : it;
  if (union.kind !== "union") return [];
  return union.arms.flatMap((it, arm) =>
    it.kind === "type" && bare(it.type).kind !== "union"
      ? [{ name: nameOf(it.type), type: it.type, union, arm }]
      : [],
  );
}

function nameOf(type: Type): string {
  if (type.kind === "refined") return nameOf(type.base);
  return /^\w+/.exec(printType(type))?.[0] ?? printType(type);
}

/** Whether there are values that no case stands for. */
function hasOthers(type: Type): boolean {
  const it = bare(type);
  if (it.kind === "union") return it.arms.some((arm) => arm.kind === "type" && hasNested(arm.type));
  if (it.kind === "optional") return bare(it.inner).kind !== "union" || hasOthers(it.inner);
  return !(it.kind === "scalar" && it.name === "Bool");
}

/** A union in a union: only its words are cases. */
function hasNested(type: Type): boolean {
  const it = bare(type);
  return it.kind === "union" && (typeArms(it).length > 0 || hasOthers(it));
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
  if (!words.includes(name.text) || seen.has(name.text)) {
    checker.error("E0220", name.span, {
      name: name.text,
      by: seen.has(name.text) ? "twice" : "unknown",
      values: words,
    });
    return undefined;
  }
  seen.add(name.text);
  if (bare(type).kind === "scalar")
    return { test: { value: { kind: "bool", value: name.text === "true" } }, binding: undefined };
  const ofType = typeArms(type).find((it) => it.name === name.text);
  const payload = ofType?.type ?? payloadOf(type, name.text);
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
  const test = ofType ? { union: ofType.union, arm: ofType.arm } : { tag: name.text };
  return { test, binding: variable };
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
