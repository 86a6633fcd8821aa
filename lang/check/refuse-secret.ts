/** What cannot be done with a secret. */
import type { SecretUse } from "../diagnostics/catalog/secrets.ts";
import type * as ast from "../syntax/ast.ts";
import { isAtBoot, isSecret } from "../types/secrets.ts";
import type { Type } from "../types/type.ts";
import type { Checker } from "./checker.ts";

/** Reports that a secret would be used for something else than to be handed on. */
export function refuseSecret(
  expr: ast.Expr,
  type: Type,
  use: SecretUse,
  checker: Checker,
  subject?: string,
): void {
  const written = checker.textOf(expr.span);
  if (isAtBoot(type)) {
    checker.error("E0343", expr.span, { written, use, subject });
    return;
  }
  checker.error("E0311", expr.span, {
    secret: /^[\w.]{1,60}$/.test(written) ? written : undefined,
    holds: !isSecret(type),
    use,
    subject,
  });
}
