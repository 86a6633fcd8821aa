/** Why a module is not in an image: the description has no block that counts, and nothing that is there needs it. */
import type { Configuration, ModuleDecl } from "#lang";
import type { Places } from "../build/places.ts";
import type { Place } from "../build/report.ts";
import type { Plan, PlannedModule } from "../resolve/plan.ts";

/** A text of the description or of a library. */
export interface Said {
  readonly text: string;
  readonly place: Place | undefined;
}

export interface Absence {
  /** The description does not even reach its library. */
  readonly unused: boolean;
  /** Blocks of it under a `when` that does not hold. */
  readonly skipped: readonly { readonly block: Said; readonly when: Said }[];
  /** Parts of modules that are there, which would need it, and are off. */
  readonly parts: readonly {
    readonly module: string;
    readonly part: string;
    readonly need: string;
    readonly when: Said;
  }[];
  /** What it offers is needed, and another module meets the need. */
  readonly met: readonly { readonly module: string; readonly need: string; readonly by: string }[];
  /** Modules that need what it offers and are not there either. */
  readonly askers: readonly string[];
  /** A block of this name brings it in. */
  readonly block: string | undefined;
}

/** Of a module that no library of the description has. */
export const unreached: Absence = {
  unused: true,
  skipped: [],
  parts: [],
  met: [],
  askers: [],
  block: undefined,
};

export function absenceOf(
  module: ModuleDecl,
  { skipped, declarations }: Configuration,
  plan: Plan,
  places: Places,
): Absence {
  const said = (span: Parameters<Places["of"]>[0]): Said => ({
    text: places.text(span),
    place: places.of(span),
  });
  const wants = (other: ModuleDecl) => other.needs.filter((need) => module.offers.includes(need.interface));
  const there = new Set(plan.modules.map((planned) => planned.module.path));
  return {
    unused: false,
    skipped: skipped
      .filter((block) => block.module === module.path)
      .map(({ head, when }) => ({ block: said(head), when: said(when) })),
    parts: plan.modules.flatMap((planned) => partsOff(planned, wants(planned.module), said)),
    met: plan.modules.flatMap(({ module: other, bindings }) =>
      wants(other).flatMap(({ name }) => {
        const by = bindings.get(name);
        return by === undefined ? [] : [{ module: other.path, need: name, by }];
      }),
    ),
    askers: declarations
      .filter((other) => !there.has(other.path) && wants(other).length > 0)
      .map(({ path }) => path),
    block: module.type.members.length > 0 || module.multiple ? module.name : undefined,
  };
}

function partsOff(
  { module, use }: PlannedModule,
  needs: ModuleDecl["needs"],
  said: (span: Parameters<Places["of"]>[0]) => Said,
): Absence["parts"] {
  return needs.flatMap(({ name, part: wanted }) => {
    const part = use.parts.find((each) => each.name === wanted);
    if (part === undefined || part.on) return [];
    const when = { text: part.conditionText, place: said(part.span).place };
    return [{ module: module.path, part: part.name, need: name, when }];
  });
}
