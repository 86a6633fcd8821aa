/** The appliance's own body as a block: its members are the modules of the libraries in use. */
import type { WholeChecker } from "../check/new-checker.ts";
import { addMember, type Growing, newRecord, readable, settingVariable } from "../check/record-type.ts";
import type { Unit } from "../check/unit.ts";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Label } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import type { BlockMember, BlocksMember, Member, Settable } from "../types/type.ts";
import type { ModuleDecl } from "./configuration.ts";
import type { Libraries } from "./libraries.ts";
import type { Loader } from "./load.ts";

/** A module under the name that the description knows it by. */
export interface Known {
  readonly name: string;
  readonly module: ModuleDecl;
}

/** Names of blocks in appliances, also in `when` and `for`. */
export function blockHeads(unit: Unit): ReadonlySet<string> {
  const heads = new Set<string>();
  const pending: ast.Item[] = unit.ast.items.flatMap((item) =>
    item.kind === "appliance" ? [...item.body.items] : [],
  );
  for (let item = pending.pop(); item; item = pending.pop()) {
    if (item.kind === "setting") heads.add(item.path.head.text);
    if (item.kind === "when" || item.kind === "for") pending.push(...item.body.items);
  }
  return heads;
}

/** Modules of the libraries that the description uses; the library's own one goes by the name that `use … as` gives. */
export function modulesInUse(root: Unit, checker: WholeChecker): readonly Known[] {
  const known: Known[] = [];
  for (const [alias, { unit }] of root.imports)
    for (const module of checker.declarations(unit).modules.values())
      known.push({ name: module.path === module.library ? alias : module.name, module });
  return known;
}

/** The libraries that are not in use and have a module for a block that would otherwise be unknown. */
export function loadUnused(
  root: Unit,
  heads: ReadonlySet<string>,
  loader: Loader,
  libraries: Libraries,
): ReadonlyMap<string, readonly Unit[]> {
  const used = new Set<string>();
  for (const { unit } of root.imports.values()) for (const name of moduleNames(unit)) used.add(name);
  for (const alias of root.imports.keys()) used.add(alias);
  const wanted = new Set([...heads].filter((name) => !used.has(name)));
  const found = new Map<string, Unit[]>();
  if (wanted.size === 0) return found;
  for (const path of libraries.all?.() ?? []) {
    const text = libraries.find(path)?.text ?? "";
    const mentioned = [...wanted].some((name) => text.includes(`module ${name}`));
    const unit = mentioned ? loader.library(path) : undefined;
    if (!unit) continue;
    for (const name of moduleNames(unit))
      if (wanted.has(name)) found.set(name, [...(found.get(name) ?? []), unit]);
  }
  return found;
}

function moduleNames(unit: Unit): readonly string[] {
  return unit.ast.items.flatMap((item) => (item.kind === "moduleDecl" ? [item.name.text] : []));
}

/** The type of an appliance's body. */
export function applianceType(root: Unit, known: readonly Known[], checker: WholeChecker): Growing {
  const type = newRecord({ what: "appliance", library: root.path, span: root.ast.span, name: "appliance" });
  const ambiguous = new Map<string, string[]>();
  for (const { name, module } of known) {
    if (type.settable.has(name))
      ambiguous.set(name, [
        ...(ambiguous.get(name) ?? [libraryOf(type.settable.get(name)!)]),
        module.library,
      ]);
    else addMember(type, memberFor(name, module));
  }
  for (const appliance of checker.declarations(root).appliances)
    for (const item of appliance.body.items) {
      const libraries = item.kind === "setting" ? ambiguous.get(item.path.head.text) : undefined;
      if (libraries && item.kind === "setting")
        checker.error("E0115", item.path.head.span, { name: item.path.head.text, libraries });
    }
  return type;
}

const libraryOf = ({ member }: Settable): string =>
  member.kind === "option" || member.kind === "choice" ? "" : member.block.library;

function memberFor(name: string, module: ModuleDecl): Member {
  const { docs, span, type: block } = module;
  return module.multiple
    ? readable<BlocksMember>({ kind: "blocks", name, docs, span, block, ordered: false, min: 0 })
    : moduleMember({ kind: "maybe", name, docs, span, block });
}

/** Assertions read its settings as if it were there; `E0503` says if it is not. */
function moduleMember(member: Omit<BlockMember, "variable">): BlockMember {
  return { ...member, variable: settingVariable(member.name, member.block, member.span) };
}

/** What to say of a block that no module in use has. */
export function reportUnused(
  root: Unit,
  type: Growing,
  known: readonly Known[],
  unused: ReadonlyMap<string, readonly Unit[]>,
  libraries: Libraries,
  checker: WholeChecker,
): (name: ast.Name) => Settable | undefined {
  return ({ text, span }) => {
    const units = unused.get(text) ?? [];
    const [unit] = units;
    const module = unit && checker.declarations(unit).modules.get(text);
    if (!module) {
      const modules = known.filter((it) => it.module.type.members.length > 0).map(({ name }) => name);
      const inside =
        known.find((it) => it.module.type.settable.has(text))?.name ?? moduleWith(text, libraries);
      checker.error("E0102", span, { name: text, modules, inside, libraries: libraries.all?.() ?? [] });
      return undefined;
    }
    addMember(type, memberFor(text, module));
    const at = placeForUse(root);
    const line = `use ${unit.library}\n`;
    const edit = {
      span: { source: root.path, start: at.offset, end: at.offset },
      text: at.first ? `${line}\n` : line,
    };
    const related: readonly Label[] = [];
    checker.report(
      diagnose(
        "E0103",
        span,
        { name: text, libraries: units.map((it) => it.library ?? it.path), edit },
        related,
      ),
    );
    return type.settable.get(text);
  };
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
function placeForUse(root: Unit): { offset: number; first: boolean } {
  const last = root.ast.items.findLast((item) => item.kind === "use");
  if (last)
    return {
      offset: root.source.lineStarts[root.source.lineAt(last.span.end) + 1] ?? root.source.text.length,
      first: false,
    };
  const start = root.ast.items[0]?.span.start ?? root.source.text.length;
  return { offset: root.source.lineStarts[root.source.lineAt(start)] ?? start, first: true };
}
