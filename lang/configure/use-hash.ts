/** A hash behind `use`. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { parseHash } from "../values/names.ts";

/** Undefined if it is the hash that was found. */
export function hashMistake(
  what: string,
  { span, raw }: ast.LiteralExpr,
  found: string,
): Diagnostic | undefined {
  const said = parseHash(raw);
  if (said.ok && `sha256:${said.value}` === found) return undefined;
  return diagnose("E0158", span, { what, isHash: said.ok, found, edit: { span, text: found } });
}
