/** What modules declare besides their options: what they need and offer, their code, parts and queries. */
import type {
  ClaimDecl,
  CodeFile,
  ModuleDecl,
  Need,
  PartDecl,
  SizeDecl,
} from "../configure/configuration.ts";
import type * as ast from "../syntax/ast.ts";
import { aType } from "../types/print.ts";
import { bare, mapTypeOf, type Query, scalar } from "../types/type.ts";
import { blockScope } from "./bodies.ts";
import type { Checker, Declarations } from "./checker.ts";
import type { Core } from "./core.ts";
import { checkParams } from "./functions.ts";
import { recordOf } from "./members.ts";
import { type Growing, settingVariable } from "./record-type.ts";
import type { NeedName, Scope } from "./scope.ts";
import { plainText } from "./texts.ts";

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** A module whose rules and parts are still to come. */
export type GrowingModule = Open<Omit<ModuleDecl, "type">> & { readonly type: Growing };

/** The library's path, and the module's name if the library is not named for it. */
export function modulePath(library: string, name: string): string {
  return library.split("/").at(-1) === name ? library : `${library}/${name}`;
}

export function moduleOf(decl: ast.ModuleDecl, declarations: Declarations, checker: Checker): GrowingModule {
  const { unit } = declarations;
  const library = unit.library ?? unit.path;
  const type = recordOf(decl, declarations, checker);
  const { text, span } = decl.name;
  const self = type.label ? mapTypeOf(type.label, type) : type;
  type.selfVariable = settingVariable(text, self, span);
  const offers: string[] = [];
  const needs: Need[] = [];
  const code: CodeFile[] = [];
  for (const member of decl.members) {
    if (member.kind === "offers")
      push(offers, interfaceOf(member.qualifier, member.name, declarations, checker));
    if (member.kind === "needs") {
      isPart(member.part, decl, checker);
      push(needs, need(member, declarations, checker));
    }
    if (member.kind === "code") push(code, codeFile(member, checker));
  }
  type.offers = offers;
  return {
    path: modulePath(library, text),
    name: text,
    library,
    multiple: decl.label !== undefined,
    type,
    needs,
    offers,
    code,
    parts: [],
    sizes: [],
    claims: [],
    docs: decl.doc,
    span,
  };
}

/** Reports a part that the module does not have. */
function isPart(
  name: ast.Name | undefined,
  { name: module, members }: ast.ModuleDecl,
  checker: Checker,
): void {
  const parts = members.flatMap((member) => (member.kind === "part" ? [member.name.text] : []));
  if (name && !parts.includes(name.text))
    checker.error("E0108", name.span, { name: name.text, library: module.text, members: parts });
}

function push<T>(list: T[], item: T | undefined): void {
  if (item !== undefined) list.push(item);
}

/** The qualified name; undefined after a report. */
function interfaceOf(
  qualifier: ast.Name | undefined,
  name: ast.Name,
  declarations: Declarations,
  checker: Checker,
): string | undefined {
  const library = qualifier && declarations.unit.imports.get(qualifier.text);
  if (qualifier && !library) {
    checker.error("E0106", qualifier.span, {
      name: `${qualifier.text}.${name.text}`,
      types: [],
      hint: `add a line \`use\` for \`${qualifier.text}\``,
    });
    return undefined;
  }
  const of = library ? checker.declarations(library.unit) : declarations;
  if (of.isInterface(name.text)) return `${of.unit.library ?? of.unit.path}.${name.text}`;
  checker.error("E0108", name.span, {
    name: name.text,
    library: qualifier?.text ?? of.unit.name,
    members: of.interfaceNames(),
  });
  return undefined;
}

function need(member: ast.NeedsMember, declarations: Declarations, checker: Checker): Need | undefined {
  const { type, name, part, doc } = member;
  if (type.kind !== "namedType" || type.args.length > 0 || type.payload) {
    if (type.kind !== "error")
      checker.error("E0219", type.span, {
        what: "needed",
        type: `\`${checker.textOf(type.span)}\``,
        why: "the name of an interface is wanted",
      });
    return undefined;
  }
  const qualified = interfaceOf(type.qualifier, type.name, declarations, checker);
  return qualified === undefined
    ? undefined
    : { name: name.text, interface: qualified, part: part?.text, docs: doc, span: name.span };
}

function codeFile(member: ast.CodeMember, checker: Checker): CodeFile | undefined {
  const file = plainText(member.path);
  if (file === undefined) {
    checker.error("E0313", member.path.span, {
      path: checker.textOf(member.path.span),
      reason: "a path is written out, without holes",
    });
    return undefined;
  }
  const hooks = member.settings ? hooksOf(member.settings, checker) : [];
  return { kind: member.form.text, arch: member.arch?.text, file, hooks, span: member.span };
}

/** `hooks = [start, poll]`. */
function hooksOf(settings: ast.Body, checker: Checker): readonly string[] {
  const hooks: string[] = [];
  for (const item of settings.items) {
    if (item.kind === "error") continue;
    const value =
      item.kind === "setting" && item.path.head.text === "hooks" && item.value.kind === "assign"
        ? item.value.value
        : undefined;
    if (value?.kind !== "list" || value.items.some(({ kind }) => kind !== "name")) {
      checker.error("E0119", item.span, {
        what: "this",
        where: "behind `code`: there is `hooks = [start, poll]`",
      });
      continue;
    }
    for (const name of value.items) if (name.kind === "name") hooks.push(name.text);
  }
  return hooks;
}

// ------------------------------------------------------------------------------------------------ what reads settings

function scopeOf(module: GrowingModule, declarations: Declarations): Scope {
  const needs = new Map<string, NeedName>(
    module.needs.map(({ name, interface: it }) => [name, { interface: it }]),
  );
  return blockScope(module.type, declarations.scope.inside({ needs, settled: true }));
}

/** Of many instances it sees all, under the module's own name; of one, its settings as well. */
function queryScope(module: GrowingModule, declarations: Declarations): Scope {
  if (!module.multiple) return scopeOf(module, declarations);
  const needs = new Map<string, NeedName>(
    module.needs.map(({ name, interface: it }) => [name, { interface: it }]),
  );
  const settings = new Map([[module.name, module.type.selfVariable!]]);
  return declarations.scope.inside({ needs, settled: true, settings });
}

/** `query addresses() -> List<Ip> = …`; each may use those before it. */
export function readQueries(
  decl: ast.ModuleDecl,
  module: GrowingModule,
  declarations: Declarations,
  checker: Checker,
): void {
  const found: Query[] = [];
  module.type.queries = found;
  for (const member of decl.members) {
    if (member.kind !== "query") continue;
    const { name, doc } = member;
    const before = found.find((it) => it.name === name.text);
    if (before)
      checker.error("E0107", name.span, { name: name.text, what: "the query" }, [
        { span: before.span, text: "first declared here" },
      ]);
    const scope = queryScope(module, declarations).inside({ reader: `the query \`${name.text}\`` });
    const params = checkParams(member.params, scope, checker);
    const result = checker.typeOf(member.result, declarations.scope);
    const value = checker.check(member.value, { type: result, subject: name.text }, scope);
    found.push({ name: name.text, docs: doc, result, span: name.span, params, value });
  }
}

export function partsOf(
  decl: ast.ModuleDecl,
  module: GrowingModule,
  declarations: Declarations,
  checker: Checker,
): readonly PartDecl[] {
  const scope = scopeOf(module, declarations).inside({ reader: "`part`" });
  const found: PartDecl[] = [];
  for (const member of decl.members) {
    if (member.kind !== "part") continue;
    const { name, condition, planned, doc } = member;
    const core = checker.check(condition, { type: scalar("Bool") }, scope);
    found.push({
      name: name.text,
      docs: doc,
      span: condition.span,
      condition: core,
      text: checker.textOf(condition.span),
      planned,
    });
  }
  return found;
}

/** `size { flash = 688KiB; ram = 2KiB * len(zone) }`. */
export function sizesOf(
  decl: ast.ModuleDecl,
  module: GrowingModule,
  declarations: Declarations,
  checker: Checker,
): readonly SizeDecl[] {
  const scope = scopeOf(module, declarations).inside({ reader: "`size`" });
  const found: SizeDecl[] = [];
  for (const member of decl.members) {
    if (member.kind !== "size") continue;
    const { part, body, span, doc } = member;
    isPart(part, decl, checker);
    const of: { flash?: Core; ram?: Core } = {};
    for (const item of body.items) {
      const name = item.kind === "setting" ? item.path.head.text : "";
      if (item.kind === "setting" && (name === "flash" || name === "ram") && item.value.kind === "assign")
        of[name] = checker.check(item.value.value, { type: scalar("Size"), subject: name }, scope);
      else if (item.kind !== "error")
        checker.error("E0119", item.span, {
          what: "this",
          where: "in `size`: there is `flash = 12KiB` and `ram = 4KiB`",
        });
    }
    found.push({ part: part?.text, flash: of.flash, ram: of.ram, docs: doc, span });
  }
  return found;
}

export function claimsOf(
  decl: ast.ModuleDecl,
  module: GrowingModule,
  declarations: Declarations,
  checker: Checker,
): readonly ClaimDecl[] {
  const scope = scopeOf(module, declarations).inside({ reader: "`claims`" });
  const found: ClaimDecl[] = [];
  for (const member of decl.members) {
    if (member.kind !== "claims") continue;
    const { name, doc } = member;
    const { core, type } = checker.infer(member.value, scope);
    const it = bare(type);
    if (it.kind === "list") found.push({ name: name.text, docs: doc, span: name.span, value: core });
    else if (it.kind !== "error")
      checker.error("E0219", member.value.span, {
        what: "claimed",
        type: aType(type),
        why: "a list of what is claimed is wanted",
      });
  }
  return found;
}

/** The `check`s of a module or block. */
export function rulesOf(
  decl: ast.ModuleDecl | ast.BlockDecl,
  type: Growing,
  module: GrowingModule | undefined,
  declarations: Declarations,
  checker: Checker,
): void {
  const rules = decl.members.filter(({ kind }) => ["assert", "for", "when", "let"].includes(kind));
  if (rules.length === 0) return;
  const scope = module ? scopeOf(module, declarations) : blockScope(type, declarations.scope);
  type.checks = checker.rules(rules, decl.span, scope);
}
