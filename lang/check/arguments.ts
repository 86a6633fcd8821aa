/** Arguments of calls against parameters. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import type { Checker } from "./checker.ts";
import type { Core, Fn } from "./core.ts";
import { printSignature } from "./functions.ts";
import type { Scope } from "./scope.ts";

interface Wanted {
  readonly name: string;
  readonly signature: string;
  readonly least: number;
  readonly most: number;
}

/** The arguments as values of the parameters' types; undefined after a report that there are too many or too few. */
export function argsFor(
  args: readonly ast.Expr[],
  span: Span,
  fn: Pick<Fn, "name" | "params" | "result">,
  scope: Scope,
  checker: Checker,
): readonly Core[] | undefined {
  const { name, params } = fn;
  const least = params.filter(({ fallback }) => !fallback).length;
  const signature = printSignature(fn);
  if (!rightCount(args, span, { name, signature, least, most: params.length }, checker)) return undefined;
  return args.map((arg, index) => {
    const { variable } = params[index]!;
    return checker.check(arg, { type: variable.type, subject: variable.name }, scope);
  });
}

export function rightCount(
  args: readonly ast.Expr[],
  span: Span,
  { name, signature, least, most }: Wanted,
  checker: Checker,
): boolean {
  const found = args.length;
  if (found >= least && found <= most) return true;
  const count = least === most ? `${most}` : `${least} to ${most}`;
  const reason = `takes ${count} argument${most === 1 ? "" : "s"}, and here ${found === 1 ? "is 1" : `are ${found}`}`;
  checker.error("E0209", span, { name, signature, reason });
  return false;
}
