/** The steps of a build, from the description's text to the image's bytes. */
import { type Configuration, type Counter, type Diagnostic, fill, inOrder, kind } from "#lang";
import { overBudget } from "../budget/budget.ts";
import { isLackOfBoard } from "../resolve/diagnostics.ts";
import { resolve } from "../resolve/resolve.ts";
import { rootsOf } from "../resolve/roots.ts";
import { impossible, noCode, type Unwritten, unwritten } from "../resolve/unwritten.ts";
import type { Store } from "../store/store.ts";
import type { BuildRequest, Built, Job, Steps } from "./build.ts";
import { configured, defaultsOf } from "./configured.ts";
import { reportDiagnostics } from "./diagnostics.ts";
import { tooLargeFor } from "./less.ts";
import { builtFrom, readyFor } from "./made.ts";
import { boardFacts, lackingOn, makerFor } from "./maker.ts";
import { Places } from "./places.ts";

export interface Anew extends Tried {
  readonly counters: readonly Counter[];
}

interface Tried {
  readonly diagnostics: readonly Diagnostic[];
  readonly built: Built | undefined;
  /** What is asked for and has no code yet; nothing can be prepared then. */
  readonly unwritten: readonly Unwritten[];
}

/** The request says which appliance and which target, if there are several. */
export async function buildAnew(request: BuildRequest, store: Store, steps: Steps): Promise<Anew> {
  const front = steps.time("configure", () => configured(request));
  const { configurations, diagnostics, counters } = front;
  const [configuration, other] = configurations;
  if (configuration === undefined || failed(diagnostics))
    return { diagnostics, built: undefined, unwritten: [], counters };
  if (other) throw new Error("BUG: a build of several appliances or targets at once");
  return { ...(await buildFrom(configuration, diagnostics, "image", request, store, steps)), counters };
}

/** One appliance on one target. */
export async function buildFrom(
  configuration: Configuration,
  diagnostics: readonly Diagnostic[],
  goal: "check" | "image",
  request: BuildRequest,
  store: Store,
  steps: Steps,
): Promise<Tried> {
  const nothing = { built: undefined, unwritten: [] };
  const backend = makerFor(configuration, request.backends);
  const defaults = defaultsOf(configuration);
  const over = overBudget(
    configuration,
    { roots: rootsOf(configuration, backend), defaults },
    new Places(request),
  );
  const never = impossible(configuration);
  if (never.length > 0) {
    const errors = goal === "check" ? over : never.map((each) => noCode(each, configuration.target));
    return { diagnostics: inOrder([...diagnostics, ...errors]), built: undefined, unwritten: never };
  }
  if (over.length > 0) return { diagnostics: inOrder([...diagnostics, ...over]), ...nothing };
  if (!backend) {
    const errors = goal === "check" ? [] : [noBackend(configuration, request.backends)];
    return { diagnostics: inOrder([...diagnostics, ...errors]), ...nothing };
  }
  const job: Job = { ...request, backend };
  // What can be tried in the simulator is no mistake of the description: only an image cannot be made.
  const without = goal === "check" ? new Set<string>() : lackingOn(configuration.machine, backend);
  const options = { roots: rootsOf(configuration, backend), defaults, without };
  const resolution = resolve(configuration, options);
  if ("diagnostics" in resolution) {
    const { diagnostics: all } = resolution;
    const errors = goal === "check" ? all.filter((each) => !isLackOfBoard(each)) : all;
    return { diagnostics: inOrder([...diagnostics, ...errors]), ...nothing };
  }
  const { plan } = resolution;
  const missing = unwritten(plan);
  if (missing.length > 0) {
    const errors = goal === "check" ? [] : missing.map((each) => noCode(each, plan.target));
    return { diagnostics: inOrder([...diagnostics, ...errors]), built: undefined, unwritten: missing };
  }
  const ready = await readyFor(plan, job, store, steps);
  const all = inOrder([...diagnostics, ...reportDiagnostics(ready.prepared, request)]);
  if (failed(all) || goal === "check") return { diagnostics: all, ...nothing };
  const built = await builtFrom(ready, all, job, store, steps);
  if (built === undefined) return { diagnostics: all, ...nothing };
  const large = await tooLargeFor(configuration, built, job, store, steps);
  return {
    diagnostics: inOrder([...all, ...large]),
    built: large.length === 0 ? built : undefined,
    unwritten: [],
  };
}

export const noBackendKind = kind<{
  readonly target: string;
  readonly backend: string;
  readonly known: readonly string[];
  /** The board has nobody to be reached by. */
  readonly isAlone: boolean;
}>({
  title: "No backend for this board yet",
  text: ({ target, backend, known, isAlone }) =>
    `images for target \`${target}\` cannot be made yet: there is no backend \`${backend}\`${known.includes(backend) ? ` for such a board${isAlone ? ": it has no wired network" : ""}` : ""}`,
  help: ({ known }) => `\`appl check\` does without it; backends that are there: ${known.join(", ")}`,
});

function noBackend(
  { target, backend, targetSpan, appliance, machine }: Configuration,
  backends: BuildRequest["backends"],
): Diagnostic {
  const known = backends.map(({ name }) => name);
  const isAlone = boardFacts(machine).nics.length === 0;
  return fill("E0621", noBackendKind, targetSpan ?? appliance.span, { target, backend, known, isAlone });
}

const failed = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");
