/** Signals by their names: which there are, how one is written, and what is said of one that is read too early. */
import type * as ast from "../syntax/ast.ts";
import type { Checker } from "./checker.ts";
import type { Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

export interface SignalPath {
  readonly head: ast.NameExpr;
  /** The head and all names behind it, but the last. */
  readonly names: readonly string[];
  readonly label: ast.Expr | undefined;
  readonly signal: ast.Name;
}

/** Names with points, at most one label in brackets before the last. */
export function signalPath(expr: ast.Expr): SignalPath | undefined {
  if (expr.kind !== "field") return undefined;
  const label = expr.object.kind === "index" ? expr.object.index : undefined;
  const names: string[] = [];
  let at = expr.object.kind === "index" ? expr.object.object : expr.object;
  while (at.kind === "field") {
    names.unshift(at.name.text);
    at = at.object;
  }
  if (at.kind !== "name") return undefined;
  return { head: at, names: [at.text, ...names], label, signal: expr.name };
}

/**
 * Reports a signal that is read as if it were a value. `expr` is one if its head means nothing here and some block in use has a signal of
 * that name; a block's own signal is found by whoever knows the block.
 */
export function readsSignal(expr: ast.FieldExpr, scope: Scope, checker: Checker): boolean {
  const path = signalPath(expr);
  const { takers, names } = checker.signals();
  if (!path || scope.find(path.head.text) || !names.has(path.signal.text)) return false;
  reportRead(expr, takers, checker);
  return true;
}

export function reportRead(expr: ast.Expr, takers: readonly string[], checker: Checker): void {
  checker.error("E0221", expr.span, { text: checker.textOf(expr.span), takers });
}

/** What files declare, as it is written: their types need not be known for this. */
export function signalsIn(units: readonly Unit[]): ReturnType<Checker["signals"]> {
  const names = new Set<string>();
  const takers: string[] = [];
  for (const { ast: file } of units)
    for (const item of file.items)
      if (item.kind === "blockDecl" || item.kind === "moduleDecl")
        for (const member of item.members) {
          if (member.kind === "signal") names.add(member.name.text);
          if (member.kind === "option" && takesSignal(member.type))
            takers.push(`\`${member.name.text}\` of \`${item.name.text}\``);
        }
  return { names, takers };
}

function takesSignal(type: ast.TypeExpr): boolean {
  if (type.kind === "optionalType" || type.kind === "refinedType") return takesSignal(type.inner);
  return type.kind === "namedType" && (type.name.text === "Signal" || type.args.some(takesSignal));
}
