/** What modules say of themselves to those that need them. */
import type { Machine } from "../evaluate/machine.ts";
import type { RecordValue, Value } from "../values/value.ts";
import type { ModuleDecl } from "./configuration.ts";
import { bindRecord } from "./rules.ts";

/** A module of the configuration, or one that is only declared. */
export interface Provider {
  readonly module: ModuleDecl;
  /** What its own name stands for; undefined if it has no settings and cannot do without. */
  readonly self: Value | undefined;
}

/**
 * The module that meets a need, as far as the language can tell: one of the target's before others, and one that the description has
 * a block for before one that it has not. Undefined if that leaves several.
 */
export function providerOf(
  interfaceName: string,
  modules: readonly ModuleDecl[],
  used: ReadonlySet<string>,
  ofTarget: (module: ModuleDecl) => boolean,
): ModuleDecl | undefined {
  const offering = modules.filter(({ offers }) => offers.includes(interfaceName));
  const own = offering.filter(ofTarget);
  const candidates = own.length > 0 ? own : offering;
  if (candidates.length <= 1) return candidates[0];
  const inUse = candidates.filter(({ path }) => used.has(path));
  return inUse.length === 1 ? inUse[0] : undefined;
}

/** Evaluates a query over a module's settings; the settings that are being looked at meanwhile stay as they are. */
export function ask({ module, self }: Provider, query: string, machine: Machine): Value | undefined {
  const declared = module.queries.find(({ name }) => name === query);
  const { selfVariable, members } = module.type;
  if (!declared || !self || !selfVariable) return undefined;
  const before = members.map(({ variable }) => [variable, machine.values.get(variable)] as const);
  machine.values.set(selfVariable, self);
  if (!module.multiple) bindRecord(module.type, self as RecordValue, undefined, machine);
  try {
    return machine.evaluate(declared.value);
  } finally {
    for (const [variable, value] of before)
      if (value) machine.values.set(variable, value);
      else machine.values.delete(variable);
  }
}
