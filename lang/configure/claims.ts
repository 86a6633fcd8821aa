/** What modules claim for themselves: no two may have the same. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Machine } from "../evaluate/machine.ts";
import { bindRecord } from "../evaluate/query.ts";
import type { Span } from "../source/span.ts";
import { equal } from "../values/compare.ts";
import { plain } from "../values/print.ts";
import type { Value } from "../values/value.ts";
import type { ModuleUse } from "./configuration.ts";

interface Claim {
  readonly value: Value;
  readonly by: string;
  readonly span: Span;
}

/** Reports every pair. `isUsers` tells what the user wrote from what is in a library. */
export function checkClaims(
  uses: readonly ModuleUse[],
  isUsers: (span: Span) => boolean,
  machine: Machine,
): void {
  const all = new Map<string, Claim[]>();
  for (const { module, instances } of uses)
    for (const { name, value } of module.claims)
      for (const { config, label, span } of instances) {
        bindRecord(module.type, config, label, machine);
        const found = machine.attempt(() => machine.evaluate(value));
        for (const item of found?.kind === "list" ? found.items : []) {
          const at = item.span && isUsers(item.span) ? item.span : span;
          const by = label === undefined ? module.name : `${module.name} ${plain(label)}`;
          const claim = { value: item, by, span: at };
          const others = all.get(name) ?? [];
          machine.attempt(() => machine.spend(1 + others.length, at));
          const before = others.find((other) => overlap(other.value, item));
          if (before) machine.around.report(twice(name, before, claim));
          all.set(name, [...others, claim]);
        }
      }
}

function twice(name: string, first: Claim, second: Claim): Diagnostic {
  const related = [{ span: first.span, text: `\`${first.by}\` has \`${plain(first.value)}\` here` }];
  const data = { name, value: plain(second.value), first: first.by, second: second.by };
  return diagnose("E0703", second.span, data, related);
}

/** `*:53` has every address; all else is the same only if it is equal. */
function overlap(a: Value, b: Value): boolean {
  if (a.kind === "socket" && b.kind === "socket")
    return a.port === b.port && (!a.ip || !b.ip || equal(a.ip, b.ip));
  return equal(a, b);
}
