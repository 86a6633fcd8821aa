/**
 * Why two builds differ. Recipes are walked side by side: what plays the same role is compared, what has equal digests is not even read, and
 * what follows from something else is said with it. Symmetric: the other way round it is `mirrored`.
 */
import type { Place } from "../build/report.ts";
import type { Digest } from "../store/digest.ts";
import { codeChanges } from "./code.ts";
import type { Detail, Difference } from "./difference.ts";
import { board, contents, type FileInRecipe, functions, type Recipe, toolchain } from "./documents.ts";
import { byKind, type CauseDraft, cause, changeOf, finished } from "./draft.ts";
import { patchOf } from "./files.ts";
import { foldDerived, foldModules, foldNeeds } from "./fold.ts";
import { libraryCause, type ModuleChanges, moduleChanges, sourceChanges } from "./modules.ts";
import { joinedByLet } from "./settings.ts";
import { type Given, type Opened, open } from "./sides.ts";
import { treeCauses } from "./trees.ts";
import { type Both, byRole, type Objects, Walk } from "./walk.ts";

export interface Compared {
  readonly difference: Difference;
  /** The pairs of objects that were read. */
  readonly visited: readonly Both<Digest | undefined>[];
}

export function compareBuilds(a: Given, b: Given, objects: Objects): Compared {
  const walk = new Walk(objects);
  const sides = { a: open(a, walk), b: open(b, walk) };
  return { difference: compareSides(sides, walk), visited: walk.visited };
}

function compareSides(sides: Both<Opened>, walk: Walk): Difference {
  const { a, b } = sides;
  const shown = { a: a.side, b: b.side };
  const nothing = { ...shown, causes: [], sections: [], same: [], code: [] };
  if (a.side.recipe !== undefined && a.side.recipe === b.side.recipe && sameBytes(sides))
    return { verdict: "identical", ...nothing };
  if (a.recipe === undefined || b.recipe === undefined) {
    const equal = a.side.contents !== undefined && sameBytes(sides);
    return { verdict: equal ? "identical" : "unexplained", ...nothing, sections: sectionsOf(sides, walk) };
  }
  const recipes = { a: a.recipe, b: b.recipe };
  const drafts = causesOf(recipes, sides, walk);
  const equal = sameBytes(sides);
  return {
    verdict: equal ? "same bytes" : "different",
    ...shown,
    causes: finished(drafts),
    sections: equal ? [] : sectionsOf(sides, walk),
    same: sameOf(recipes, drafts),
    code: codeOf(sides, walk),
  };
}

const sameBytes = ({ a, b }: Both<Opened>): boolean =>
  a.side.contents === b.side.contents &&
  (a.side.image === undefined || b.side.image === undefined || a.side.image === b.side.image);

function causesOf(recipes: Both<Recipe>, sides: Both<Opened>, walk: Walk): CauseDraft[] {
  const { a, b } = recipes;
  const causes: CauseDraft[] = [];
  if (a.name !== b.name)
    causes.push(cause({ kind: "appliance", what: "appliance", change: "changed", from: a.name, to: b.name }));
  const target =
    a.target === b.target
      ? undefined
      : cause({ kind: "target", what: "target", change: "changed", from: a.target, to: b.target });
  if (target !== undefined) causes.push(target);
  causes.push(...boardCauses(recipes, target, walk), ...toolchainCauses(recipes, walk));
  causes.push(...paramCauses(recipes), ...secretCauses(recipes));
  const pairs = byRole(a.modules, b.modules, ({ name }) => name);
  const alike = pairs.every((row) => row.a !== undefined && row.b !== undefined);
  const found = pairs.flatMap((row): ModuleChanges[] =>
    row.a && row.b ? [moduleChanges({ a: row.a, b: row.b }, sides, alike, walk)] : [],
  );
  const places = { a: sides.a.places, b: sides.b.places };
  const ofModules = found.flatMap((changes) => changes.causes);
  causes.push(...joinedByLet(ofModules, places), ...sharedCauses(recipes, alike, walk));
  foldModules(recipes, sides, walk, causes);
  // From here on the first that fits is taken, from whichever side one looks.
  causes.sort(byKind);
  foldNeeds(recipes, causes);
  foldDerived(
    found.flatMap(({ derived }) => derived),
    causes,
  );
  causes.sort(byKind);
  const files = fileCauses(recipes, sides, walk, causes);
  causes.push(...files, ...treeCauses(recipes, walk, files));
  return causes;
}

/** Another target has another board: that is said with it. */
function boardCauses({ a, b }: Both<Recipe>, target: CauseDraft | undefined, walk: Walk): CauseDraft[] {
  const found = walk.enter(board, a.board, b.board);
  if (found === undefined) return [];
  const details = namesChanged(found.a?.fields ?? [], found.b?.fields ?? []);
  if (details.length > 0 && target !== undefined)
    target.consequences.push({ what: "board", change: "changed" });
  return details.length === 0 || target !== undefined
    ? []
    : [cause({ kind: "board", what: "board", change: "changed", details })];
}

function toolchainCauses({ a, b }: Both<Recipe>, walk: Walk): CauseDraft[] {
  const found = walk.enter(toolchain, a.toolchain, b.toolchain);
  if (found === undefined) return [];
  const rows = (side: typeof found.a): (readonly [string, string])[] =>
    side === undefined
      ? []
      : [
          ...side.versions,
          ["compiler", side.compiler],
          ["options", side.options.join(" ")],
          ...(a.target === b.target ? [["instruction set", side.isa] as const] : []),
        ];
  const details = namesChanged(rows(found.a), rows(found.b));
  const unread = found.a === undefined || found.b === undefined;
  if (details.length === 0 && !unread) return [];
  return [cause({ kind: "toolchain", what: "toolchain", change: "changed", details })];
}

type Named = readonly (readonly [name: string, value: string])[];

function namesChanged(a: Named, b: Named): Detail[] {
  return byRole(a, b, ([name]) => name)
    .filter((row) => row.a?.[1] !== row.b?.[1])
    .map((row) => ({ what: row.role, change: changeOf(row.a, row.b), from: row.a?.[1], to: row.b?.[1] }));
}

const paramCauses = ({ a, b }: Both<Recipe>): CauseDraft[] =>
  namesChanged(a.params, b.params).map((detail) => cause({ kind: "param", ...detail }));

function secretCauses({ a, b }: Both<Recipe>): CauseDraft[] {
  const rows = ({ secrets }: Recipe): Named =>
    secrets.map(({ name, type, from }) => [name, `${type} from ${from}`]);
  return namesChanged(rows(a), rows(b)).map((detail) => cause({ kind: "secret", ...detail }));
}

/** Code that several modules of a library share. */
function sharedCauses({ a, b }: Both<Recipe>, alike: boolean, walk: Walk): CauseDraft[] {
  return byRole(a.shared, b.shared, ({ name }) => name).flatMap((row) => {
    if (row.a === undefined || row.b === undefined) return [];
    const sources = sourceChanges(row.a.code, row.b.code, alike, walk);
    return sources.length === 0 ? [] : [libraryCause(row.role, [], sources)];
  });
}

/** A file that came or went because something else names it now, or does no more, is said there. */
function fileCauses(
  { a, b }: Both<Recipe>,
  sides: Both<Opened>,
  walk: Walk,
  causes: readonly CauseDraft[],
): CauseDraft[] {
  const rows = byRole(a.files, b.files, ({ path }) => path).filter((row) => row.a?.digest !== row.b?.digest);
  const changed = rows.flatMap((row) =>
    row.a && row.b ? [changedFile(row.role, { a: row.a, b: row.b }, sides, walk)] : [],
  );
  const rest = rows
    .filter((row) => row.a === undefined || row.b === undefined)
    .flatMap((row) => {
      const change = changeOf(row.a, row.b);
      const detail: Detail = { what: `file ${row.role}`, change, from: row.a?.size, to: row.b?.size };
      const by = [...causes, ...changed].find((draft) => mentions(draft, row.role));
      if (by === undefined) return [cause({ kind: "file", ...detail, what: row.role })];
      by.consequences.push(detail);
      return [];
    });
  return [...changed, ...rest];
}

function changedFile(path: string, files: Both<FileInRecipe>, sides: Both<Opened>, walk: Walk): CauseDraft {
  walk.visited.push({ a: files.a.digest, b: files.b.digest });
  const { a, b } = files;
  return cause({
    kind: "file",
    what: path,
    change: "changed",
    from: a.size,
    to: b.size,
    places: { a: placeOfFile(path, sides.a), b: placeOfFile(path, sides.b) },
    patch: patchOf(files, walk),
  });
}

const placeOfFile = (path: string, { report }: Opened): Place | undefined =>
  report?.files.find((file) => file.path === path)?.place;

function mentions({ from, to, details, patch }: CauseDraft, path: string): boolean {
  const file = `"${path}"`;
  const inValue = (value: Detail["from"]): boolean => value !== undefined && String(value).includes(file);
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    inValue(from) ||
    inValue(to) ||
    details.some((detail) => inValue(detail.from) || inValue(detail.to)) ||
    patch.some(({ sign, text }) => (sign === "+" || sign === "-") && text.includes(name))
  );
}

/** Settings and files reach the image as prepared data. */
const sectionNames = { code: "code", snapshot: "data", frame: "frame" } as const;

function sectionsOf({ a, b }: Both<Opened>, walk: Walk): string[] {
  const found = walk.enter(contents, a.side.contents, b.side.contents);
  if (found?.a === undefined || found.b === undefined) return [];
  const { a: one, b: other } = found as Both<NonNullable<typeof found.a>>;
  const names = (["code", "snapshot"] as const).filter((name) => one[name] !== other[name]);
  // The frame is made around the others, and differs with them.
  return names.length > 0 ? names.map((name) => sectionNames[name]) : ["frame"];
}

function codeOf({ a, b }: Both<Opened>, walk: Walk): Difference["code"] {
  const found = walk.enter(functions, a.report?.functions, b.report?.functions);
  return found?.a === undefined || found.b === undefined ? [] : codeChanges(found.a, found.b);
}

function sameOf({ a, b }: Both<Recipe>, drafts: readonly CauseDraft[]): Difference["same"] {
  const touched = new Set(drafts.map(({ module }) => module));
  const both = <T>(one: readonly T[], other: readonly T[], key: (member: T) => string) => {
    const keys = new Set(one.map(key));
    return other.filter((member) => keys.has(key(member))).length;
  };
  const modules = byRole(a.modules, b.modules, ({ name }) => name).filter(
    (row) => row.a !== undefined && row.b !== undefined && !touched.has(row.role),
  );
  return [
    { what: "module", count: modules.length },
    { what: "file", count: both(a.files, b.files, ({ path, digest }) => `${path} ${digest}`) },
    { what: "param", count: both(a.params, b.params, (pair) => JSON.stringify(pair)) },
    { what: "secret slot", count: both(a.secrets, b.secrets, (slot) => JSON.stringify(slot)) },
    { what: "board", count: Number(a.board === b.board) },
    { what: "toolchain", count: Number(a.toolchain === b.toolchain) },
  ].filter(({ count }) => count > 0);
}
