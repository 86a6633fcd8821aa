/** Settings of options: a value, an entry of a map, the fields of a record, a contribution with `+=`. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { aType, printType } from "../types/print.ts";
import { bare, type OptionMember, type RecordType, type Settable, type Type } from "../types/type.ts";
import type { Checker, Expected } from "./checker.ts";
import type { Core, ItemCore } from "./core.ts";
import { checkLabel } from "./labels.ts";
import { type Block, bodyOf, open, type Segment } from "./opening.ts";
import { ranked, rankOf } from "./ranks.ts";
import type { Scope } from "./scope.ts";
import { recordArm } from "./unions.ts";

export function checkOption(
  first: Segment,
  member: OptionMember,
  settable: Settable,
  written: ast.Setting,
  scope: Scope,
  block: Block,
): readonly ItemCore[] | undefined {
  const { checker, type } = block;
  const { value, span } = written;
  const name = first.name.text;
  const expected = expectedOf(member, type, checker);
  const it = bare(member.type);
  if (first.labels.length > 0) return keyed(first, member, expected, written, scope, checker);
  if (value.kind === "add") return contribution(member, value.value, expected, written, scope, checker);
  const record = it.kind === "record" ? it : it.kind === "optional" ? bare(it.inner) : undefined;
  const items = bodyOf(value);
  if (items && record?.kind === "record" && value.kind !== "bare") {
    const inside = (inner: RecordType) => checker.body(items, span, inner, scope, name);
    return open(first, settable, record, inside, written, scope, block);
  }
  if (value.kind === "block" && it.kind === "map")
    return pairs(value.body, written.head, member, expected, scope, checker);
  const given = givenValue(value, member.type);
  if (!given) {
    const example = `${name} = …`;
    const reason =
      value.kind === "bare" ? "needs a value" : `is an option, and wants ${aType(member.type)}, not a block`;
    checker.error("E0212", first.head, { name, reason, example });
    return undefined;
  }
  const core = checker.check(given, expected, scope);
  if (core.op === "error") return undefined;
  return [{ item: "set", span, member, value: core, add: false, ...ranked(written, scope) }];
}

/** `address += [192.0.2.1]`. What the whole must satisfy is looked at when all contributions are there. */
function contribution(
  member: OptionMember,
  value: ast.Expr,
  expected: Expected,
  written: ast.Setting,
  scope: Scope,
  checker: Checker,
): readonly ItemCore[] | undefined {
  if (!member.merge) {
    checker.error("E0410", written.head, { name: member.name, declared: checker.where(member.span) });
    return undefined;
  }
  const core = checker.check(value, { ...expected, type: bare(member.type) }, scope);
  if (core.op === "error") return undefined;
  return [{ item: "set", span: written.span, member, value: core, add: true, ...ranked(written, scope) }];
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
  written: ast.Setting,
  scope: Scope,
  checker: Checker,
): readonly ItemCore[] | undefined {
  const { value, span } = written;
  const it = bare(member.type);
  const [label, extra] = labels;
  if (it.kind !== "map" && value.kind === "bare") {
    const at = label!.span.start;
    const example = `${name.text} = ${checker.textOf({ ...span, start: at })}`;
    checker.error(
      "E0212",
      { ...span, start: at },
      {
        name: name.text,
        reason: "stands without `=` before its value",
        example,
        edit: { span: { ...span, start: at, end: at }, text: "= " },
      },
    );
    return undefined;
  }
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
  return [{ item: "entry", span, member, key, value: core, within: undefined, ...ranked(written, scope) }];
}

/** `policy { lan -> wan = accept }`: the body of an option of map type. */
function pairs(
  written: ast.Body,
  within: Span,
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
      inner.kind === "setting" && inner.rank?.word !== "remove"
        ? pair(inner, it.key, member.name, scope, checker)
        : undefined;
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
    const rank = rankOf(inner, scope, checker);
    if (entry.key.op === "error" || core.op === "error" || !rank) faulty = true;
    else
      made.push({
        item: "entry",
        span: inner.span,
        member,
        key: entry.key,
        value: core,
        within,
        ...ranked(inner, scope.inside({ rank })),
      });
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
