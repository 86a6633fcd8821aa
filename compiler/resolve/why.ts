/** The chains of needs that lead to a module, from the description or the target down. */
import type { Plan, Reason } from "./plan.ts";

export interface Step {
  /** The module that this reason brought in. */
  readonly module: string;
  readonly reason: Reason;
}

/** Every shortest-first simple chain ends at `path`; at most `most` are given. Undefined: the module is not in the plan. */
export function why(plan: Plan, path: string, most = 16): readonly (readonly Step[])[] | undefined {
  const byPath = new Map(plan.modules.map((planned) => [planned.module.path, planned]));
  if (!byPath.has(path)) return undefined;
  const found: Step[][] = [];
  const queue: { readonly at: string; readonly chain: Step[] }[] = [{ at: path, chain: [] }];
  for (let next = queue.shift(); next !== undefined && found.length < most; next = queue.shift()) {
    const { at, chain } = next;
    for (const reason of byPath.get(at)!.reasons) {
      const longer = [{ module: at, reason }, ...chain];
      if (reason.kind !== "need") found.push(longer);
      else if (!chain.some(({ module }) => module === reason.from))
        queue.push({ at: reason.from, chain: longer });
    }
  }
  return found.slice(0, most);
}
