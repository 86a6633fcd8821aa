/** Modules that a need brings in, and that the description has no block for. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Draft } from "../evaluate/draft.ts";
import { finish } from "../evaluate/finish.ts";
import type { Machine } from "../evaluate/machine.ts";
import type { Span } from "../source/span.ts";
import type { Member, RecordType } from "../types/type.ts";
import type { Value } from "../values/value.ts";
import type { Instance, ModuleDecl, ModuleUse } from "./configuration.ts";
import { partsAndSizes } from "./select.ts";

/** What a module cannot do without, though nothing says what it should be. */
function firstMissing(type: RecordType): Member | undefined {
  return type.members.find((member) => {
    if (member.kind === "option") return !member.fallback;
    if (member.kind === "blocks") return member.min > 0;
    return member.kind !== "maybe";
  });
}

/** The settings of a module without a block: its defaults; undefined if it has none for something. */
export function defaultSettings(module: ModuleDecl, around: Span, machine: Machine): Value | undefined {
  if (module.multiple) return { kind: "map", entries: new Map(), weight: 16 };
  if (firstMissing(module.type)) return undefined;
  const draft = new Draft(module.type, module.name);
  const value = finish(draft, { machine, around, appliance: undefined, refs: false });
  return draft.faulty ? undefined : value;
}

export interface Asked {
  /** For a message: `needs stack of std/net`. */
  readonly by: string;
  /** The block or need that leads here. */
  readonly span: Span;
}

/**
 * The module with its defaults, or the error that names the block to write. A module with labels has no instance then; if one could not be
 * made without being told something, nothing would be what it is needed for.
 */
export function useByDefault(
  module: ModuleDecl,
  asked: Asked,
  machine: Machine,
): { use: ModuleUse | undefined; diagnostic: Diagnostic | undefined } {
  const missing = firstMissing(module.type);
  if (missing) {
    const { path, multiple } = module;
    const data = {
      module: path,
      need: asked.by,
      missing: missing.name,
      docs: missing.docs,
      labelled: multiple,
    };
    return { use: undefined, diagnostic: diagnose("E0702", asked.span, data) };
  }
  const value = defaultSettings(module, asked.span, machine);
  const instances: Instance[] =
    value?.kind === "record" ? [{ label: undefined, config: value, span: asked.span }] : [];
  if (value?.kind === "record" && module.type.selfVariable)
    machine.values.set(module.type.selfVariable, value);
  const use = {
    module,
    span: asked.span,
    because: asked.span,
    instances,
    ...partsAndSizes(module, instances, machine),
  };
  return { use: value ? use : undefined, diagnostic: undefined };
}
