/** Two modules' finished settings, leaf by leaf. */

import type { Detail, Shown } from "./difference.ts";
import type { SettingInRecipe } from "./documents.ts";
import { type CauseDraft, cause, changeOf, type PlacesByPath } from "./draft.ts";
import type { Both } from "./walk.ts";

type Rows = readonly SettingInRecipe[];

export interface SettingChanges {
  /** What somebody wrote. */
  readonly causes: readonly CauseDraft[];
  /** Defaults that came out otherwise. */
  readonly derived: readonly Detail[];
}

/** `places` says which settings nobody wrote; of a side that nothing is known of, every change counts as written. */
export function settingChanges(module: string, rows: Both<Rows>, places: Both<PlacesByPath>): SettingChanges {
  const byPath = {
    a: new Map(rows.a.map((row) => [row[0], row])),
    b: new Map(rows.b.map((row) => [row[0], row])),
  };
  const causes: CauseDraft[] = [];
  const derived: Detail[] = [];
  const byDefault = (path: string) =>
    (places.a.get(path)?.byDefault ?? !byPath.a.has(path)) &&
    (places.b.get(path)?.byDefault ?? !byPath.b.has(path));
  const whole = new Inside();
  const visit = ([path]: SettingInRecipe) => {
    if (whole.has(path)) return;
    const [a, b] = [byPath.a.get(path), byPath.b.get(path)];
    const block = (a ?? b)![1] === "block" || (b ?? a)![1] === "block";
    if (a === undefined || b === undefined || a[1] !== b[1]) {
      if (block) whole.add(path);
      if ((a ?? b)![1] === "order") return;
    }
    const change = compared(a, b);
    if (change === undefined) return;
    if (byDefault(path)) derived.push({ what: path, ...change });
    else
      causes.push(
        cause({
          kind:
            block && change.change !== "changed" ? "block" : (a ?? b)![1] === "order" ? "order" : "setting",
          what: path,
          ...change,
          places: { a: a && places.a.get(path)?.place, b: b && places.b.get(path)?.place },
          details:
            a && b
              ? []
              : a
                ? contentsOf(path, rows.a, places.a, "removed")
                : contentsOf(path, rows.b, places.b, "added"),
          module,
        }),
      );
  };
  for (const row of rows.a) visit(row);
  whole.clear();
  for (const row of rows.b) {
    const other = byPath.a.get(row[0]);
    if (other === undefined) visit(row);
    // What was an option and is a block now has been said as a whole.
    else if (other[1] !== row[1] && !whole.has(row[0])) whole.add(row[0]);
  }
  return { causes, derived };
}

/** Paths below a block that came or went are said with it. */
class Inside {
  #path: string | undefined;

  has(path: string): boolean {
    const own = this.#path;
    return own !== undefined && path.startsWith(own) && ".[".includes(path[own.length] ?? "?");
  }

  add(path: string): void {
    this.#path = path;
  }

  clear(): void {
    this.#path = undefined;
  }
}

type Values = Pick<Detail, "change" | "from" | "to">;

function compared(a: SettingInRecipe | undefined, b: SettingInRecipe | undefined): Values | undefined {
  if (a !== undefined && b !== undefined && a[1] === "order") {
    const common = (own: Shown, others: Shown) =>
      (own as readonly string[]).filter((label) => (others as readonly string[]).includes(label));
    const [from, to] = [common(a[2], b[2]), common(b[2], a[2])];
    return same(from, to) ? undefined : { change: "changed", from, to };
  }
  if (a !== undefined && b !== undefined && a[1] === b[1] && same(a[2], b[2])) return undefined;
  return { change: changeOf(a, b), from: a && shown(a), to: b && shown(b) };
}

const shown = ([, kind, value]: SettingInRecipe): Shown | undefined =>
  kind === "option" ? value : undefined;

const same = (a: Shown, b: Shown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What was written in a block that came or went. */
export function contentsOf(
  path: string,
  rows: Rows,
  places: PlacesByPath,
  change: Detail["change"],
): Detail[] {
  const inside = new Inside();
  inside.add(path);
  return rows
    .filter(([own, kind]) => kind === "option" && inside.has(own) && places.get(own)?.byDefault !== true)
    .map(([own, , value]) => ({
      what: own.slice(path.length).replace(/^\./, ""),
      change,
      ...(change === "added" ? { to: value } : { from: value }),
    }));
}

/** Settings that read one `let` and changed alike are one cause. */
export function joinedByLet(drafts: readonly CauseDraft[], places: Both<PlacesByPath>): CauseDraft[] {
  const first = new Map<string, CauseDraft>();
  const out: CauseDraft[] = [];
  for (const draft of drafts.toSorted((a, b) => (a.what < b.what ? -1 : 1))) {
    const made = { a: places.a.get(draft.what)?.made, b: places.b.get(draft.what)?.made };
    if (draft.kind !== "setting" || made.a === undefined || made.b === undefined) {
      out.push(draft);
      continue;
    }
    const key = JSON.stringify([made.a, made.b, draft.from, draft.to]);
    const known = first.get(key);
    if (known !== undefined) known.also.push(draft.what);
    else {
      const joined = { ...draft, places: made };
      first.set(key, joined);
      out.push(joined);
    }
  }
  return out;
}
