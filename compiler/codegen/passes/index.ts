import type { OptimizeContext } from "../ssa/context.ts";
import type { Func } from "../ssa/func.ts";
import { printFunc } from "../ssa/print.ts";
import { verify } from "../ssa/verify.ts";
import { checkBounds } from "./bounds/index.ts";
import { simplifyBranches } from "./branches.ts";
import { removeDeadCode } from "./dead-code.ts";
import { splitCriticalEdges } from "./edges.ts";
import { expandOperations } from "./expand.ts";
import { numberValues } from "./gvn.ts";
import { inlineCalls } from "./inline.ts";
import { layOut } from "./layout.ts";
import { splitLongs } from "./pairs/index.ts";
import type { Pass } from "./pass.ts";
import { splitConditions } from "./short-circuit.ts";

export type { OptimizeContext } from "../ssa/context.ts";
export type { Pass } from "./pass.ts";

/**
 * All passes, in the order in which they run. A name may stand several times: `gvn` sees more after `branches`. What `after` claims is
 * checked by `order.test.ts`. Machine code cannot be made without the last two.
 */
export const passes: readonly Pass[] = [
  { name: "inline", run: inlineCalls },
  { name: "branches", run: simplifyBranches },
  { name: "dead-code", run: removeDeadCode },
  { name: "short-circuit", run: splitConditions, after: { "dead-code": "it counts uses" } },
  { name: "gvn", run: numberValues },
  { name: "dead-code", run: removeDeadCode },
  {
    name: "branches",
    run: simplifyBranches,
    after: {
      gvn: "it finds conditions that are constant",
      "dead-code": "what only branches can be gone round",
    },
  },
  { name: "gvn", run: numberValues },
  { name: "dead-code", run: removeDeadCode },
  { name: "short-circuit", run: splitConditions },
  { name: "branches", run: simplifyBranches },
  {
    name: "pairs",
    run: splitLongs,
    after: { gvn: "it knows more about whole numbers than about halves" },
  },
  {
    name: "bounds",
    run: checkBounds,
    after: { pairs: "eight bytes are checked at once" },
  },
  { name: "dead-code", run: removeDeadCode },
  { name: "expand", run: expandOperations, after: { gvn: "it computes with what is expanded" } },
  {
    name: "critical-edges",
    run: splitCriticalEdges,
    after: { branches: "it would make new ones" },
  },
  { name: "layout", run: layOut, after: { "critical-edges": "new blocks need a place" } },
];

/** Runs all passes on a function, in place. Deterministic: the same function gives the same text. */
export function optimize(func: Func, context: OptimizeContext): void {
  const { dump, signatures } = context;
  const show = (when: string) => {
    if (dump?.when === when || dump?.when === "after:all") dump.write(`; ${when}\n${printFunc(func)}`);
  };
  show("before");
  for (const { name, run } of passes) {
    run(func, context);
    show(`after:${name}`);
    if (context.verify) check(func, name, () => verify(func, signatures));
  }
  if (context.verify) check(func, "all passes", () => verify(func, signatures, true));
}

function check(func: Func, name: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw new Error(`BUG: after ${name}: ${String(error)}\n${printFunc(func)}`);
  }
}
