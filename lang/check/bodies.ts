/** The settings of a block, against what the block declares. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { aType, printType } from "../types/print.ts";
import {
  type BlocksMember,
  bare,
  type OptionMember,
  type RecordType,
  type Settable,
  scalar,
  type Type,
} from "../types/type.ts";
import type { Checker, Expected } from "./checker.ts";
import { loopOver } from "./comprehension.ts";
import type { BodyCore, Core, ItemCore, Variable } from "./core.ts";
import { checkLabel } from "./labels.ts";
import { checkAssert, checkLet } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { recordArm } from "./unions.ts";
import { unknownSetting } from "./unknown.ts";

/** What a body belongs to. */
interface Block {
  readonly type: RecordType;
  /** What messages call it. */
  readonly name: string;
  readonly checker: Checker;
}

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
  for (const { name, variable } of type.members) settings.set(name, variable);
  return scope.inside({ settings });
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
      checker.error("E0090", written.span, { what: "`include`" });
      return undefined;
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

/** If the condition is at fault, its body is still looked at: but what comes later in the language is not told of there. */
function when(written: ast.WhenItem, scope: Scope, block: Block): readonly ItemCore[] | undefined {
  const { checker } = block;
  const before = checker.errors;
  const condition = checker.check(
    written.condition,
    { type: scalar("Bool") },
    scope.inside({ reader: "`when`" }),
  );
  const inside = () => body(written.body.items, written.body.span, scope.inside(), block);
  if (checker.errors > before) {
    checker.without("E0090", inside);
    return undefined;
  }
  return [{ item: "when", span: written.span, condition, body: inside() }];
}

// ------------------------------------------------------------------------------------------------ settings

/** One name of a path with the labels behind it. */
interface Segment {
  readonly name: ast.Name;
  readonly labels: readonly ast.EntryLabel[];
  readonly head: Span;
}

function setting(written: ast.Setting, scope: Scope, block: Block): readonly ItemCore[] | undefined {
  const { checker } = block;
  if (written.rank) {
    checker.error("E0090", written.rank.span, { what: `\`${written.rank.word}\`` });
    return undefined;
  }
  if (written.value.kind === "add") {
    checker.error("E0090", written.head, { what: "adding with `+=`" });
    return undefined;
  }
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
  const settable = type.settable.get(name.text) ?? unknownSetting(name, type, block.name, scope, checker);
  if (!settable) return undefined;
  if (rest.length === 0) return last(first!, settable, written, scope, block);
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
  return open(first!, settable, inner, inside, written, scope, block);
}

function open(
  { name, labels, head }: Segment,
  settable: Settable,
  type: RecordType,
  inside: (type: RecordType) => BodyCore,
  written: ast.Setting,
  scope: Scope,
  { checker }: Block,
): readonly ItemCore[] | undefined {
  const keyed = settable.member.kind === "blocks";
  const [label, extra] = labels;
  const example = (text: string) => `${name.text} ${text}{ … }`;
  const labelType = type.label ?? scalar("Str");
  const problem = extra ? "many" : keyed && !label ? "missing" : !keyed && label ? "none" : undefined;
  if (problem) {
    const at = extra?.span ?? (problem === "none" ? label!.span : head);
    const shown = keyed ? `${labelExample(labelType)} ` : "";
    checker.error("E0211", at, {
      block: name.text,
      problem,
      type: printType(labelType),
      example: example(shown),
    });
  }
  const labelCore = keyed && label ? checkLabel(label, labelType, name.text, scope, checker) : undefined;
  const body = inside(type);
  if (problem) return undefined;
  return [{ item: "open", span: written.span, settable, label: labelCore, body, head }];
}

function labelExample(type: Type): string {
  const it = bare(type);
  return it.kind === "scalar" && it.name !== "Str"
    ? ({ DomainName: '"example.com"' }[it.name as string] ?? "LABEL")
    : '"name"';
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
  if (member.kind === "option") return option(first, member, settable, written, scope, block);
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
    return [];
  checker.error("E0212", value.kind === "assign" ? value.value.span : first.head, {
    name,
    reason: "is a block, not a value",
    example: member.kind === "blocks" ? `${name} LABEL { … }` : `${name} { … }`,
  });
  return undefined;
}

/** `soa { … }` and `soa = { … }` are the same. */
function bodyOf(value: ast.SettingValue): readonly ast.Item[] | undefined {
  if (value.kind === "block") return value.body.items;
  if (value.kind === "bare") return [];
  return value.kind === "assign" && value.value.kind === "record" ? value.value.body.items : undefined;
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

// ------------------------------------------------------------------------------------------------ options

function option(
  first: Segment,
  member: OptionMember,
  settable: Settable,
  written: ast.Setting,
  scope: Scope,
  block: Block,
): readonly ItemCore[] | undefined {
  const { checker, type } = block;
  const { value, head, span } = written;
  const name = first.name.text;
  const expected = expectedOf(member, type, checker);
  const it = bare(member.type);
  if (first.labels.length > 0) return keyed(first, member, expected, written, scope, checker);
  const record = it.kind === "record" ? it : it.kind === "optional" ? bare(it.inner) : undefined;
  const items = bodyOf(value);
  if (items && record?.kind === "record" && value.kind !== "bare") {
    const inside = (inner: RecordType) => checkBody(items, span, inner, scope, name, checker);
    return open(first, settable, record, inside, written, scope, block);
  }
  if (value.kind === "block" && it.kind === "map") return pairs(value.body, member, expected, scope, checker);
  const given = givenValue(value, member.type);
  if (!given) {
    const example = `${name} = …`;
    const reason =
      value.kind === "bare" ? "needs a value" : `is an option, and wants ${aType(member.type)}, not a block`;
    checker.error("E0212", first.head, { name, reason, example });
    return undefined;
  }
  const core = checker.check(given, expected, scope);
  return core.op === "error" ? undefined : [{ item: "set", span, member, value: core, head }];
}

function givenValue(value: ast.SettingValue, type: Type): ast.Expr | undefined {
  if (value.kind === "assign") return value.value;
  if (value.kind === "block" && recordArm(type))
    return { kind: "record", span: value.body.span, body: value.body };
  return undefined;
}

/** What an option expects, and where it says so. */
function expectedOf(member: OptionMember, type: RecordType, checker: Checker): Expected {
  const text = `${member.name} : ${printType(member.type, type.library)}`;
  const declared = member.span.source === "" ? undefined : { text, place: checker.where(member.span) };
  return { type: member.type, subject: member.name, declared };
}

/** `alias blog = "www"`. */
function keyed(
  { name, labels }: Segment,
  member: OptionMember,
  expected: Expected,
  { value, head, span }: ast.Setting,
  scope: Scope,
  checker: Checker,
): readonly ItemCore[] | undefined {
  const it = bare(member.type);
  const [label, extra] = labels;
  if (it.kind !== "map" || extra || value.kind !== "assign") {
    const reason = it.kind === "map" ? "takes entries with one key" : "has no entries";
    checker.error("E0212", extra?.span ?? label!.span, {
      name: name.text,
      reason,
      example: it.kind === "map" ? `${name.text} KEY = …` : `${name.text} = …`,
    });
    return undefined;
  }
  const key = checkLabel(label!, it.key, name.text, scope, checker);
  const core = checker.check(value.value, { ...expected, type: it.value }, scope);
  if (key.op === "error" || core.op === "error") return undefined;
  return [{ item: "entry", span, member, key, value: core, head }];
}

/** `policy { lan -> wan = accept }`: the body of an option of map type. */
function pairs(
  written: ast.Body,
  member: OptionMember,
  expected: Expected,
  scope: Scope,
  checker: Checker,
): readonly ItemCore[] | undefined {
  const it = bare(member.type);
  if (it.kind !== "map") return undefined;
  const made: ItemCore[] = [];
  let faulty = false;
  for (const inner of written.items) {
    const entry =
      inner.kind === "setting" && !inner.rank ? pair(inner, it.key, member.name, scope, checker) : undefined;
    if (!entry || inner.kind !== "setting") {
      if (inner.kind !== "error")
        checker.error("E0119", inner.span, {
          what: "this",
          where: `in \`${member.name}\`: it takes entries like \`KEY = …\``,
        });
      faulty = true;
      continue;
    }
    const core = checker.check(entry.value, { ...expected, type: it.value }, scope);
    if (entry.key.op === "error" || core.op === "error") faulty = true;
    else
      made.push({ item: "entry", span: inner.span, member, key: entry.key, value: core, head: inner.head });
  }
  return faulty ? undefined : made;
}

function pair(
  written: ast.Setting,
  keyType: Type,
  subject: string,
  scope: Scope,
  checker: Checker,
): { key: Core; value: ast.Expr } | undefined {
  const { path, labels, value } = written;
  if (path.steps.length > 0 || labels.length > 0) return undefined;
  const from: ast.EntryLabel = { kind: "nameLabel", span: path.span, name: path.head };
  if (value.kind === "assign")
    return { key: checkLabel(from, keyType, subject, scope, checker), value: value.value };
  const both = bare(keyType);
  if (value.kind !== "arrow" || both.kind !== "tuple" || both.items.length !== 2) return undefined;
  const [left, right] = both.items as readonly [Type, Type];
  const items = [
    checkLabel(from, left, subject, scope, checker),
    checkLabel(value.to, right, subject, scope, checker),
  ];
  return { key: { op: "tuple", span: written.head, items }, value: value.value };
}
