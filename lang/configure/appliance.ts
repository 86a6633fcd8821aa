/**
 * The type of an appliance's body: its members are the modules of the libraries in use.
 *
 * Each file of a description sees the modules under the names that its own `use` lines give them; behind the names are the same members, so a
 * fragment of another file and the appliance say things of one module.
 */
import type { WholeChecker } from "../check/new-checker.ts";
import { addMember, type Growing, newRecord, readable, settingVariable } from "../check/record-type.ts";
import type { Unit } from "../check/unit.ts";
import type { Help } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import type { BlockMember, BlocksMember, Member, Settable } from "../types/type.ts";
import type { ModuleDecl } from "./configuration.ts";
import type { Libraries } from "./libraries.ts";
import type { Loader } from "./load.ts";
import { loadUnused, reportUnused, type Unused, useOf } from "./unused.ts";

/** A module under the name that it goes by in the configuration. */
export interface Known {
  readonly name: string;
  readonly module: ModuleDecl;
}

export class ApplianceType {
  /** What drafts are of; nothing is looked up in it by a name of the description. */
  readonly type: Growing;
  readonly known: Known[] = [];
  readonly #checker: WholeChecker;
  readonly #loader: Loader;
  readonly #libraries: Libraries;
  readonly #views = new Map<Unit, Growing>();
  readonly #unused = new Map<Unit, Unused>();
  readonly #members = new Map<ModuleDecl, Member>();

  constructor(root: Unit, loader: Loader, libraries: Libraries, checker: WholeChecker) {
    this.#loader = loader;
    this.#libraries = libraries;
    this.#checker = checker;
    this.type = newRecord({ what: "appliance", library: root.path, span: root.ast.span, name: "appliance" });
  }

  /** Loads what the blocks of a file may be meant for, before anything is checked. */
  prepare(unit: Unit): void {
    const heads = blockHeads(unit);
    for (const head of heads) this.#checker.heads.add(head);
    this.#unused.set(unit, loadUnused(unit, heads, this.#loader, this.#libraries));
  }

  /** The appliance as a file sees it. */
  view(unit: Unit): Growing {
    const known = this.#views.get(unit);
    if (known) return known;
    const view = newRecord({ what: "appliance", library: unit.path, span: unit.ast.span, name: "appliance" });
    this.#views.set(unit, view);
    const inUse = modulesInUse(unit, this.#checker);
    for (const { name, module } of inUse) {
      this.#checker.heads.add(name);
      if (!view.settable.has(name)) this.#show(view, name, module);
    }
    for (const item of settingsIn(unit)) {
      const { text, span } = item.path.head;
      const meant = inUse.filter(({ name }) => name === text).map(({ module }) => module);
      if (meant.length < 2) continue;
      const own = meant.find(({ path, library }) => path === library)?.library;
      this.#checker.error("E0115", span, { name: text, libraries: meant.map(({ library }) => library), own });
    }
    return view;
  }

  /** What to say of a block that no module in use has. A module that is only not in use is found all the same. */
  unknown(name: ast.Name, unit: Unit): Settable | undefined {
    const module = reportUnused(
      name,
      unit,
      this.#unused.get(unit) ?? new Map(),
      modulesInUse(unit, this.#checker),
      this.#libraries,
      this.#checker,
    );
    if (!module) return undefined;
    const view = this.view(unit);
    this.#show(view, name.text, module);
    return view.settable.get(name.text);
  }

  /** Help for a name that a library would have if it were in use. */
  libraryCalled(name: string, unit: Unit): Help | undefined {
    const found = this.#libraries.all?.().filter((path) => path.endsWith(`/${name}`)) ?? [];
    return found.length === 1 ? useOf(found[0]!, unit) : undefined;
  }

  #show(view: Growing, name: string, module: ModuleDecl): void {
    const member = this.#member(name, module);
    (view.members as Member[]).push({ ...member, name });
    (view.settable as Map<string, Settable>).set(name, { member, arm: undefined });
  }

  #member(name: string, module: ModuleDecl): Member {
    const before = this.#members.get(module);
    if (before) return before;
    const free = this.type.settable.has(name) ? module.path : name;
    const member = memberFor(free, module);
    this.#members.set(module, member);
    addMember(this.type, member);
    this.known.push({ name: free, module });
    return member;
  }
}

/** Bodies that say something of an appliance. */
function bodiesIn(unit: Unit): readonly ast.Body[] {
  return unit.ast.items.flatMap((item) =>
    item.kind === "appliance" || item.kind === "fragment" || item.kind === "target" ? [item.body] : [],
  );
}

/** Blocks in appliances and fragments, also in `when` and `for`. */
function settingsIn(unit: Unit): readonly ast.Setting[] {
  const found: ast.Setting[] = [];
  const pending: ast.Item[] = bodiesIn(unit).flatMap((body) => [...body.items]);
  for (let item = pending.pop(); item; item = pending.pop()) {
    if (item.kind === "setting") found.push(item);
    if (item.kind === "when" || item.kind === "for") pending.push(...item.body.items);
  }
  return found;
}

const blockHeads = (unit: Unit): ReadonlySet<string> =>
  new Set(settingsIn(unit).map((item) => item.path.head.text));

/** Modules of the libraries that a file uses; the library's own one goes by the name that `use … as` gives. */
function modulesInUse(unit: Unit, checker: WholeChecker): readonly Known[] {
  const known: Known[] = [];
  for (const [alias, { unit: used }] of unit.imports)
    for (const module of checker.declarations(used).modules.values())
      known.push({ name: module.path === module.library ? alias : module.name, module });
  return known;
}

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
