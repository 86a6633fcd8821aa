/** Modules that are on both sides: the change of their declaration, their code, their settings and parts. */
import type { Digest } from "../store/digest.ts";
import type { Detail } from "./difference.ts";
import { code, config, type Iface, iface, type ModuleInRecipe } from "./documents.ts";
import { type CauseDraft, cause, changeOf } from "./draft.ts";
import { explains, interfaceChanges } from "./interfaces.ts";
import { settingChanges } from "./settings.ts";
import type { Opened } from "./sides.ts";
import { type Both, byRole, type Walk } from "./walk.ts";

export interface ModuleChanges {
  readonly causes: readonly CauseDraft[];
  /** What cannot be a cause of its own: defaults that came out otherwise, parts that went on or off. */
  readonly derived: readonly Derived[];
}

export interface Derived {
  readonly module: string;
  readonly detail: Detail;
  /** Of a part: its condition. */
  readonly condition?: string | undefined;
}

export function moduleChanges(
  { a, b }: Both<ModuleInRecipe>,
  sides: Both<Opened>,
  alike: boolean,
  walk: Walk,
): ModuleChanges {
  const ifaces = walk.enter(iface, a.iface, b.iface);
  const declared = ifaces?.a && ifaces.b ? interfaceChanges(ifaces.a, ifaces.b) : [];
  const sources = sourceChanges(a.code, b.code, alike, walk);
  const library =
    ifaces === undefined && sources.length === 0 ? undefined : libraryCause(a.name, declared, sources);
  const settings = changedSettings({ a, b }, sides, walk);
  const derived: Derived[] = [];
  const causes: CauseDraft[] = library === undefined ? [] : [library];
  for (const draft of settings.causes) {
    const { what, change, from, to } = draft;
    // What only the declaration brought or took away, nobody wrote.
    const declaredSo =
      library && change !== "changed" && draft.kind === "setting" && explains(declared, what);
    if (declaredSo) library.consequences.push({ what, change, from, to });
    else causes.push(draft);
  }
  for (const detail of settings.derived) {
    if (library && explains(declared, detail.what)) library.consequences.push(detail);
    else derived.push({ module: a.name, detail });
  }
  const known = { removed: ifaces?.a, added: ifaces?.b };
  if (ifaces === undefined && String(a.parts) !== String(b.parts))
    known.removed = known.added = walk.read(iface, a.iface);
  for (const detail of partChanges(a, b))
    derived.push({
      module: a.name,
      detail,
      condition: conditionOf(detail.change === "added" ? known.added : known.removed, detail),
    });
  return { causes, derived };
}

/** `declared`: what is new in its interface; `sources`: which of its files. */
export function libraryCause(
  what: string,
  declared: readonly Detail[],
  sources: readonly Detail[],
): CauseDraft {
  const code: Detail[] = sources.length > 0 ? [{ what: "code", change: "changed" }] : [];
  return cause({
    kind: "library",
    what,
    change: "changed",
    details: [...declared, ...code, ...sources],
    module: what,
  });
}

/** Which files of a library are used is decided by which modules there are; with others among them, only what both use counts. */
export function sourceChanges(
  a: Digest | undefined,
  b: Digest | undefined,
  alike: boolean,
  walk: Walk,
): Detail[] {
  const found = walk.enter(code, a, b);
  if (found === undefined) return [];
  return byRole(found.a?.files ?? [], found.b?.files ?? [], ([path]) => path)
    .filter((row) => row.a?.[1] !== row.b?.[1] && (alike || (row.a !== undefined && row.b !== undefined)))
    .map((row) => ({ what: `source ${row.role}`, change: changeOf(row.a, row.b) }));
}

/** Blocks are matched by their heads: `net["eth0"]`. Equal ones are not even read. */
function changedSettings({ a, b }: Both<ModuleInRecipe>, sides: Both<Opened>, walk: Walk) {
  const inBoth = new Set(a.config.filter((digest) => b.config.includes(digest)));
  const rowsOf = (module: ModuleInRecipe) =>
    module.config
      .filter((digest) => !inBoth.has(digest))
      .map((digest) => ({ digest, rows: walk.read(config, digest)?.rows ?? [] }));
  const places = { a: sides.a.places, b: sides.b.places };
  const found = byRole(rowsOf(a), rowsOf(b), ({ rows, digest }) => rows[0]?.[0] ?? digest).map((pair) => {
    walk.visited.push({ a: pair.a?.digest, b: pair.b?.digest });
    return settingChanges(a.name, { a: pair.a?.rows ?? [], b: pair.b?.rows ?? [] }, places);
  });
  return {
    causes: found.flatMap(({ causes }) => causes),
    derived: found.flatMap(({ derived }) => derived),
  };
}

function partChanges(a: ModuleInRecipe, b: ModuleInRecipe): Detail[] {
  return byRole(a.parts, b.parts, (name) => name)
    .filter((row) => row.a === undefined || row.b === undefined)
    .map(({ role, b: on }) => ({ what: `part ${role}`, change: on === undefined ? "removed" : "added" }));
}

const conditionOf = (known: Iface | undefined, { what }: Detail): string | undefined =>
  known?.parts.find(({ name }) => what === `part ${name}`)?.when;
