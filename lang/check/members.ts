/** What blocks and modules declare. */

import { arithmeticRow } from "../evaluate/operations/arithmetic.ts";
import type * as ast from "../syntax/ast.ts";
import { aType } from "../types/print.ts";
import {
  type BlockMember,
  type BlocksMember,
  bare,
  type ChoiceArm,
  type ChoiceMember,
  errorType,
  type OptionMember,
  type RecordType,
  type SignalMember,
  type Type,
} from "../types/type.ts";
import type { Checker, Declarations } from "./checker.ts";
import { readOutdated, toldOld } from "./outdated.ts";
import {
  addMember,
  type Growing,
  newRecord,
  optionMember,
  readable,
  settingVariable,
} from "./record-type.ts";
import type { Scope } from "./scope.ts";
import { isKey } from "./type-exprs.ts";

/** Options and blocks; the rules come when all types are known. */
export function recordOf(
  decl: ast.BlockDecl | ast.ModuleDecl,
  declarations: Declarations,
  checker: Checker,
): Growing {
  const { unit, scope } = declarations;
  const { name, label, doc } = decl;
  const what = decl.kind === "blockDecl" ? "block" : "module";
  const type = newRecord({
    what,
    library: unit.library ?? unit.path,
    span: name.span,
    name: name.text,
    docs: doc,
  });
  if (label) {
    type.label = labelType(label, scope, checker);
    type.labelVariable = settingVariable("label", type.label, label.span, "label");
  }
  const fallbacks = scope.inside({ settled: true, reader: "a default" });
  const signals = new Map<string, SignalMember>();
  for (const member of decl.members) {
    if (member.kind === "signal") {
      const { text, span: at } = member.name;
      const before = signals.get(text) ?? type.settable.get(text)?.member;
      if (before)
        checker.error("E0107", at, { name: text, what: "the member" }, [
          { span: before.span, text: "first declared here" },
        ]);
      else
        signals.set(text, {
          name: text,
          docs: member.doc,
          span: at,
          type: checker.typeOf(member.type, scope),
        });
      continue;
    }
    const plain = memberOf(member, fallbacks, declarations, checker);
    if (!plain) continue;
    const made = toldOld(plain, decl.members, checker);
    const before =
      signals.get(made.name) ??
      type.members.find((it) => it.name === made.name) ??
      armNames(made)
        .map((arm) => type.settable.get(arm)?.member)
        .find(Boolean);
    if (before) {
      checker.error("E0107", made.span, { name: made.name, what: "the member" }, [
        { span: before.span, text: "first declared here" },
      ]);
      continue;
    }
    addMember(type, made);
    fallbacks.declare(made.variable);
  }
  type.signals = [...signals.values()];
  readOutdated(decl.members, type, checker);
  return type;
}

type Made = OptionMember | BlocksMember | BlockMember | ChoiceMember;

const armNames = (member: Made): readonly string[] =>
  member.kind === "choice" ? member.arms.map(({ name }) => name) : [member.name];

function labelType(label: ast.TypeExpr, scope: Scope, checker: Checker): Type {
  const type = checker.typeOf(label, scope);
  if (isKey(type)) return type;
  checker.error("E0219", label.span, {
    what: "the type of a label",
    type: aType(type),
    why: "labels are names, texts, numbers and addresses",
  });
  return errorType;
}

function memberOf(
  member: ast.Member,
  scope: Scope,
  declarations: Declarations,
  checker: Checker,
): Made | undefined {
  switch (member.kind) {
    case "option":
      return option(member, scope, checker);
    case "blocks":
      return member.count === "blocks"
        ? blocks(member, declarations, checker)
        : oneBlock(member, member.count, declarations, checker);
    case "choice":
      return choice(member, declarations, checker);
    default:
      return undefined;
  }
}

function option(member: ast.OptionMember, scope: Scope, checker: Checker): OptionMember {
  const { name, doc, fallback: written } = member;
  const type = checker.typeOf(member.type, scope);
  const merge = member.merge?.rule;
  if (member.merge && !canMerge(type, member.merge.rule))
    checker.error("E0219", member.merge.span, {
      what: `merged by \`${merge}\``,
      type: aType(type),
      why: mergeWhy[member.merge.rule],
    });
  const core = written && checker.check(written, { type, subject: name.text }, scope);
  const given = core && { core, text: checker.textOf(written.span), span: written.span };
  const { span } = name;
  const nothing =
    merge === "append" || merge === "union"
      ? { core: emptyOf(type, span), text: merge === "append" ? "[]" : "{}", span }
      : undefined;
  const counted = member.counted ? countedBy(type, member, checker) : undefined;
  return optionMember({ name, type, docs: doc, merge, counted, fallback: given ?? nothing });
}

/** `auto | at(Int)`: one word, and one tag with a number. */
function countedBy(
  type: Type,
  { type: written }: ast.OptionMember,
  checker: Checker,
): OptionMember["counted"] {
  const it = bare(type);
  const arms = it.kind === "union" ? it.arms : [];
  const [word, ...words] = arms.filter((arm) => arm.kind === "word");
  const [tag, ...tags] = arms.filter((arm) => arm.kind === "tag");
  const payload = tag && bare(tag.payload);
  const isNumber = payload?.kind === "scalar" && payload.name === "Int";
  if (word && tag && isNumber && words.length + tags.length === 0) return { word: word.word, tag: tag.word };
  if (it.kind !== "error")
    checker.error("E0219", written.span, {
      what: "counted in the lock",
      type: aType(type),
      why: "it is to be a word or a number: `auto | at(Int)`",
    });
  return undefined;
}

const mergeWhy = {
  append: "only lists and maps are appended to each other",
  union: "only lists and maps are united",
  sum: "only numbers and amounts are added",
};

function canMerge(type: Type, rule: ast.MergeRule["rule"]): boolean {
  const it = bare(type);
  if (it.kind === "error") return true;
  if (rule === "append") return it.kind === "list" || it.kind === "map";
  if (rule === "union") return it.kind === "list" || it.kind === "map";
  return it.kind === "scalar" && arithmeticRow("+", it.name, it.name) !== undefined;
}

function emptyOf(
  type: Type,
  span: ast.Name["span"],
): OptionMember["fallback"] extends infer F ? (F extends { core: infer C } ? C : never) : never {
  const value =
    bare(type).kind === "map"
      ? ({ kind: "map", entries: new Map(), weight: 16 } as const)
      : ({ kind: "list", items: [], weight: 16 } as const);
  return { op: "const", span, value };
}

// ------------------------------------------------------------------------------------------------ blocks

function blocks(
  member: ast.BlocksMember,
  declarations: Declarations,
  checker: Checker,
): BlocksMember | undefined {
  const block = blockOf(member.type, declarations, checker);
  if (!block) return undefined;
  if (!block.label) {
    checker.error("E0219", member.type.span, {
      what: "there many times",
      type: `the block \`${block.name}\``,
      why: `it has no label: \`block ${block.name} : Str { … }\``,
    });
    return undefined;
  }
  const { text, span } = member.name;
  const min = member.min ? Number(member.min.kind === "int" ? member.min.raw : 0) : 0;
  return readable<BlocksMember>({
    kind: "blocks",
    name: text,
    docs: member.doc,
    span,
    block,
    ordered: member.ordered,
    min,
  });
}

function oneBlock(
  member: ast.BlocksMember,
  kind: "one" | "maybe",
  declarations: Declarations,
  checker: Checker,
): BlockMember | undefined {
  const block = blockOf(member.type, declarations, checker);
  const { text, span } = member.name;
  return block && readable<BlockMember>({ kind, name: text, docs: member.doc, span, block });
}

function choice(
  member: ast.ChoiceMember,
  declarations: Declarations,
  checker: Checker,
): ChoiceMember | undefined {
  const arms: ChoiceArm[] = [];
  for (const arm of member.arms) {
    const block = namedBlock(arm.block, declarations, checker);
    if (block) arms.push({ name: arm.name.text, span: arm.name.span, block });
  }
  const { text, span } = member.name;
  return arms.length === 0
    ? undefined
    : readable<ChoiceMember>({ kind: "choice", name: text, docs: member.doc, span, arms });
}

function blockOf(type: ast.TypeExpr, declarations: Declarations, checker: Checker): RecordType | undefined {
  if (type.kind === "error") return undefined;
  if (type.kind !== "namedType" || type.args.length > 0 || type.payload) {
    checker.error("E0219", type.span, {
      what: "a block",
      type: `\`${checker.textOf(type.span)}\``,
      why: "the name of a block is wanted",
    });
    return undefined;
  }
  if (!type.qualifier) return namedBlock(type.name, declarations, checker);
  const library = declarations.unit.imports.get(type.qualifier.text);
  if (library) return namedBlock(type.name, checker.declarations(library.unit), checker);
  checker.error("E0106", type.span, {
    name: checker.textOf(type.span),
    types: [],
    hint: `add a line \`use\` for \`${type.qualifier.text}\``,
  });
  return undefined;
}

function namedBlock(
  { text, span }: ast.Name,
  declarations: Declarations,
  checker: Checker,
): RecordType | undefined {
  const block = declarations.block(text);
  if (block) checker.recorder?.add({ fact: "means", span, meaning: { is: "block", block } });
  if (block || declarations.isReferable(text)) return block;
  const hint = declarations.isType(text)
    ? `\`${text}\` is a type: declare \`option\`s of types, and \`blocks\` of blocks`
    : undefined;
  checker.error("E0106", span, { name: text, types: declarations.blockNames(), hint });
  return undefined;
}
