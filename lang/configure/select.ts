/** Phase 8: which modules the configuration uses, and which parts of them are on. */
import type { Core } from "../check/core.ts";
import type { Machine } from "../evaluate/machine.ts";
import { bindRecord } from "../evaluate/query.ts";
import { isTrue } from "../evaluate/truth.ts";
import type { Span } from "../source/span.ts";
import { compareText } from "../values/compare.ts";
import type { RecordValue, Value } from "../values/value.ts";
import type { Known } from "./appliance.ts";
import type { Instance, ModuleDecl, ModuleUse, PartUse } from "./configuration.ts";
import { partsOf } from "./walk.ts";

/** `settings` has what each module's block gave, by the name that the description knows it by. */
export function modulesUsed(
  known: readonly Known[],
  settings: RecordValue,
  machine: Machine,
): readonly ModuleUse[] {
  const uses: ModuleUse[] = [];
  for (const { name, module } of known) {
    const instances = instancesOf(module, settings.fields.get(name));
    const [first] = instances;
    if (!first) continue;
    uses.push({
      module,
      span: first.span,
      because: first.span,
      instances,
      parts: partsOn(module, instances, machine),
    });
  }
  return uses.sort((a, b) => compareText(a.module.path, b.module.path));
}

function instancesOf(module: ModuleDecl, value: Value | undefined): readonly Instance[] {
  if (value?.kind === "record") return [{ label: undefined, config: value, span: value.span ?? module.span }];
  if (value?.kind !== "map") return [];
  return [...value.entries.values()].map(({ key, value: config, head }) => ({
    label: key,
    config: config as RecordValue,
    span: head ?? module.span,
  }));
}

/** A part is on if its condition holds for one of the instances. */
export function partsOn(
  module: ModuleDecl,
  instances: readonly Instance[],
  machine: Machine,
): readonly PartUse[] {
  return module.parts.map(({ name, condition, span, text, planned }) => {
    let asked: Span | undefined;
    for (const instance of instances) {
      bindRecord(module.type, instance.config, instance.label, machine);
      const value = machine.attempt(() => machine.evaluate(condition));
      if (value && isTrue(value)) asked ??= askedBy(condition, instance);
    }
    return { name, on: asked !== undefined, span, conditionText: text, planned, asked };
  });
}

/** The setting that a condition reads, where it is written. */
function askedBy(condition: Core, { config, span }: Instance): Span {
  for (const part of partsOf(condition)) {
    const origin = part.op === "variable" ? config.origins.get(part.variable.name) : undefined;
    if (origin) return origin.head;
  }
  return span;
}
