/** What modules say of themselves to those that need them. */
import type { Machine } from "../evaluate/machine.ts";
import { askModule } from "../evaluate/query.ts";
import type { Value } from "../values/value.ts";
import type { ModuleDecl } from "./configuration.ts";

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

/** Undefined if the module does not say, or is not there. */
export function ask(
  { module, self }: Provider,
  query: string,
  args: readonly Value[],
  machine: Machine,
): Value | undefined {
  const declared = module.type.queries.find(({ name }) => name === query);
  return declared && self && askModule(module.type, declared, self, args, machine);
}
