/** What could be left out of an appliance that is too big: settings that bring parts with them. */

import type { Configuration, ModuleUse, Span } from "#lang";
import { changesOf, type Step } from "./changes.ts";
import { type Estimate, type EstimateOptions, estimate, type Kind, total } from "./estimate.ts";

export interface Saving {
  /** The setting to leave out. */
  readonly setting: Span;
  /** Modules that are gone with it. */
  readonly gone: readonly string[];
  readonly left: bigint;
  /** Above the budget still; not positive if it fits. */
  readonly over: bigint;
}

/** A setting that could be otherwise, and what is left then. */
export interface Lesser {
  /** `dns { limits { connections = 62 } }` */
  readonly text: string;
  readonly left: bigint;
  readonly over: bigint;
}

/** Less is not worth mentioning. */
const LEAST_SAVED = 2048n;

/** Settings with which it would fit, the ones first that leave most as it is. */
export function lessers(
  configuration: Configuration,
  before: Estimate,
  kind: Kind,
  budget: bigint,
  options: EstimateOptions,
): readonly Lesser[] {
  const all = total(before, kind);
  const found = changesOf(configuration).flatMap(({ isWritten, steps }): Lesser[] => {
    if (isWritten) return [];
    const leftOf = ({ changed }: Step) => total(estimate(changed, options), kind);
    const last = steps.at(-1)!;
    const least = leftOf(last);
    if (least > budget || all - least < LEAST_SAVED) return [];
    for (const step of steps) {
      const left = leftOf(step);
      if (left <= budget) return [{ text: step.text, left, over: left - budget }];
    }
    return [];
  });
  return found.toSorted((a, b) => Number(b.left - a.left)).slice(0, SHOWN);
}

const TRIED = 32;
const SHOWN = 2;

/** Those that save most first; those that are enough before all others. */
export function savings(
  configuration: Configuration,
  before: Estimate,
  kind: Kind,
  budget: bigint,
  options: EstimateOptions,
): readonly Saving[] {
  const all = total(before, kind);
  const settings = before.plan.modules.flatMap(({ module, use }) =>
    use.parts.flatMap(({ name, on, setting }) =>
      on && setting ? [{ path: module.path, part: name, setting }] : [],
    ),
  );
  const found = settings.slice(0, TRIED).flatMap(({ path, part, setting }): Saving[] => {
    const after = estimate(without(configuration, path, part), options);
    const left = total(after, kind);
    if (left >= all) return [];
    const still = new Set(after.plan.modules.map(({ module }) => module.path));
    const gone = before.plan.modules.map(({ module }) => module.path).filter((it) => !still.has(it));
    return [{ setting, gone, left, over: left - budget }];
  });
  return found
    .toSorted((a, b) => Number(a.over > 0n) - Number(b.over > 0n) || Number(a.left - b.left))
    .slice(0, SHOWN);
}

/** The configuration as if one part of a module were off. */
function without(configuration: Configuration, path: string, part: string): Configuration {
  const off = (use: ModuleUse): ModuleUse => ({
    ...use,
    parts: use.parts.map((it) => (it.name === part ? { ...it, on: false } : it)),
    sizes: use.sizes.filter((it) => it.part !== part),
  });
  const modules = configuration.modules.map((use) => (use.module.path === path ? off(use) : use));
  return { ...configuration, modules };
}
