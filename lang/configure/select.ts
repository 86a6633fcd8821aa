/** Phase 8: which modules the configuration uses, and which parts of them are on. */
import type { Core } from "../check/core.ts";
import type { Machine } from "../evaluate/machine.ts";
import { bindRecord } from "../evaluate/query.ts";
import { isTrue } from "../evaluate/truth.ts";
import type { Span } from "../source/span.ts";
import { compareText } from "../values/compare.ts";
import type { Origin, RecordValue, Value } from "../values/value.ts";
import type { Known } from "./appliance.ts";
import type { Instance, ModuleDecl, ModuleUse, PartUse, SizeUse } from "./configuration.ts";
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
      ...partsAndSizes(module, instances, machine),
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

export function partsAndSizes(
  module: ModuleDecl,
  instances: readonly Instance[],
  machine: Machine,
): Pick<ModuleUse, "parts" | "sizes"> {
  const parts = partsOn(module, instances, machine);
  return { parts, sizes: sizesOf(module, instances, parts, machine) };
}

/** A part is on if its condition holds for one of the instances. */
function partsOn(module: ModuleDecl, instances: readonly Instance[], machine: Machine): readonly PartUse[] {
  return module.parts.map(({ name, condition, span, text, planned }) => {
    let asked: ReturnType<typeof askedBy> | undefined;
    for (const instance of instances) {
      bindRecord(module.type, instance.config, instance.label, machine);
      const value = machine.attempt(() => machine.evaluate(condition));
      if (value && isTrue(value)) asked ??= askedBy(condition, instance);
    }
    return { name, on: asked !== undefined, span, conditionText: text, planned, ...(asked ?? nobody) };
  });
}

const nobody = { asked: undefined, setting: undefined };

/** The setting that a condition reads, where it is written; one inside of a block (`listen.secure`) before the block. */
function askedBy(condition: Core, { config, span }: Instance): Pick<PartUse, "setting"> & { asked: Span } {
  for (const part of partsOf(condition)) {
    const origin = originOf(part, config);
    if (origin) return { asked: origin.head, setting: { ...origin.head, end: origin.value.end } };
  }
  return { asked: span, setting: undefined };
}

function originOf(part: Core, config: RecordValue): Origin | undefined {
  if (part.op === "variable") return config.origins.get(part.variable.name);
  if (part.op !== "field" || part.object.op !== "variable") return undefined;
  const block = config.fields.get(part.object.variable.name);
  return block?.kind === "record" ? block.origins.get(part.name) : undefined;
}

/** Flash is taken once, memory by each instance. */
function sizesOf(
  module: ModuleDecl,
  instances: readonly Instance[],
  parts: readonly PartUse[],
  machine: Machine,
): readonly SizeUse[] {
  return module.sizes
    .filter(({ part }) => part === undefined || parts.some(({ name, on }) => on && name === part))
    .map(({ part, flash, ram, docs }) => {
      const use = { part, flash: 0n, ram: 0n, docs };
      for (const instance of instances) {
        bindRecord(module.type, instance.config, instance.label, machine);
        const most = bytesOf(flash, machine);
        if (most > use.flash) use.flash = most;
        use.ram += bytesOf(ram, machine);
      }
      return use;
    });
}

function bytesOf(core: Core | undefined, machine: Machine): bigint {
  const value = core && machine.attempt(() => machine.evaluate(core));
  return value?.kind === "size" ? value.bytes : 0n;
}
