/** `a.b` and `a[b]`. */
import { rangeField, rangeFields, scalarFields } from "../evaluate/operations/fields.ts";
import { signalFields } from "../evaluate/operations/signals.ts";
import type * as ast from "../syntax/ast.ts";
import { aType, printType } from "../types/print.ts";
import type { Scalar } from "../types/scalars.ts";
import { isSecret } from "../types/secrets.ts";
import { bare, type RecordType, type RefType, scalar, type Type, typeOfMember } from "../types/type.ts";
import { lookUp } from "../values/compare.ts";
import { plain, printShort } from "../values/print.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { Core, Operation } from "./core.ts";
import { currentName } from "./current-name.ts";
import { broken, headOf, isConstant, isSetting, pathOf, tooEarly, unknownPath } from "./names.ts";
import { askModule, askNeed, queryOf } from "./queries.ts";
import { readsSignal, reportRead } from "./read-signal.ts";
import type { Meaning } from "./recorder.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

export function inferField(expr: ast.FieldExpr, scope: Scope, checker: Checker, expected?: Expected): Typed {
  const { object } = expr;
  if (object.kind === "name" && scope.find(object.text) === undefined) {
    const need = scope.need(object.text);
    if (need) return askNeed(expr.span, expr.name, need, [], scope, checker);
    const library = scope.top.unit.imports.get(object.text);
    if (library) return ofLibrary(expr, object, scope, checker);
  }
  if (readsSignal(expr, scope, checker)) return broken(expr.span);
  const head = headOf(expr);
  if (head && scope.find(head.text) === undefined && isSetting(head.text, scope, checker)) {
    tooEarly(expr.span, scope, checker);
    return broken(expr.span);
  }
  if (head && scope.find(head.text) === undefined && !scope.top.unit.imports.has(head.text))
    if (!isConstant(head.text)) return unknownPath(expr, head, scope, checker, expected);
  const { core, type } = checker.infer(object, scope);
  checker.recorder?.add({ fact: "field", name: expr.name, of: type, scope });
  const query = queryOf(type, expr.name.text);
  if (query) return askModule(expr.span, { core, type }, query, [], scope, checker);
  const found = fieldOf(expr, core, type, checker);
  const path = found.type.kind === "optional" ? pathOf(expr) : undefined;
  const narrowed = path === undefined ? undefined : scope.narrowed(path);
  return narrowed ? { ...found, type: narrowed } : found;
}

/** For an editor: the file before the point, and the name behind it. */
export function recordLibrary(
  { name }: ast.FieldExpr,
  span: ast.Expr["span"],
  unit: Unit,
  scope: Scope,
  { recorder }: Checker,
): void {
  recorder?.add({ fact: "means", span, meaning: { is: "library", unit } });
  recorder?.add({ fact: "field", name, of: unit, scope });
}

/** `common.web`: what a file in use declares. */
function ofLibrary(expr: ast.FieldExpr, object: ast.NameExpr, scope: Scope, checker: Checker): Typed {
  const { unit } = scope.top.unit.imports.get(object.text)!;
  recordLibrary(expr, object.span, unit, scope, checker);
  const declarations = checker.declarations(unit);
  const entity = declarations.scope.find(expr.name.text);
  if (entity?.kind === "variable") {
    checker.used.add(entity.variable);
    const meaning: Meaning = { is: "variable", variable: entity.variable };
    checker.recorder?.add({ fact: "means", span: expr.name.span, meaning });
    return {
      core: { op: "variable", span: expr.span, variable: entity.variable },
      type: entity.variable.type,
    };
  }
  if (entity?.kind === "fn")
    checker.error("E0119", expr.span, {
      what: `the function \`${expr.name.text}\``,
      where: "without its arguments in parentheses",
    });
  else if (!entity && checker.isBlockHead(object.text)) tooEarly(expr.span, scope, checker);
  else if (!entity)
    checker.error("E0108", expr.name.span, {
      name: expr.name.text,
      library: object.text,
      members: declarations.valueNames(),
    });
  return broken(expr.span);
}

function fieldOf(expr: ast.FieldExpr, core: Core, type: Type, checker: Checker): Typed {
  const it = bare(type);
  const { name } = expr;
  if (isSecret(it)) {
    refuseSecret(expr.object, it, "opened", checker);
    return broken(expr.span);
  }
  switch (it.kind) {
    case "error":
    case "empty":
      return broken(expr.span);
    case "record":
      if (it.signals.some((signal) => signal.name === name.text)) {
        reportRead(expr, checker.signals().takers, checker);
        return broken(expr.span);
      }
      return recordField(expr, core, it, checker) ?? unknownField(expr, it, recordFieldNames(it), checker);
    case "scalar": {
      const row = scalarFields[it.name]?.[name.text];
      if (row) return apply(expr, core, row.run, row.type);
      return unknownField(expr, it, Object.keys(scalarFields[it.name as Scalar] ?? {}), checker);
    }
    case "signal": {
      const run = signalFields[name.text];
      if (run) return apply(expr, core, run, scalar("Str"));
      reportRead(expr.object, checker.signals().takers, checker);
      return broken(expr.span);
    }
    case "range":
      if (rangeFields.includes(name.text)) return apply(expr, core, rangeField(name.text), it.element);
      return unknownField(expr, it, rangeFields, checker);
    case "optional": {
      const written = checker.textOf(expr.object.span);
      const hint = `it may be \`none\`: ask first, like \`${written} != none and ${written}.${name.text} …\``;
      return unknownField(expr, it, [], checker, hint);
    }
    case "map": {
      const written = checker.textOf(expr.object.span);
      const ofEach = it.value.kind === "record" && recordFieldNames(it.value).includes(name.text);
      const hint = ofEach
        ? `say which one: \`${written}["…"].${name.text}\``
        : `an entry is found by its key${printType(it.key) === "Str" ? `: \`${written}["${name.text}"]\`` : " in brackets"}`;
      return unknownField(expr, it, [], checker, hint);
    }
    case "ref":
      return ofRef(expr, core, it, checker);
    default:
      return unknownField(expr, it, [], checker);
  }
}

/** What the block that a reference names has; `label` is its label. */
function ofRef(expr: ast.FieldExpr, core: Core, type: RefType, checker: Checker): Typed {
  const target = checker.targetOf(type);
  const follow: Core = { op: "follow", span: expr.object.span, ref: core };
  const found = target && recordField(expr, follow, target, checker);
  if (found) return found;
  if (expr.name.text === "label") return apply(expr, core, labelOf, checker.labelOf(type) ?? scalar("Str"));
  return unknownField(expr, type, ["label", ...(target ? recordFieldNames(target) : [])], checker);
}

const labelOf: Operation = ([value]) => {
  if (value?.kind !== "ref") throw new Error("BUG: the label of no reference");
  return value.key;
};

function apply(expr: ast.FieldExpr, core: Core, run: Operation, type: Type): Typed {
  return { core: { op: "apply", span: expr.span, name: `.${expr.name.text}`, run, args: [core] }, type };
}

function recordField(expr: ast.FieldExpr, core: Core, type: RecordType, checker: Checker): Typed | undefined {
  const { name, span } = expr;
  const meant = currentName(name, type, type.name ?? "", checker);
  if (meant === undefined) return broken(span);
  const member = type.members.find((it) => it.name === meant);
  if (member) {
    const meaning: Meaning = { is: "member", settable: { member, arm: undefined }, of: type };
    checker.recorder?.add({ fact: "means", span: name.span, meaning });
    // a module that the appliance does not have is said when it is read
    const isModule = type.what === "appliance" && member.kind === "maybe";
    const read = isModule ? member.block : typeOfMember(member);
    return { core: { op: "field", span, object: core, name: meant }, type: read };
  }
  const settable = type.settable.get(meant);
  if (!settable?.arm) return undefined;
  checker.recorder?.add({ fact: "means", span: name.span, meaning: { is: "member", settable, of: type } });
  const role: Core = { op: "field", span, object: core, name: settable.member.name };
  const written = checker.textOf(expr.object.span);
  const pick: Operation = ([value], bench) =>
    value?.kind === "tagged" && value.tag === meant && value.payload
      ? value.payload
      : bench.fail(`\`${written}\` is not \`${meant}\``);
  return {
    core: { op: "apply", span, name: `.${name.text}`, run: pick, args: [role] },
    type: settable.arm.block,
  };
}

const recordFieldNames = ({ members, outdated }: RecordType): readonly string[] =>
  members.flatMap(({ name }) => (outdated.has(name) ? [] : [name]));

function unknownField(
  { name, span }: ast.FieldExpr,
  type: Type,
  fields: readonly string[],
  checker: Checker,
  hint?: string,
): Typed {
  checker.error("E0117", name.span, { name: name.text, of: aType(type), fields, hint });
  return broken(span);
}

// ------------------------------------------------------------------------------------------------ elements

export function inferIndex(expr: ast.IndexExpr, scope: Scope, checker: Checker): Typed {
  const head = headOf(expr);
  if (head && scope.find(head.text) === undefined && isSetting(head.text, scope, checker)) {
    tooEarly(expr.span, scope, checker);
    return broken(expr.span);
  }
  const { core, type } = checker.infer(expr.object, scope);
  const it = bare(type);
  const element = (index: Core, run: Operation, result: Type): Typed => ({
    core: { op: "apply", span: expr.span, name: "[…]", run, args: [core, index] },
    type: result,
  });
  if (isSecret(it)) {
    refuseSecret(expr.object, it, "opened", checker);
    return broken(expr.span);
  }
  switch (it.kind) {
    case "error":
      checker.infer(expr.index, scope);
      return broken(expr.span);
    case "map": {
      const key = checker.check(expr.index, { type: bare(it.key) }, scope);
      recordLabel(expr.index.span, key, it.value, checker);
      return element(key, ofMap, it.value);
    }
    case "list":
      return element(checker.check(expr.index, { type: scalar("Int") }, scope), ofList, it.element);
    case "tuple": {
      const index = expr.index.kind === "int" ? Number(expr.index.raw) : -1;
      const item = it.items[index];
      const number = checker.check(expr.index, { type: scalar("Int") }, scope);
      if (item) return element(number, ofList, item);
      checker.error("E0219", expr.index.span, {
        what: `a position in ${aType(it)}`,
        type: `\`${checker.textOf(expr.index.span)}\``,
        why: `a number from 0 to ${it.items.length - 1} is wanted`,
      });
      return broken(expr.span);
    }
    default:
      checker.error("E0219", expr.object.span, {
        what: "read by `[…]`",
        type: aType(type),
        why: printType(type),
      });
      return broken(expr.span);
  }
}

/** For an editor: `zone["example.com"]` names a block. */
function recordLabel(span: ast.Expr["span"], key: Core, value: Type, { recorder }: Checker): void {
  const block = bare(value);
  if (!recorder || key.op !== "const" || block.kind !== "record" || block.name === undefined) return;
  const to = { library: block.library, block: block.name };
  recorder.add({ fact: "reference", span, to, text: plain(key.value) });
}

const ofMap: Operation = ([map, key], bench) => {
  if (map?.kind !== "map") throw new Error("BUG: `[…]` of no map");
  const found = lookUp(map, key!);
  if (found) return found;
  const keys = [...map.entries.values()].slice(0, 8).map((entry) => plain(entry.key));
  return bench.fail(
    `there is no element \`${plain(key!)}\`${keys.length > 0 ? `: it has ${keys.join(", ")}` : ": it is empty"}`,
    1,
  );
};

const ofList: Operation = ([items, index], bench) => {
  if (index?.kind !== "int" || (items?.kind !== "list" && items?.kind !== "tuple"))
    throw new Error("BUG: `[…]` of no list");
  const found = items.items[Number(index.value)];
  if (found && index.value >= 0n) return found;
  return bench.fail(
    `there is no element \`${printShort(index)}\`: it has ${items.items.length}, counted from 0`,
    1,
  );
};
