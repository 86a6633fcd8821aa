/** Calls of functions: the file's, a library's, the language's own. */
import type { Builtin } from "../evaluate/operations/builtin.ts";
import { builtinGroups, builtins } from "../evaluate/operations/builtins.ts";
import type * as ast from "../syntax/ast.ts";
import { holdsSecret, isSecret } from "../types/secrets.ts";
import { bare, type Type } from "../types/type.ts";
import { argsFor, rightCount } from "./arguments.ts";
import type { Checker, Typed } from "./checker.ts";
import type { Fn } from "./core.ts";
import { recordLibrary } from "./fields.ts";
import { printSignature } from "./functions.ts";
import { habitOfFunction, habitOfName } from "./habits.ts";
import { broken } from "./names.ts";
import { askModule, askNeed, moduleOf, queryOf } from "./queries.ts";
import type { Meaning } from "./recorder.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { Entity, Scope } from "./scope.ts";

export function inferCall(expr: ast.CallExpr, scope: Scope, checker: Checker): Typed {
  const { callee } = expr;
  if (callee.kind === "name") {
    const entity = scope.find(callee.text);
    const builtin = builtins.get(callee.text);
    if (entity?.kind === "fn") return call(expr, entity.fn, scope, checker);
    if (!entity && builtin) return callBuiltin(expr, callee.text, builtin, scope, checker);
    return unknownFunction(expr, callee.text, entity, scope, checker);
  }
  if (callee.kind === "field" && callee.object.kind === "name") {
    const group = callee.object.text;
    const name = `${group}.${callee.name.text}`;
    const builtin = builtins.get(name);
    const known = scope.find(group);
    if (builtin && known === undefined) return callBuiltin(expr, name, builtin, scope, checker);
    const need = known === undefined ? scope.need(group) : undefined;
    if (need && checker.fact(need.interface, callee.name.text))
      return askNeed(expr.span, callee.name, need, expr.args, scope, checker);
    const query = known?.kind === "variable" ? queryOf(known.variable.type, callee.name.text) : undefined;
    if (query) recordCall(expr, { is: "function", fn: query }, printSignature(query), query.docs, checker);
    if (query)
      return askModule(expr.span, checker.infer(callee.object, scope), query, expr.args, scope, checker);
    const library = scope.top.unit.imports.get(group);
    if (library) recordLibrary(callee, callee.object.span, library.unit, scope, checker);
    const entity = library && checker.declarations(library.unit).scope.find(callee.name.text);
    if (entity?.kind === "fn") return call(expr, entity.fn, scope, checker);
    if (!entity && known?.kind === "variable" && moduleOf(known.variable.type))
      return unknownQuery(expr, callee, known.variable.type, checker);
    if (library || builtinGroups.has(group)) return unknownFunction(expr, name, entity, scope, checker);
  }
  const asked = callee.kind === "field" ? checker.infer(callee.object, scope) : undefined;
  if (asked && callee.kind === "field")
    checker.recorder?.add({ fact: "field", name: callee.name, of: asked.type, scope });
  const query = asked && callee.kind === "field" ? queryOf(asked.type, callee.name.text) : undefined;
  if (query) recordCall(expr, { is: "function", fn: query }, printSignature(query), query.docs, checker);
  if (asked && query && callee.kind === "field")
    return askModule(expr.span, asked, query, expr.args, scope, checker);
  if (asked && bare(asked.type).kind === "error") return skip(expr, scope, checker);
  if (asked && callee.kind === "field" && moduleOf(asked.type))
    return unknownQuery(expr, callee, asked.type, checker);
  const { type } = checker.infer(callee, scope);
  if (bare(type).kind !== "error")
    unknownFunction(expr, checker.textOf(callee.span), { kind: "broken" }, scope, checker);
  return skip(expr, scope, checker);
}

/** Its arguments are left alone: what their words mean would be the query's to say. */
function unknownQuery(expr: ast.CallExpr, callee: ast.FieldExpr, type: Type, checker: Checker): Typed {
  const written = checker.textOf(callee.object.span);
  const functions = moduleOf(type)!.queries.map(({ name }) => `${written}.${name}`);
  checker.error("E0109", callee.name.span, {
    name: `${written}.${callee.name.text}`,
    functions,
    variable: false,
  });
  return broken(expr.span);
}

function unknownFunction(
  expr: ast.CallExpr,
  name: string,
  entity: Entity | undefined,
  scope: Scope,
  checker: Checker,
): Typed {
  if (entity?.kind === "later") checker.error("E0110", expr.callee.span, { name, itself: entity.itself });
  else if (entity?.kind !== "broken" || expr.callee.kind !== "name") {
    const own = scope.names().filter((it) => scope.find(it)?.kind === "fn");
    const variable =
      entity?.kind === "variable" || (entity?.kind === "broken" && expr.callee.kind !== "name");
    const habit = habitOfFunction(name) ?? habitOfName(name, name);
    checker.error("E0109", expr.callee.span, {
      name,
      functions: [...own, ...builtins.keys()],
      variable,
      habit,
    });
  }
  return skip(expr, scope, checker);
}

/** The arguments may have mistakes of their own. */
function skip(expr: ast.CallExpr, scope: Scope, checker: Checker): Typed {
  for (const arg of expr.args) if (arg.kind !== "name") checker.infer(arg, scope);
  return broken(expr.span);
}

function call(expr: ast.CallExpr, fn: Fn, scope: Scope, checker: Checker): Typed {
  recordCall(expr, { is: "function", fn }, printSignature(fn), undefined, checker);
  const args = argsFor(expr.args, expr.span, fn, scope, checker);
  return args
    ? { core: { op: "call", span: expr.span, fn, args }, type: fn.result }
    : skip(expr, scope, checker);
}

/** What stands before the arguments, for an editor. */
function recordCall(
  expr: ast.CallExpr,
  meaning: Meaning,
  signature: string,
  docs: string | undefined,
  { recorder }: Checker,
): void {
  const span = expr.callee.kind === "field" ? expr.callee.name.span : expr.callee.span;
  recorder?.add({ fact: "means", span, meaning });
  recorder?.add({ fact: "call", expr, signature, ...(docs !== undefined && { docs }) });
}

/** Built-in functions that look at what is around values and not at them. */
const structural: ReadonlySet<string> = new Set(["len", "map", "keys", "values", "zip", "flatten"]);

function callBuiltin(
  expr: ast.CallExpr,
  name: string,
  builtin: Builtin,
  scope: Scope,
  checker: Checker,
): Typed {
  recordCall(expr, { is: "builtin", name }, builtin.signature, builtin.docs, checker);
  const most = builtin.params.length;
  const least = most - (builtin.optional ?? 0);
  if (!rightCount(expr.args, expr.span, { name, signature: builtin.signature, least, most }, checker))
    return skip(expr, scope, checker);
  const args: Typed[] = expr.args.map((arg, index) => {
    const type = builtin.params[index];
    return type ? { core: checker.check(arg, { type }, scope), type } : checker.infer(arg, scope);
  });
  const types = args.map(({ type }) => type);
  if (types.some((type) => bare(type).kind === "error")) return broken(expr.span);
  const secret = types.findIndex((type) => isSecret(type) || (holdsSecret(type) && !structural.has(name)));
  if (secret !== -1) {
    refuseSecret(
      expr.args[secret]!,
      types[secret]!,
      name === "len" ? "measured" : name === "hash.sha256" ? "hashed" : "calculated",
      checker,
    );
    return broken(expr.span);
  }
  const type = builtin.type(types);
  if (typeof type === "string") {
    checker.error("E0209", expr.args[0]?.span ?? expr.span, {
      name,
      signature: builtin.signature,
      reason: type,
    });
    return broken(expr.span);
  }
  return {
    core: {
      op: "apply",
      span: expr.span,
      name,
      run: "run" in builtin ? builtin.run : builtin.runOf(types),
      args: args.map(({ core }) => core),
    },
    type,
  };
}
