/** Consequences go to the cause that they follow from; what follows from nothing known is a cause itself. */
import type { Detail } from "./difference.ts";
import { config, type ModuleInRecipe, type Recipe } from "./documents.ts";
import { byKind, type CauseDraft, cause, changeOf } from "./draft.ts";
import type { Derived } from "./modules.ts";
import { contentsOf } from "./settings.ts";
import type { Opened } from "./sides.ts";
import { type Both, byRole, type Walk } from "./walk.ts";

/** Defaults and parts follow from a setting of their module; from one that their condition names, if there is one. */
export function foldDerived(derived: readonly Derived[], causes: CauseDraft[]): void {
  const own: CauseDraft[] = [];
  for (const { module, detail, condition = "" } of derived) {
    const words = new Set(condition.match(/[A-Za-z_]\w*/g));
    const ofModule = causes.filter((draft) => draft.module === module);
    const named = ofModule.find(
      ({ what, kind }) => kind !== "library" && names(what).some((name) => words.has(name)),
    );
    const from = named ?? nearest(detail.what, ofModule) ?? general(causes);
    if (from !== undefined) from.consequences.push(inModule(detail, module, from));
    else
      own.push(
        cause({
          kind: detail.what.startsWith("part ") ? "part" : "setting",
          ...inModule(detail, module),
          module,
        }),
      );
  }
  causes.push(...own);
}

/** The cause that shares most of the path: a zone's serial number follows from what changed in that zone. */
function nearest(path: string, drafts: readonly CauseDraft[]): CauseDraft | undefined {
  const shared = ({ what }: CauseDraft) => {
    let length = 0;
    while (length < path.length && path[length] === what[length]) length++;
    return length;
  };
  return drafts.toSorted((a, b) => shared(b) - shared(a))[0];
}

/** Every name of a path: `dns`, `zone`, `primary`, `ttl`. */
const names = (path: string): string[] => path.replaceAll(/\[[^\]]*\]/g, "").split(".");

function inModule(detail: Detail, module: string, from?: CauseDraft): Detail {
  return detail.what.startsWith("part ") && from?.module !== module
    ? { ...detail, what: `${detail.what} of ${module}` }
    : detail;
}

/** What changes everything: another target, other tools. */
const general = (causes: readonly CauseDraft[]): CauseDraft | undefined =>
  causes.find(({ kind }) => kind === "target" || kind === "board") ??
  causes.find(({ kind }) => kind === "toolchain");

/** Modules that came or went: with the block that asked for them, or with whatever made others need them. */
export function foldModules(
  recipes: Both<Recipe>,
  sides: Both<Opened>,
  walk: Walk,
  causes: CauseDraft[],
): void {
  const target = causes.find(({ kind }) => kind === "target");
  for (const side of ["a", "b"] as const) {
    const [recipe, others] = side === "a" ? [recipes.a, recipes.b] : [recipes.b, recipes.a];
    const known = new Map(others.modules.map((module) => [module.name, module]));
    const lone = recipe.modules.filter(({ name }) => !known.has(name));
    const change = side === "a" ? "removed" : "added";
    const blocks = new Map<string, CauseDraft>();
    for (const module of lone)
      for (const draft of blockCauses(module, sides[side], walk, recipe, side)) {
        causes.push(draft);
        if (!blocks.has(module.name)) blocks.set(module.name, draft);
      }
    for (const module of lone) {
      const detail: Detail = { what: `module ${module.name}`, change };
      const from =
        blocks.get(module.name) ??
        target ??
        whoAsks(module, recipe, known, blocks, causes) ??
        general(causes);
      if (from !== undefined) from.consequences.push(detail);
      else causes.push(cause({ kind: "module", what: module.name, change, module: module.name }));
    }
  }
}

/** Of a module that the description has a block for: one for each of its blocks. */
function blockCauses(
  module: ModuleInRecipe,
  { report, places }: Opened,
  walk: Walk,
  recipe: Recipe,
  side: "a" | "b",
): CauseDraft[] {
  const reasons = report?.modules.find(({ path }) => path === module.name)?.reasons;
  const asked =
    reasons?.some(({ kind }) => kind === "block") ??
    !recipe.modules.some(({ needs }) => needs.some(([, to]) => to === module.name));
  if (!asked) return [];
  const change = side === "a" ? "removed" : "added";
  return module.config.flatMap((digest) => {
    const rows = walk.read(config, digest)?.rows ?? [];
    const what = rows[0]?.[0];
    if (what === undefined) return [];
    const details = contentsOf(what, rows, places, change);
    return [
      cause({
        kind: "block",
        what,
        change,
        places: { [side]: places.get(what)?.place },
        details,
        module: module.name,
      }),
    ];
  });
}

/** Up along the needs to a module that has a cause. */
function whoAsks(
  module: ModuleInRecipe,
  recipe: Recipe,
  known: ReadonlyMap<string, ModuleInRecipe>,
  blocks: ReadonlyMap<string, CauseDraft>,
  causes: readonly CauseDraft[],
): CauseDraft | undefined {
  const seen = new Set([module.name]);
  const queue = [module.name];
  for (let name = queue.shift(); name !== undefined; name = queue.shift())
    for (const asker of recipe.modules) {
      if (seen.has(asker.name) || !asker.needs.some(([, to]) => to === name)) continue;
      seen.add(asker.name);
      const block = blocks.get(asker.name);
      if (block !== undefined) return block;
      if (known.has(asker.name)) {
        const library = causes.find((draft) => draft.kind === "library" && draft.module === asker.name);
        if (library !== undefined) return library;
      } else queue.push(asker.name);
    }
  return undefined;
}

/** A need that another module meets now. */
export function foldNeeds({ a, b }: Both<Recipe>, causes: CauseDraft[]): void {
  const lone = new Map<string, CauseDraft>();
  for (const draft of causes)
    for (const { what } of [...draft.consequences])
      if (what.startsWith("module ")) lone.set(what.slice(7), draft);
  for (const row of byRole(a.modules, b.modules, ({ name }) => name)) {
    if (row.a === undefined || row.b === undefined) continue;
    for (const need of byRole(row.a.needs, row.b.needs, ([name]) => name)) {
      const [from, to] = [need.a?.[1], need.b?.[1]];
      if (from === to) continue;
      const detail: Detail = { what: `${row.role} needs ${need.role}`, change: changeOf(from, to), from, to };
      const library = causes.find(({ kind, module }) => kind === "library" && module === row.role);
      const switched = [lone.get(to ?? ""), lone.get(from ?? "")].filter((draft) => draft !== undefined);
      const by = library ?? switched.toSorted(byKind)[0] ?? general(causes);
      if (by !== undefined) by.consequences.push(detail);
      else causes.push(cause({ kind: "need", ...detail, module: row.role }));
    }
  }
}
