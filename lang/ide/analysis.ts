/** One description, checked and evaluated for an editor: what is wrong, and what everything in it means. */
import type { Unit } from "../check/unit.ts";
import { configure } from "../configure/configure.ts";
import type { Checked, Front } from "../configure/front.ts";
import type { Request } from "../configure/request.ts";
import { checkTests } from "../configure/tests.ts";
import type { Evaluated, Watch } from "../configure/watch.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { inOrder } from "../diagnostics/order.ts";
import type { Draft } from "../evaluate/draft.ts";
import type { Span } from "../source/span.ts";
import { Facts } from "./facts.ts";

export interface Analysis {
  /** The path of the description. */
  readonly path: string;
  readonly request: Request;
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was asked for; folders end with `/`. */
  readonly reads: readonly string[];
  readonly facts: Facts;
  readonly front: Front | undefined;
  readonly checked: Checked | undefined;
  readonly evaluated: readonly Evaluated[];
  /** References, and the blocks that they name. */
  readonly bound: readonly { readonly reference: Span; readonly block: Draft }[];
  unit(source: string): Unit | undefined;
}

/** `onlyChecked`: what names mean and what is expected where, without values. */
export function analyse(request: Omit<Request, "watch">, onlyChecked = false): Analysis {
  const facts = new Facts();
  const evaluated: Evaluated[] = [];
  const bound: { reference: Span; block: Draft }[] = [];
  let seen: { readonly front: Front; readonly checked: Checked | undefined } | undefined;
  let ofTests: readonly Diagnostic[] = [];
  const watch: Watch = {
    onlyChecked,
    add: (fact) => facts.add(fact),
    bound: (reference, block) => bound.push({ reference, block }),
    evaluated: (one) => evaluated.push(one),
    checked(front, checked) {
      seen = { front, checked };
      if (checked) ofTests = front.checker.captured(() => checkTests(checked, front));
    },
  };
  const whole: Request = { everywhere: true, ...request, watch };
  const { diagnostics, reads } = configure(whole);
  // a library that was known before tells nothing, so none tells anything
  if (request.kept)
    for (const { library, path } of seen?.front.loader.units ?? [])
      if (library !== undefined) facts.forget(path);
  const units = new Map(seen?.front.loader.units.map((unit) => [unit.path, unit]));
  return {
    path: request.path,
    request,
    diagnostics: inOrder([...diagnostics, ...ofTests]),
    reads,
    facts,
    front: seen?.front,
    checked: seen?.checked,
    evaluated,
    bound,
    unit: (source) => units.get(source),
  };
}
