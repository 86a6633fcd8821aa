/** Everything that is wrong with a description, for all its appliances on all its targets; no image is made. */
import { type Counter, type Diagnostic, inOrder } from "#lang";
import type { Unwritten } from "../resolve/unwritten.ts";
import { type BuildRequest, openedStore, Steps, type StepTime } from "./build.ts";
import { configured } from "./configured.ts";
import { makerFor } from "./maker.ts";
import { buildFrom } from "./pipeline.ts";

export interface CheckResult {
  /** In order of place; each is there once. */
  readonly diagnostics: readonly Diagnostic[];
  readonly looked: readonly Looked[];
  readonly steps: readonly StepTime[];
  /** Numbers that `appl.lock` keeps, as it should have them now. */
  readonly counters: readonly Counter[];
}

/** One appliance on one target that is free of errors in the description itself. */
export interface Looked {
  readonly appliance: string;
  readonly target: string;
  readonly backend: string;
  /** There is such a backend, and it makes images for such a board. */
  readonly hasBackend: boolean;
  readonly unwritten: readonly Unwritten[];
}

export async function check(request: BuildRequest): Promise<CheckResult> {
  const steps = new Steps(request.edges);
  const store = openedStore(request, steps);
  const front = steps.time("configure", () => configured({ ...request, everywhere: true }));
  const found = new Map<string, Diagnostic>();
  const add = (diagnostics: readonly Diagnostic[]) => {
    for (const each of diagnostics) {
      const key = JSON.stringify([each.code, each.primary.span, each.text]);
      if (!found.has(key)) found.set(key, each);
    }
  };
  add(front.diagnostics);
  const looked: Looked[] = [];
  const origin = request.origin ?? request.path;
  for (const configuration of front.configurations) {
    const { appliance, target, backend } = configuration;
    const hasBackend = makerFor(configuration, request.backends) !== undefined;
    const tried = await buildFrom(configuration, [], "check", request, store, steps);
    add(tried.diagnostics);
    looked.push({ appliance: appliance.name, target, backend, hasBackend, unwritten: tried.unwritten });
    if (tried.diagnostics.every(({ severity }) => severity !== "error"))
      // What a check has compiled is of use for the next one.
      store.keep(
        { origin, appliance: appliance.name, target, goal: "check" },
        { origin, appliance: appliance.name, target },
      );
  }
  return {
    diagnostics: inOrder([...found.values()]),
    looked,
    steps: steps.all,
    counters: front.counters,
  };
}
