/** The modules of a plan as plain data: what they were told, and every reason for them with its place. */
import {
  type BlocksMember,
  type Instance,
  type ModuleDecl,
  printShort,
  type RecordType,
  type RecordValue,
} from "#lang";
import type { Plan, Reason } from "../resolve/plan.ts";
import type { BuildRequest } from "./build.ts";
import { Places } from "./places.ts";
import type { ModuleReport, ReasonReport, SettingsReport, WiredReport } from "./report.ts";

export function moduleReports(
  plan: Plan,
  request: Pick<BuildRequest, "files" | "libraries">,
): ModuleReport[] {
  const places = new Places(request);
  return plan.modules.map(({ module, use, bindings, reasons }) => ({
    path: module.path,
    doc: module.docs,
    parts: use.parts.map(({ name, on }) => ({ name, on })),
    bindings: Object.fromEntries(bindings),
    reasons: reasons.map((reason) => reasonReport(reason, plan, places)),
    settings: use.instances.map((instance) => settingsReport(module, instance)),
  }));
}

function settingsReport({ type }: ModuleDecl, { label, config }: Instance): SettingsReport {
  const wired = type.members.flatMap((member) =>
    member.kind === "blocks" && member.block.signals.length > 0 ? wiredReports(member, config) : [],
  );
  const all = { label: label && printShort(label), options: optionsOf(type, config) };
  return wired.length === 0 ? all : { ...all, wired };
}

function wiredReports({ name, block }: BlocksMember, config: RecordValue): WiredReport[] {
  const value = config.fields.get(name);
  if (value?.kind !== "map") throw new Error(`BUG: ${name} is no map`);
  return [...value.entries.values()].map(({ key, value: each }) => ({
    name,
    label: key.kind === "str" ? key.value : printShort(key),
    options: optionsOf(block, each as RecordValue),
  }));
}

function optionsOf({ members }: RecordType, { fields }: RecordValue): Record<string, string> {
  const options: Record<string, string> = {};
  for (const { kind, name } of members) {
    const value = fields.get(name);
    if (kind === "option" && value !== undefined) options[name] = printShort(value);
  }
  return options;
}

function reasonReport(reason: Reason, plan: Plan, places: Places): ReasonReport {
  switch (reason.kind) {
    case "block":
      return {
        kind: "block",
        from: undefined,
        text: places.text(reason.span),
        interface: undefined,
        place: places.of(reason.span),
      };
    case "target":
      return {
        kind: "target",
        from: undefined,
        text: "the target itself",
        interface: reason.interface,
        place: undefined,
      };
    case "need":
      return {
        kind: "need",
        from: reason.from,
        text: reason.need,
        interface: reason.interface,
        place: places.of(reason.span),
        part: partOf(reason, plan, places),
      };
  }
}

/** The part that a need belongs to, and what switched it on. */
function partOf(reason: Reason & { kind: "need" }, { modules }: Plan, places: Places): ReasonReport["part"] {
  const asker = modules.find(({ module }) => module.path === reason.from);
  const name = asker?.module.needs.find((need) => need.name === reason.need)?.part;
  const part = asker?.use.parts.find((each) => each.name === name);
  if (part === undefined) return undefined;
  const asked = part.setting ?? part.asked;
  return {
    name: part.name,
    when: part.conditionText,
    place: places.of(part.span),
    asked: asked && { text: places.text(asked), place: places.of(asked) },
  };
}
