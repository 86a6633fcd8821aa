/** Function declarations. */
import type * as ast from "../syntax/ast.ts";
import { printType } from "../types/print.ts";
import type { Checker } from "./checker.ts";
import type { Core, Fn, Variable } from "./core.ts";
import type { Scope } from "./scope.ts";

/** First order, annotated; sees what is declared before it. */
export function checkFunction(decl: ast.FnDecl, top: Scope, checker: Checker): Fn {
  const scope = top.inside({ reader: `the function \`${decl.name.text}\`` });
  const params = checkParams(decl.params, scope, checker);
  const result = checker.typeOf(decl.result, scope);
  const value = checker.check(decl.value, { type: result, subject: decl.name.text }, scope);
  return { name: decl.name.text, span: decl.name.span, params, result, value };
}

/** Declares them in the scope; defaults see the ones before. */
export function checkParams(written: readonly ast.FnParam[], scope: Scope, checker: Checker): Fn["params"] {
  const params: { variable: Variable; fallback: Core | undefined }[] = [];
  for (const { name, type: typeExpr, fallback } of written) {
    const type = checker.typeOf(typeExpr, scope);
    const core = fallback && checker.check(fallback, { type, subject: name.text }, scope);
    const variable: Variable = { name: name.text, type, span: name.span, role: "param" };
    if (scope.own(name.text)) checker.error("E0107", name.span, { name: name.text, what: "the parameter" });
    scope.declare(variable);
    params.push({ variable, fallback: core });
  }
  return params;
}

export function printSignature({ name, params, result }: Pick<Fn, "name" | "params" | "result">): string {
  const list = params.map(
    ({ variable, fallback }) => `${variable.name}: ${printType(variable.type)}${fallback ? " = …" : ""}`,
  );
  return `${name}(${list.join(", ")}) -> ${printType(result)}`;
}
