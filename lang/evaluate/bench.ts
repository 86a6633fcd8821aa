import type { Bench } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import type { Machine } from "./machine.ts";

/** What an operation at a place may ask for. `args` are what it was given, as far as they have places of their own. */
export function benchFor(
  name: string,
  span: Span,
  args: readonly { readonly span: Span }[],
  machine: Machine,
): Bench {
  return {
    span,
    spend: (steps) => machine.spend(steps, span),
    allow: (weight) => machine.allowWeight(weight, span),
    fail: (reason, argument) => {
      throw machine.stop("E0305", argument === undefined ? span : (args[argument]?.span ?? span), {
        operation: name,
        reason,
      });
    },
  };
}
