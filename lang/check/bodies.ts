/** The settings of a block, against what the block declares. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import {
  type BlockMember,
  type BlocksMember,
  type Member,
  type RecordType,
  type Settable,
  scalar,
} from "../types/type.ts";
import type { Checker } from "./checker.ts";
import { loopOver } from "./comprehension.ts";
import type { BodyCore, ItemCore, Variable } from "./core.ts";
import { currentName } from "./current-name.ts";
import { type Block, bodyOf, open, type Segment } from "./opening.ts";
import { checkOption } from "./options.ts";
import { ranked, rankOf } from "./ranks.ts";
import { checkRemove } from "./removal.ts";
import { checkAssert, checkLet } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { recordArm } from "./unions.ts";
import { unknownSetting } from "./unknown.ts";

export function checkBody(
  items: readonly ast.Item[],
  span: Span,
  type: RecordType,
  scope: Scope,
  name: string,
  checker: Checker,
): BodyCore {
  return body(items, span, blockScope(type, scope), { type, name, checker });
}

/** With the members of the block, for assertions. */
export function blockScope(type: RecordType, scope: Scope): Scope {
  const settings = new Map<string, Variable>();
  if (type.selfVariable) settings.set(type.selfVariable.name, type.selfVariable);
  if (type.labelVariable) settings.set("label", type.labelVariable);
  for (const member of type.members) if (!isSilent(member)) settings.set(member.name, member.variable);
  return scope.inside({ settings, outdated: type.outdated.size > 0 ? type : undefined });
}

/** A module that has nothing to read, like `udp`: its name stays free for words. */
function isSilent(member: Member): boolean {
  if (member.kind !== "maybe" || member.block.what !== "module") return false;
  return member.block.members.length + member.block.queries.length === 0;
}

function body(items: readonly ast.Item[], span: Span, scope: Scope, block: Block): BodyCore {
  const cores: ItemCore[] = [];
  let faulty = false;
  for (const written of items) {
    const made = item(written, scope, block);
    if (made) cores.push(...made);
    else faulty = true;
  }
  return { op: "body", span, items: cores, faulty };
}

/** Undefined after a report about this very block. */
function item(written: ast.Item, scope: Scope, block: Block): readonly ItemCore[] | undefined {
  const { checker } = block;
  switch (written.kind) {
    case "error":
      return undefined;
    case "let":
      return [checkLet(written, scope, checker)];
    case "assert":
      return [checkAssert(written, scope, checker)];
    case "include":
      return include(written, scope, block);
    case "when":
      return when(written, scope, block);
    case "for": {
      const { source, variables, scope: inner } = loopOver(written.names, written.source, scope, checker);
      const loop = body(written.body.items, written.body.span, inner, block);
      return [{ item: "for", span: written.span, variables, source, body: loop }];
    }
    case "setting":
      return setting(written, scope, block);
  }
}

function when(written: ast.WhenItem, scope: Scope, block: Block): readonly ItemCore[] | undefined {
  const { checker } = block;
  const before = checker.errors;
  const condition = checker.check(
    written.condition,
    { type: scalar("Bool") },
    scope.inside({ reader: "`when`" }),
  );
  const failed = checker.errors > before;
  const inside = body(written.body.items, written.body.span, scope.inside(), block);
  return failed ? undefined : [{ item: "when", span: written.span, condition, body: inside }];
}

/** Fragments are parts of whole appliances. */
function include(written: ast.IncludeItem, scope: Scope, block: Block): readonly ItemCore[] | undefined {
  const { checker, type } = block;
  if (type.what !== "appliance") {
    checker.error("E0119", written.span, {
      what: "`include`",
      where: `in \`${block.name}\`: a fragment is a part of an appliance, beside its blocks`,
    });
    return undefined;
  }
  const fragment = checker.fragment(written.path, scope);
  return fragment && [{ item: "include", span: written.span, fragment }];
}

// ------------------------------------------------------------------------------------------------ settings

function setting(written: ast.Setting, outer: Scope, block: Block): readonly ItemCore[] | undefined {
  const rank = rankOf(written, outer, block.checker);
  if (!rank) return undefined;
  const scope = rank === outer.rank ? outer : outer.inside({ rank });
  return segment(segments(written), written, scope, block);
}

function segments({ path, labels, head }: ast.Setting): readonly Segment[] {
  const found: { name: ast.Name; labels: ast.EntryLabel[]; head: Span }[] = [
    { name: path.head, labels: [], head: path.head.span },
  ];
  for (const step of path.steps) {
    const last = found.at(-1)!;
    if (step.kind === "fieldStep") found.push({ name: step.name, labels: [], head: step.name.span });
    else {
      last.labels.push({ kind: "computedLabel", span: step.index.span, value: step.index });
      last.head = { ...last.head, end: step.span.end };
    }
  }
  const last = found.at(-1)!;
  last.labels.push(...labels);
  last.head = { ...last.head, end: Math.max(last.head.end, head.end) };
  return found;
}

/** The first segment; what is behind it is one setting in the block that it opens. */
function segment(
  [first, ...rest]: readonly Segment[],
  written: ast.Setting,
  scope: Scope,
  block: Block,
): readonly ItemCore[] | undefined {
  const { checker, type } = block;
  const { name, head } = first!;
  checker.recorder?.add({ fact: "setting", name, of: type, scope, rank: written.rank?.word });
  const meant = currentName(name, type, block.name, checker);
  if (meant === undefined) return undefined;
  const settable =
    type.settable.get(meant) ??
    unknownSetting(name, rest.length === 0 ? written : undefined, type, block.name, scope, checker);
  if (!settable) return undefined;
  checker.recorder?.add({ fact: "means", span: name.span, meaning: { is: "member", settable, of: type } });
  if (rest.length === 0) {
    if (written.rank?.word === "remove") return checkRemove(first!, settable, written, scope, block);
    return last(first!, settable, written, scope, block);
  }
  const inside = (inner: RecordType): BodyCore => {
    const made = segment(rest, written, blockScope(inner, scope), { type: inner, name: name.text, checker });
    return { op: "body", span: written.span, items: made ?? [], faulty: made === undefined };
  };
  const { member, arm } = settable;
  const inner = member.kind === "option" ? recordArm(member.type) : (arm ?? (member as BlocksMember)).block;
  if (inner?.kind !== "record") {
    checker.error("E0212", head, {
      name: name.text,
      reason: "has nothing in it that could be set",
      example: `${name.text} = …`,
    });
    return undefined;
  }
  return open(first!, settable, inner, inside, { ...written, rank: undefined }, scope, block);
}

/** The setting itself. */
function last(
  first: Segment,
  settable: Settable,
  written: ast.Setting,
  scope: Scope,
  block: Block,
): readonly ItemCore[] | undefined {
  const { value } = written;
  const { member, arm } = settable;
  const { checker } = block;
  const name = first.name.text;
  if (value.kind === "arrow") {
    checker.error("E0119", written.head, {
      what: "a pair with `->`",
      where: "here: it is an entry of a map",
    });
    return undefined;
  }
  if (member.kind === "option") return checkOption(first, member, settable, written, scope, block);
  if (value.kind === "add") {
    checker.error("E0410", written.head, { name, declared: undefined });
    return undefined;
  }
  const type = arm?.block ?? (member as BlocksMember).block;
  const items = bodyOf(value);
  if (items) {
    const inside = (inner: RecordType) => checkBody(items, written.span, inner, scope, name, checker);
    return open(first, settable, type, inside, written, scope, block);
  }
  if (value.kind === "assign" && member.kind === "blocks")
    return entries(first, member, settable, value.value, written, scope, block);
  if (
    value.kind === "assign" &&
    member.kind === "maybe" &&
    value.value.kind === "name" &&
    value.value.text === "none"
  )
    return [
      {
        item: "absent",
        span: written.span,
        member: member as BlockMember & { kind: "maybe" },
        ...ranked(written, scope),
      },
    ];
  checker.error("E0212", value.kind === "assign" ? value.value.span : first.head, {
    name,
    reason: "is a block, not a value",
    example: member.kind === "blocks" ? `${name} LABEL { … }` : `${name} { … }`,
  });
  return undefined;
}

/** `zone = { "example.com" => { … } }`. */
function entries(
  first: Segment,
  member: BlocksMember,
  settable: Settable,
  value: ast.Expr,
  written: ast.Setting,
  scope: Scope,
  block: Block,
): readonly ItemCore[] | undefined {
  const { checker } = block;
  const name = first.name.text;
  if (value.kind !== "map" || first.labels.length > 0) {
    checker.error("E0212", value.span, {
      name,
      reason: "is a block with labels, not a value",
      example: `${name} LABEL { … }`,
    });
    return undefined;
  }
  const made: ItemCore[] = [];
  for (const entry of value.entries) {
    if (entry.value.kind !== "record") {
      checker.error("E0212", entry.value.span, { name, reason: "is a block", example: "LABEL => { … }" });
      continue;
    }
    const { items } = entry.value.body;
    const inside = (inner: RecordType) => checkBody(items, entry.span, inner, scope, name, checker);
    made.push(
      ...(open(
        { ...first, labels: [entry.key], head: entry.key.span },
        settable,
        member.block,
        inside,
        written,
        scope,
        block,
      ) ?? []),
    );
  }
  return made;
}
