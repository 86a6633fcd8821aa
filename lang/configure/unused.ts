/** Blocks that no module in use has. */
import { habitOfSetting } from "../check/habits.ts";
import type { WholeChecker } from "../check/new-checker.ts";
import type { Unit } from "../check/unit.ts";
import type { Help } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { declarations } from "../syntax/words.ts";
import type { Known } from "./appliance.ts";
import type { ModuleDecl } from "./configuration.ts";
import type { Libraries } from "./libraries.ts";
import type { Loader } from "./load.ts";

/** From the name of a block to the libraries that have a module for it. */
export type Unused = ReadonlyMap<string, readonly Unit[]>;

/** The libraries that are not in use and have a module for a block that would otherwise be unknown. */
export function loadUnused(
  unit: Unit,
  heads: ReadonlySet<string>,
  loader: Loader,
  libraries: Libraries,
): Unused {
  const used = new Set<string>();
  for (const { unit: own } of unit.imports.values()) for (const name of moduleNames(own)) used.add(name);
  for (const alias of unit.imports.keys()) used.add(alias);
  const wanted = new Set([...heads].filter((name) => !used.has(name)));
  const found = new Map<string, Unit[]>();
  if (wanted.size === 0) return found;
  for (const path of libraries.all?.() ?? []) {
    const text = libraries.find(path)?.text ?? "";
    const mentioned = [...wanted].some((name) => text.includes(`module ${name}`));
    const other = mentioned ? loader.library(path) : undefined;
    if (!other) continue;
    for (const name of moduleNames(other))
      if (wanted.has(name)) found.set(name, [...(found.get(name) ?? []), other]);
  }
  return found;
}

function moduleNames(unit: Unit): readonly string[] {
  return unit.ast.items.flatMap((item) => (item.kind === "moduleDecl" ? [item.name.text] : []));
}

/** Says what is missing; gives the module if there is just no `use` for it. */
export function reportUnused(
  { text, span }: ast.Name,
  unit: Unit,
  unused: Unused,
  known: readonly Known[],
  libraries: Libraries,
  checker: WholeChecker,
): ModuleDecl | undefined {
  const units = unused.get(text) ?? [];
  const [first] = units;
  const module = first && checker.declarations(first).modules.get(text);
  if (!module && declarations.includes(text as (typeof declarations)[number])) {
    checker.error("E0119", span, {
      what: `\`${text}\``,
      where: "inside of a block: it begins a line outside of all blocks",
    });
    return undefined;
  }
  if (!module) {
    const modules = known.filter((it) => it.module.type.members.length > 0).map(({ name }) => name);
    const inside = known.find((it) => it.module.type.settable.has(text))?.name ?? moduleWith(text, libraries);
    checker.error("E0102", span, {
      name: text,
      modules,
      inside,
      libraries: libraries.all?.() ?? [],
      habit: habitOfSetting(text),
    });
    return undefined;
  }
  const { edit } = useOf(first.library!, unit);
  checker.error("E0103", span, { name: text, libraries: units.map((it) => it.library ?? it.path), edit });
  return module;
}

/** How a file brings a library in. */
export function useOf(library: string, unit: Unit): Help {
  const at = placeForUse(unit);
  const line = `use ${library}\n`;
  const span = { source: unit.path, start: at.offset, end: at.offset };
  return { text: `add the line \`use ${library}\``, edit: { span, text: at.first ? `${line}\n` : line } };
}

/** The module of any library that has blocks of this name. */
function moduleWith(name: string, libraries: Libraries): string | undefined {
  for (const path of libraries.all?.() ?? []) {
    const found = libraries.find(path);
    if (!found?.text.includes(name)) continue;
    for (const item of parse(found.path, found.text).ast.items)
      if (item.kind === "moduleDecl" && item.members.some((member) => isBlockNamed(member, name)))
        return item.name.text;
  }
  return undefined;
}

function isBlockNamed(member: ast.Member, name: string): boolean {
  if (member.kind === "blocks") return member.name.text === name;
  return member.kind === "choice" && member.arms.some((arm) => arm.name.text === name);
}

/** Behind the last `use`, else before the first item. */
function placeForUse({ ast: tree, source }: Unit): { offset: number; first: boolean } {
  const last = tree.items.findLast((item) => item.kind === "use");
  if (last)
    return {
      offset: source.lineStarts[source.lineAt(last.span.end) + 1] ?? source.text.length,
      first: false,
    };
  const start = tree.items[0]?.span.start ?? source.text.length;
  return { offset: source.lineStarts[source.lineAt(start)] ?? start, first: true };
}
