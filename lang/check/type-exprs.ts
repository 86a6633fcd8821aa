/** Types as they are written to types as they are. */

import { slotSpec } from "../slots/spec.ts";
import type * as ast from "../syntax/ast.ts";
import { devices, isDevice } from "../types/devices.ts";
import { aType, printArm } from "../types/print.ts";
import { generics, isScalar, rowOf, type Scalar, scalars } from "../types/scalars.ts";
import { sharedShape } from "../types/shape.ts";
import { type Arm, bare, errorType, listOf, mapTypeOf, optional, scalar, type Type } from "../types/type.ts";
import type { Checker, Declarations } from "./checker.ts";
import type { Variable } from "./core.ts";
import { deviceType, signalType, wrongCount } from "./generic-types.ts";
import { addMember, newRecord, optionMember } from "./record-type.ts";
import type { Scope } from "./scope.ts";

export function typeOfExpr(expr: ast.TypeExpr, scope: Scope, checker: Checker): Type {
  switch (expr.kind) {
    case "error":
      return errorType;
    case "namedType":
      return named(expr, scope, checker);
    case "optionalType":
      return optional(checker.typeOf(expr.inner, scope));
    case "refinedType":
      return refined(expr, scope, checker);
    case "unionType":
      return union(expr, scope, checker);
    case "recordType":
      return record(expr, scope, checker);
    case "tupleType":
      return { kind: "tuple", items: expr.items.map((item) => checker.typeOf(item, scope)) };
  }
}

// ------------------------------------------------------------------------------------------------ names

function named(expr: ast.NamedType, scope: Scope, checker: Checker): Type {
  const { qualifier, name, args, payload, span } = expr;
  checker.recorder?.add({ fact: "typeName", expr, scope, ref: false });
  if (payload) {
    checker.error("E0106", span, {
      name: `${name.text}(…)`,
      types: [],
      hint: "a tag with a value stands in a union, like `auto | at(Int)`",
    });
    return errorType;
  }
  if (qualifier) return ofLibrary(expr, qualifier, scope, checker);
  const generic = Object.hasOwn(generics, name.text) ? generics[name.text]! : undefined;
  if (generic !== undefined) return ofGeneric(expr, generic, scope, checker);
  const declarations = checker.declarations(scope.top.unit);
  const own = declarations.type(name.text);
  if (!own && isDevice(name.text)) return deviceType(expr, name.text, checker);
  if (!own && name.text === "Signal") return signalType(expr, scope, checker);
  if (args.length > 0) wrongCount(expr, 0, checker);
  if (own) {
    checker.recorder?.add({ fact: "means", span: name.span, meaning: { is: "type", type: own } });
    return own;
  }
  if (isScalar(name.text)) return scalar(name.text);
  return unknownType(expr, declarations, scope, checker);
}

function ofLibrary(expr: ast.NamedType, qualifier: ast.Name, scope: Scope, checker: Checker): Type {
  const { name, args } = expr;
  if (args.length > 0) wrongCount(expr, 0, checker);
  const library = scope.top.unit.imports.get(qualifier.text);
  if (!library) {
    const hint = `add a line \`use\` for \`${qualifier.text}\``;
    checker.error("E0106", expr.span, { name: `${qualifier.text}.${name.text}`, types: [], hint });
    return errorType;
  }
  const declarations = checker.declarations(library.unit);
  checker.recorder?.add({
    fact: "means",
    span: qualifier.span,
    meaning: { is: "library", unit: library.unit },
  });
  const type = declarations.type(name.text);
  if (type) {
    checker.recorder?.add({ fact: "means", span: name.span, meaning: { is: "type", type } });
    return type;
  }
  if (declarations.block(name.text)) return blockAsType(expr, checker);
  checker.error("E0108", name.span, {
    name: name.text,
    library: qualifier.text,
    members: declarations.typeNames(),
  });
  return errorType;
}

function unknownType(expr: ast.NamedType, declarations: Declarations, scope: Scope, checker: Checker): Type {
  const { name, span } = expr;
  if (declarations.block(name.text)) return blockAsType(expr, checker);
  const libraries = [...scope.top.unit.imports].filter(([, { unit }]) =>
    checker.declarations(unit).typeNames().includes(name.text),
  );
  const hint =
    libraries.length > 0 ? `did you mean \`${libraries[0]![0]}.${name.text}\`?` : foreign[name.text];
  checker.error("E0106", span, {
    name: name.text,
    types: [
      ...Object.keys(scalars),
      ...Object.keys(generics),
      ...devices,
      "Signal",
      ...declarations.typeNames(),
    ],
    hint,
  });
  return errorType;
}

const foreign: Readonly<Record<string, string>> = {
  String: "texts are `Str`",
  string: "texts are `Str`",
  Boolean: "truth values are `Bool`",
  Integer: "whole numbers are `Int`",
  int: "whole numbers are `Int`",
  Float: "there are no floating-point numbers: exact decimals are `Dec`",
  Number: "whole numbers are `Int`, exact decimals `Dec`",
  Array: "lists are `List<…>`",
};

function blockAsType({ span, name }: ast.NamedType, checker: Checker): Type {
  checker.error("E0219", span, {
    what: "the type of a value",
    type: `the block \`${name.text}\``,
    why: `use \`Ref<${name.text}>\`, or declare it with \`blocks\`, \`one\` or \`maybe\``,
  });
  return errorType;
}

function ofGeneric(expr: ast.NamedType, count: number, scope: Scope, checker: Checker): Type {
  const { name, args } = expr;
  const [first, second] = args;
  if (args.length !== count || !first) {
    wrongCount(expr, count, checker);
    return errorType;
  }
  if (name.text === "Ref") return ref(first, scope, checker);
  const inner = checker.typeOf(first, scope);
  switch (name.text) {
    case "List":
      return listOf(inner);
    case "Map":
      return mapTypeOf(keyType(inner, first, checker), checker.typeOf(second!, scope));
    case "Range":
      return { kind: "range", element: inner };
    case "AtBoot":
      return canStart(inner, first, checker);
    default:
      return { kind: "secret", open: false, inner };
  }
}

/** What is checked when a machine starts has to be checkable there. */
function canStart(inner: Type, at: ast.TypeExpr, checker: Checker): Type {
  const spec = bare(inner).kind === "error" ? undefined : slotSpec([inner]);
  if (typeof spec !== "string") return { kind: "secret", open: true, inner };
  checker.error("E0219", at.span, { what: "given to a machine that starts", type: aType(inner), why: spec });
  return errorType;
}

/** Keys are what can be written before `=>` and be told apart by how it is written. */
function keyType(type: Type, at: ast.TypeExpr, checker: Checker): Type {
  if (isKey(type)) return type;
  checker.error("E0219", at.span, {
    what: "the key of a map",
    type: aType(type),
    why: "keys are names, texts, numbers and addresses",
  });
  return errorType;
}

export function isKey(type: Type): boolean {
  const it = bare(type);
  switch (it.kind) {
    case "scalar":
      return rowOf(it.name).key === true;
    case "tuple":
      return it.items.every(isKey);
    case "union":
      return it.arms.every((arm) => arm.kind === "word" || (arm.kind === "type" && isKey(arm.type)));
    case "ref":
    case "device":
    case "error":
      return true;
    default:
      return false;
  }
}

/** A block, a module with labels, or an interface that such modules offer. */
function ref(expr: ast.TypeExpr, scope: Scope, checker: Checker): Type {
  if (expr.kind !== "namedType" || expr.args.length > 0 || expr.payload) {
    if (expr.kind !== "error")
      checker.error("E0219", expr.span, {
        what: "referred to",
        type: `\`${checker.textOf(expr.span)}\``,
        why: "the name of a block is wanted",
      });
    return errorType;
  }
  checker.recorder?.add({ fact: "typeName", expr, scope, ref: true });
  const library = expr.qualifier && scope.top.unit.imports.get(expr.qualifier.text);
  const unit = expr.qualifier ? library?.unit : scope.top.unit;
  const declarations = unit && checker.declarations(unit);
  if (!declarations?.isReferable(expr.name.text)) {
    const name = checker.textOf(expr.span);
    checker.error("E0106", expr.span, {
      name,
      types: declarations?.blockNames() ?? [],
      hint: declarations ? undefined : `add a line \`use\` for \`${expr.qualifier!.text}\``,
    });
    return errorType;
  }
  const block = declarations.block(expr.name.text);
  if (block) checker.recorder?.add({ fact: "means", span: expr.name.span, meaning: { is: "block", block } });
  return {
    kind: "ref",
    library: unit!.library ?? unit!.path,
    block: expr.name.text,
    qualifier: unit!.library ? unit!.name : undefined,
  };
}

// ------------------------------------------------------------------------------------------------ structure

function refined(expr: ast.RefinedType, scope: Scope, checker: Checker): Type {
  const base = checker.typeOf(expr.inner, scope);
  const { span } = expr.condition;
  const text = checker.textOf(span);
  if (bare(base).kind === "error") return base;
  if (expr.by === "in") {
    const it = bare(base);
    const meansLength = it.kind === "scalar" && isLength(expr.condition, it.name);
    if (it.kind !== "scalar" || rowOf(it.name).ordered !== true || meansLength) {
      checker.error("E0219", expr.inner.span, {
        what: "limited by `in`",
        type: aType(base),
        why: meansLength ? `to limit its length, write \`where len(it) in ${text}\`` : "it has no order",
      });
      return errorType;
    }
    const range = checker.check(expr.condition, { type: { kind: "range", element: it } }, scope);
    return range.op === "error"
      ? errorType
      : { kind: "refined", base, refinement: { by: "in", span, text, range } };
  }
  const it: Variable = { name: "it", type: base, span, role: "it" };
  const inner = scope.inside({ reader: "`where`" });
  inner.declare(it);
  const condition = checker.check(expr.condition, { type: scalar("Bool") }, inner);
  return condition.op === "error"
    ? errorType
    : { kind: "refined", base, refinement: { by: "where", span, text, it, condition } };
}

/** `Str in 1..20`: numbers are not what such texts lie between. */
function isLength(condition: ast.Expr, name: Scalar): boolean {
  return (
    rowOf(name).shape === "string" &&
    condition.kind === "range" &&
    condition.low.kind === "int" &&
    condition.high.kind === "int"
  );
}

function union(expr: ast.UnionType, scope: Scope, checker: Checker): Type {
  const arms: Arm[] = [];
  const spans: ast.TypeExpr["span"][] = [];
  for (const written of expr.arms) {
    const made = arm(written, scope, checker);
    if (made.kind === "type" && bare(made.type).kind === "error") return errorType;
    arms.push(made);
    spans.push(written.span);
  }
  const shared = sharedShape(arms);
  if (shared) {
    const [first, second] = [printArm(arms[shared.first]!), printArm(arms[shared.second]!)];
    checker.error("E0214", spans[shared.second]!, { first, second, shape: shapeText(shared.shape) }, [
      { span: spans[shared.first]!, text: "written the same way" },
    ]);
    return errorType;
  }
  return { kind: "union", arms };
}

function shapeText(shape: string): string {
  const [first, second] = shape.split(" ");
  if (first === "word") return `are written \`${second}\``;
  if (first === "quantity") return `are written as a ${second}`;
  return shapeTexts[first!] ?? `are written as a ${first}`;
}

const shapeTexts: Readonly<Record<string, string>> = {
  string: "are written in quotes",
  "{}": "are written in braces",
  record: "are written in braces",
  name: "are names",
  int: "are written as a whole number",
  ip4: "are written as an IPv4 address",
  ip6: "are written as an IPv6 address",
  prefix4: "are written as an IPv4 prefix",
  prefix6: "are written as an IPv6 prefix",
};

/** A name that is no type is a word; with a payload it is a tag. */
function arm(expr: ast.TypeExpr, scope: Scope, checker: Checker): Arm {
  if (expr.kind !== "namedType" || expr.qualifier || expr.args.length > 0)
    return { kind: "type", type: checker.typeOf(expr, scope) };
  const { name, payload } = expr;
  if (payload) return { kind: "tag", word: name.text, payload: checker.typeOf(payload, scope) };
  const known = isScalar(name.text) || Object.hasOwn(generics, name.text) || /^[A-Z]/.test(name.text);
  return known || checker.declarations(scope.top.unit).isType(name.text)
    ? { kind: "type", type: checker.typeOf(expr, scope) }
    : { kind: "word", word: name.text };
}

function record(expr: ast.RecordType, outer: Scope, checker: Checker): Type {
  const { unit } = outer.top;
  const type = newRecord({ what: "record", library: unit.library ?? unit.path, span: expr.span });
  const scope = outer.inside({ settled: true });
  for (const field of expr.fields) {
    const fieldType = checker.typeOf(field.type, outer);
    const before = type.settable.get(field.name.text);
    if (before) {
      checker.error("E0107", field.name.span, { name: field.name.text, what: "the field" }, [
        { span: before.member.span, text: "first declared here" },
      ]);
      continue;
    }
    const core =
      field.fallback && checker.check(field.fallback, { type: fieldType, subject: field.name.text }, scope);
    const fallback = core && { core, text: checker.textOf(field.fallback!.span), span: field.fallback!.span };
    const member = optionMember({
      name: field.name,
      type: fieldType,
      docs: field.doc,
      merge: undefined,
      fallback,
    });
    addMember(type, member);
    scope.declare(member.variable);
  }
  return type;
}
