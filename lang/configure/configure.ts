/** The door of the language: a description, for each of its appliances on each of its targets, or what is wrong with it. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { inOrder } from "../diagnostics/order.ts";
import type { Machine } from "../evaluate/machine.ts";
import { type ExplainProblem, type Explanation, explain } from "../explain/explain.ts";
import type { Span } from "../source/span.ts";
import type { RecordValue } from "../values/value.ts";
import type { Configuration, ModuleDecl, ModuleUse } from "./configuration.ts";
import { withoutConsequences } from "./consequences.ts";
import type { Counter } from "./counters.ts";
import { useByDefault } from "./defaults.ts";
import { Evaluation, type Finished, type Shared } from "./evaluation.ts";
import { type CheckedAppliance, Front } from "./front.ts";
import { Reports } from "./reports.ts";
import type { Request } from "./request.ts";
import { rulesHold } from "./rules.ts";
import { partsAndSizes } from "./select.ts";

export interface Configured {
  /** One for each appliance on each target that was asked for; none of those with errors. */
  readonly configurations: readonly Configuration[];
  /** In the order in which they are to be shown. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file and library text that was asked for, also those that do not exist; folders end with `/`. */
  readonly reads: readonly string[];
  /** Numbers that are kept in the lock, of all appliances. Complete if there are no errors. */
  readonly counters: readonly Counter[];
}

/** Never throws for what is wrong in a text, and ends for every text: evaluation counts its steps. */
export function configure(request: Request): Configured {
  const reports = new Reports();
  const front = new Front(request, (diagnostic) => reports.add(diagnostic));
  const checked = front.check();
  request.watch?.checked(front, checked);
  const configurations: Configuration[] = [];
  const counters = new Map<string, Counter>();
  const unsound = reports.failed;
  const shared = new Map<CheckedAppliance, Shared>();
  const targets = request.watch?.onlyChecked ? [] : (checked?.chosen ?? []);
  for (const target of targets)
    for (const appliance of checked!.appliances) {
      const evaluation = new Evaluation(front, checked!, target, request);
      evaluation.static();
      const finished = evaluation.finish(appliance, shared.get(appliance));
      const forOthers = shared.has(appliance) ? undefined : evaluation.shared(finished);
      if (forOthers) shared.set(appliance, forOthers);
      for (const counter of finished.counters) counters.set(counter.line.name, counter);
      if (request.watch) request.watch.evaluated(evaluation.watched(finished, appliance));
      const configuration = evaluation.configuration(finished, appliance);
      reports.addFor(target.name, evaluation.diagnostics, (checked?.chosen.length ?? 0) > 1);
      if (unsound || evaluation.diagnostics.some(({ severity }) => severity === "error")) continue;
      machines.set(configuration, evaluation.machine);
      results.set(configuration, finished);
      configurations.push(configuration);
    }
  const found = masked(inOrder(rootFirst(reports.all(), request.path)));
  const diagnostics = withoutConsequences(found, (source) => front.unitOf({ source })?.source.text);
  return { configurations, diagnostics, reads: [...front.loader.reads], counters: [...counters.values()] };
}

/** What one diagnostic must not show, no other does either: they may speak of the same line. */
function masked(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const spans = diagnostics.flatMap((diagnostic) => diagnostic.masked ?? []);
  return spans.length === 0 ? diagnostics : diagnostics.map((it) => ({ ...it, masked: spans }));
}

/** The user's own file before those of libraries. */
function rootFirst(diagnostics: readonly Diagnostic[], path: string): readonly Diagnostic[] {
  const own = ({ primary }: Diagnostic): boolean => primary.span.source === path;
  return [...diagnostics.filter(own), ...diagnostics.filter((it) => !own(it))];
}

const machines = new WeakMap<Configuration, Machine>();
const results = new WeakMap<Configuration, Finished>();

function resultOf(configuration: Configuration): Finished {
  const found = results.get(configuration);
  if (!found) throw new Error("BUG: not a configuration that was made by `configure`");
  return found;
}

/** Where the value of a setting comes from; `path` is written like `dns.zone["example.com"].primary.ttl`. */
export const explainSetting = (configuration: Configuration, path: string): Explanation | ExplainProblem =>
  explain(resultOf(configuration).draft, path);

/** All settings of the appliance, by the names of its modules. */
export const settingsOf = (configuration: Configuration): RecordValue => resultOf(configuration).settings;

/**
 * A module that no block of the description asks for, with its defaults. `by` says in a message who needs it. The diagnostics are empty if
 * there is a use.
 */
export function evaluateDefaults(
  configuration: Configuration,
  module: ModuleDecl,
  by: string,
  because: Span,
): { readonly use: ModuleUse | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const machine = machines.get(configuration);
  if (!machine) throw new Error("BUG: not a configuration that was made by `configure`");
  const { use, diagnostic } = useByDefault(module, { by, span: because }, machine);
  return { use, diagnostics: diagnostic ? [diagnostic] : [] };
}

/** A module as if its blocks had these settings: which of its parts are on then, and its sizes. Undefined if a rule of its library forbids it. */
export function useWith(
  configuration: Configuration,
  use: ModuleUse,
  instances: ModuleUse["instances"],
): ModuleUse | undefined {
  const machine = machines.get(configuration);
  if (!machine) throw new Error("BUG: not a configuration that was made by `configure`");
  if (!instances.every(({ config, label }) => rulesHold(use.module.type, config, label, machine)))
    return undefined;
  return { ...use, instances, ...partsAndSizes(use.module, instances, machine) };
}
