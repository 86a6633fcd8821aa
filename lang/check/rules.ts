/** `let`, `assert` and `check`, and the bodies of libraries that hold nothing else. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { bare, scalar, type Type } from "../types/type.ts";
import type { Checker } from "./checker.ts";
import { loopOver } from "./comprehension.ts";
import type { AssertCore, BodyCore, Core, ItemCore, LetCore, Variable } from "./core.ts";
import { detailsOf } from "./details.ts";
import { knownAfter } from "./operators.ts";
import type { Scope } from "./scope.ts";

/** Declares the variable in the scope. */
export function checkLet(written: ast.LetDecl, scope: Scope, checker: Checker): LetCore {
  const { name, span } = written;
  const before = scope.own(name.text);
  if (before)
    checker.error("E0107", name.span, { name: name.text, what: "the variable" }, [
      { span: before.span, text: "first declared here" },
    ]);
  const { core, type } = letValue(written, scope.inside({ reader: "`let`" }), checker);
  const variable: Variable = { name: name.text, type, span: name.span, role: "let" };
  scope.declare(variable);
  return { item: "let", span, variable, value: core };
}

export function letValue(written: ast.LetDecl, scope: Scope, checker: Checker): { core: Core; type: Type } {
  if (written.type) {
    const type = checker.typeOf(written.type, scope);
    return { core: checker.check(written.value, { type, subject: written.name.text }, scope), type };
  }
  const inferred = checker.infer(written.value, scope);
  if (!isKnown(inferred.type)) {
    checker.error("E0208", written.value.span, { what: `type \`${written.name.text}\`` });
    return { core: { op: "error", span: written.value.span }, type: { kind: "error" } };
  }
  return inferred;
}

/** `[]`, `{}` and `none` say nothing of what could be in there. */
function isKnown(type: Type): boolean {
  const it = bare(type);
  if (it.kind === "none") return false;
  if (it.kind === "list") return it.element.kind !== "empty";
  if (it.kind === "map") return it.key.kind !== "empty";
  return true;
}

/** Everything is finished when it is evaluated, so it may read settings. */
export function checkAssert(written: ast.AssertItem, outer: Scope, checker: Checker): AssertCore {
  const scope = outer.inside({ settled: true, reader: `\`${written.word}\`` });
  const condition = checker.check(written.condition, { type: scalar("Bool") }, scope);
  const broken = scope.inside({ narrowed: knownAfter(written.condition, false, scope, checker) });
  const { code, message } = messageOf(written, broken, checker);
  return {
    item: "assert",
    span: written.span,
    word: written.word,
    condition,
    text: checker.textOf(written.condition.span),
    message,
    code,
    details: written.details && detailsOf(written.details, broken, checker),
  };
}

/** `check …, "E0721 …"`: a message that begins with a code which the library declares is that diagnostic. */
function messageOf(
  written: ast.AssertItem,
  scope: Scope,
  checker: Checker,
): { code: string | undefined; message: Core | undefined } {
  const { message } = written;
  if (!message) return { code: undefined, message: undefined };
  const [first, ...rest] = message.parts;
  const code = first?.kind === "textPart" ? /^([EW]\d{4}) /.exec(first.value)?.[1] : undefined;
  const declared = code !== undefined && checker.declarations(scope.top.unit).diagnosticCodes().has(code);
  if (!declared || first?.kind !== "textPart")
    return { code: undefined, message: checker.check(message, { type: scalar("Str") }, scope) };
  const cut = code.length + 1;
  const text: ast.TextPart = {
    kind: "textPart",
    span: { ...first.span, start: first.offsets?.[cut] ?? first.span.start + cut },
    value: first.value.slice(cut),
    offsets: first.offsets?.slice(cut),
  };
  return {
    code,
    message: checker.check({ ...message, parts: [text, ...rest] }, { type: scalar("Str") }, scope),
  };
}

export function checkRules(
  items: readonly (ast.Item | ast.Member)[],
  span: Span,
  outer: Scope,
  checker: Checker,
): BodyCore {
  const scope = outer.inside({ settled: true });
  const cores: ItemCore[] = [];
  for (const item of items) {
    const made = rule(item, scope, checker);
    if (made) cores.push(made);
  }
  return { op: "body", span, items: cores, faulty: false };
}

function rule(item: ast.Item | ast.Member, scope: Scope, checker: Checker): ItemCore | undefined {
  switch (item.kind) {
    case "let":
      return checkLet(item, scope, checker);
    case "assert":
      return checkAssert(item, scope, checker);
    case "when": {
      const condition = checker.check(item.condition, { type: scalar("Bool") }, scope);
      return {
        item: "when",
        span: item.span,
        condition,
        body: checkRules(
          item.body.items,
          item.body.span,
          scope.inside({ narrowed: knownAfter(item.condition, true, scope, checker) }),
          checker,
        ),
      };
    }
    case "for": {
      const { source, variables, scope: inner } = loopOver(item.names, item.source, scope, checker);
      return {
        item: "for",
        span: item.span,
        variables,
        source,
        body: checkRules(item.body.items, item.body.span, inner, checker),
      };
    }
    case "error":
      return undefined;
    default:
      checker.error("E0119", item.span, { what: "a setting", where: "among the rules of a library" });
      return undefined;
  }
}
