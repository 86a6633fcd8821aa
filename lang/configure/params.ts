/** Values that whoever builds chooses: `-p NAME=VALUE`, a target's `set`, or the param's default. */
import type { Core } from "../check/core.ts";
import type { Param } from "../check/declarations.ts";
import type { WholeChecker } from "../check/new-checker.ts";
import type { Scope } from "../check/scope.ts";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Machine } from "../evaluate/machine.ts";
import type { Span } from "../source/span.ts";
import { parseExpression } from "../syntax/parse.ts";
import { printType } from "../types/print.ts";
import { rowOf } from "../types/scalars.ts";
import { bare, type Type } from "../types/type.ts";
import type { Value } from "../values/value.ts";
import type { Target } from "./target.ts";

export type Given = ReadonlyMap<Param, Core>;

/** The values of `-p`, checked. */
export function givenParams(
  written: Readonly<Record<string, string>>,
  params: readonly Param[],
  scope: Scope,
  root: Span,
  checker: WholeChecker,
  atStart: boolean,
): Given {
  const given = new Map<Param, Core>();
  for (const [name, text] of Object.entries(written)) {
    const param = params.find(({ variable }) => variable.name === name);
    if (!param) {
      const names = params.map(({ variable }) => variable.name);
      checker.report(diagnose("E0122", { ...root, end: root.start }, { name, params: names }));
      continue;
    }
    if (param.slot && !atStart) {
      const { delivery } = param.slot;
      const slot = delivery.by === "boot" ? delivery.slot : "";
      checker.error("E0345", param.variable.span, { name, slot, where: "-p" });
    }
    given.set(param, givenParam(text, param, scope, checker) ?? { op: "error", span: param.variable.span });
  }
  return given;
}

function givenParam(
  text: string,
  { variable, slot }: Param,
  scope: Scope,
  checker: WholeChecker,
): Core | undefined {
  const { name, span } = variable;
  const type = slot?.holds ?? variable.type;
  const source = `-p ${name}`;
  const quoted = isText(type) && !text.startsWith('"') ? `"${text.replace(/["\\$]/g, "\\$&")}"` : text;
  const { expr, diagnostics } = parseExpression(source, quoted);
  let core: Core | undefined;
  const found = [
    ...diagnostics,
    ...checker.captured(() => {
      core = checker.check(expr, { type, subject: name }, scope);
    }),
  ];
  const [first] = found;
  if (!first) return core;
  const helps = first.helps.map((help) => help.text);
  checker.error("E0340", span, { name, given: text, reason: first.text, helps });
  return undefined;
}

function isText(type: Type): boolean {
  const it = bare(type);
  if (it.kind === "optional") return isText(it.inner);
  return it.kind === "scalar" && rowOf(it.name).shape === "string";
}

/** The value that a param has on a target; throws `Stop`. */
export function paramValue(param: Param, given: Given, target: Target, machine: Machine): Value {
  const core = given.get(param) ?? target.set.get(param) ?? param.fallback;
  if (param.slot) return { ...param.slot, fallback: param.fallback && machine.evaluate(param.fallback) };
  if (core) return machine.evaluate(core);
  const { name, type, span } = param.variable;
  throw machine.stop("E0341", span, { name, type: printType(type), docs: param.docs, target: target.name });
}
