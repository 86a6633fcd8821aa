/** Types between whose `<` and `>` there may be nothing, or more than types: `Pin<input, analog>`, `Signal`. */
import type * as ast from "../syntax/ast.ts";
import { type Device, isPinAbility, pinAbilities } from "../types/devices.ts";
import { errorType, type Type } from "../types/type.ts";
import type { Checker } from "./checker.ts";
import type { Scope } from "./scope.ts";

/** `Pin`, or `Pin<input, analog>`: a pin that can do all of these. */
export function deviceType(expr: ast.NamedType, of: Device, checker: Checker): Type {
  const { args } = expr;
  if (of !== "Pin" && args.length > 0) {
    wrongCount(expr, 0, checker);
    return errorType;
  }
  const can: string[] = [];
  for (const arg of args) {
    const name =
      arg.kind === "namedType" && !arg.qualifier && !arg.payload && arg.args.length === 0
        ? arg.name.text
        : undefined;
    if (name !== undefined && isPinAbility(name)) can.push(name);
    else {
      checker.error("E0206", arg.span, {
        subject: "Pin<…>",
        word: checker.textOf(arg.span),
        words: pinAbilities,
      });
      return errorType;
    }
  }
  return { kind: "device", of, can };
}

/** `Signal<Temp>`; `Signal` carries anything. */
export function signalType(expr: ast.NamedType, scope: Scope, checker: Checker): Type {
  const [carries, extra] = expr.args;
  if (extra) {
    wrongCount(expr, 1, checker);
    return { kind: "error" };
  }
  return { kind: "signal", carries: carries && checker.typeOf(carries, scope) };
}

export function wrongCount({ name, args }: ast.NamedType, expected: number, checker: Checker): void {
  const span = args.length > 0 ? { ...args[0]!.span, end: args.at(-1)!.span.end } : name.span;
  checker.error("E0216", span, { name: name.text, expected, found: args.length });
}
