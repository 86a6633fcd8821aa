/** Questions to modules: through a need, or to a module of the appliance. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { bare, type Query, type RecordType, type Type } from "../types/type.ts";
import { argsFor } from "./arguments.ts";
import type { Checker, Typed } from "./checker.ts";
import { broken } from "./names.ts";
import type { NeedName, Scope } from "./scope.ts";

/** The module that an expression of this type is: its one block, or all its blocks by label. */
export function moduleOf(type: Type): RecordType | undefined {
  const it = bare(type);
  if (it.kind === "record") return it.what === "module" && !it.label ? it : undefined;
  const inner = it.kind === "map" ? bare(it.value) : undefined;
  return inner?.kind === "record" && inner.what === "module" ? inner : undefined;
}

export function queryOf(type: Type, name: string): Query | undefined {
  return moduleOf(type)?.queries.find((query) => query.name === name);
}

/** `firewall.permits({ … })`. `asked` is what stands before the point. */
export function askModule(
  span: Span,
  asked: Typed,
  query: Query,
  given: readonly ast.Expr[],
  scope: Scope,
  checker: Checker,
): Typed {
  const args = argsFor(given, span, query, scope, checker);
  const type = moduleOf(asked.type);
  if (!args || !type) return broken(span);
  return { core: { op: "query", span, self: asked.core, type, query, args }, type: query.result };
}

/** `net.addresses`, of a module that needs one which says so. */
export function askNeed(
  span: Span,
  name: ast.Name,
  need: NeedName,
  given: readonly ast.Expr[],
  scope: Scope,
  checker: Checker,
): Typed {
  const query = checker.fact(need.interface, name.text);
  if (!query) {
    const fields = checker.factNames(need.interface);
    checker.error("E0117", name.span, { name: name.text, of: `\`${need.interface}\``, fields });
    return broken(span);
  }
  const args = argsFor(given, span, query, scope, checker);
  if (!args) return broken(span);
  return {
    core: { op: "fact", span, interface: need.interface, query: name.text, args },
    type: query.result,
  };
}
