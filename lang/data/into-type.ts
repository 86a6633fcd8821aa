/**
 * Data as if it stood in a description: an expression for each node, with its place in the file. What a text is (an address, a word, a duration, a text) is
 * said by the type that it is read into; whether it fits is then checked like everything else.
 */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { literalFrom } from "../syntax/literals.ts";
import { printType } from "../types/print.ts";
import { rowOf, type Scalar, type Shape } from "../types/scalars.ts";
import { armsWith, shapesOfLiteral } from "../types/shape.ts";
import { bare, type RecordType, type Type, type UnionType } from "../types/type.ts";
import type { EntryNode, ListNode, MapNode, Node, NumberNode, TextNode } from "./node.ts";

/** Where what is wrong is told. */
export interface Complaints {
  /** There is nothing where a value is wanted. */
  missing(at: Span, type: Type, subject: string | undefined): void;
  /** A text that is none of the type; what it may have been meant to be. */
  unlike(at: Span, text: string, name: Scalar, subject: string | undefined, meant: string | undefined): void;
  /** A list, map, text … where something of another form is wanted. */
  form(at: Span, found: string, type: Type, subject: string | undefined, help: string | undefined): void;
}

export class IntoType {
  readonly #source: string;
  readonly #complaints: Complaints;

  constructor(source: string, complaints: Complaints) {
    this.#source = source;
    this.#complaints = complaints;
  }

  span({ start, end }: { readonly start: number; readonly end: number }): Span {
    return { source: this.#source, start, end };
  }

  expression(node: Node, type: Type, subject: string | undefined): ast.Expr {
    const it = bare(type);
    if (node.kind === "nothing") return this.#nothing(this.span(node), type, subject);
    if (it.kind === "optional") return this.expression(node, it.inner, subject);
    if (!hasForm(it, node)) return this.#wrongForm(node, it, subject);
    switch (node.kind) {
      case "text":
        return this.#text(node, type, subject);
      case "bool":
        return this.#name(String(node.value), this.span(node));
      case "number":
        return this.#number(node);
      case "list":
        return this.#list(node, it, subject);
      case "map":
        return this.#map(node, it, subject);
    }
  }

  #nothing(span: Span, type: Type, subject: string | undefined): ast.Expr {
    const it = bare(type);
    if (it.kind === "optional") return this.#name("none", span);
    if (it.kind === "error") return { kind: "error", span };
    this.#complaints.missing(span, type, subject);
    return { kind: "error", span };
  }

  #wrongForm(node: Node, type: Type, subject: string | undefined): ast.Expr {
    const span = this.span(node);
    const [entry, second] = node.kind === "map" ? node.entries : [];
    const help =
      type.kind === "list" && entry?.value.kind === "list" && !second
        ? `the list is in \`${entry.key.value}\`: read the file as \`{ ${entry.key.value}: ${printType(type)} }\``
        : undefined;
    this.#complaints.form(span, forms[node.kind], type, subject, help);
    return { kind: "error", span };
  }

  #name(text: string, span: Span): ast.NameExpr {
    return { kind: "name", span, text };
  }

  // ---------------------------------------------------------------------------------------------- texts

  #text(node: TextNode, type: Type, subject: string | undefined): ast.Expr {
    const it = bare(type);
    const span = this.span(node);
    switch (it.kind) {
      case "union":
        return this.#ofUnion(node, it);
      case "scalar":
        return this.#ofScalar(node, it.name, subject);
      case "device":
        return { kind: "word", span, name: { kind: "identifier", span, text: node.value }, body: undefined };
      case "range":
        return this.#range(node, it.element, subject);
      default:
        return this.string(node);
    }
  }

  #ofScalar(node: TextNode, name: Scalar, subject: string | undefined): ast.Expr {
    const span = this.span(node);
    const { shape, words } = rowOf(name);
    const { value, quoted } = node;
    if (shape === "file" || shape === "dir") {
      const path = this.string(node);
      return { kind: "read", span, word: shape, path, settings: undefined, type: undefined };
    }
    if (shape === "string") return this.string(node);
    if (shape === "regex")
      return { kind: "regex", span, raw: value, pattern: value, patternSpan: this.#inside(node) };
    if (words?.includes(value)) return this.#name(value, span);
    if (quoted && (shape === "bool" || shape === "int" || shape === "dec") && this.#isPlain(node, shape))
      return this.string(node);
    if (shape === "bool" && (value === "true" || value === "false")) return this.#name(value, span);
    const literal = shape === "bool" || words ? undefined : this.#literal(node);
    if (shape === "mac" && /^[0-9A-Za-z]+([:.-][0-9A-Za-z]+)+$/.test(value))
      return { kind: "mac", span, raw: value };
    if (literal) return literal;
    this.#complaints.unlike(span, value, name, subject, meant(value, shape));
    return { kind: "error", span };
  }

  /** It would be one without its quotes. */
  #isPlain(node: TextNode, shape: Shape): boolean {
    if (shape === "bool") return node.value === "true" || node.value === "false";
    const literal = this.#literal(node);
    return literal !== undefined && literal.kind !== "quantity";
  }

  /** `10.0.0.1`, `5min`, `-0.4°C`; undefined if the text is no literal. */
  #literal({ value, ...node }: TextNode): ast.Expr | undefined {
    const span = this.span(node);
    const found = literalFrom(value, span);
    if (found) return found;
    const operand = value.startsWith("-") ? literalFrom(value.slice(1), span) : undefined;
    return operand && { kind: "unary", span, operator: "-", operand };
  }

  #range(node: TextNode, element: Type, subject: string | undefined): ast.Expr {
    const dots = node.value.indexOf("..");
    if (dots === -1) return this.string(node);
    const end = (from: number, to: number): ast.Expr => {
      const value = node.value.slice(from, to);
      const [first, last] =
        value.trim() === "" ? [from, to] : [from + value.search(/\S/), from + value.trimEnd().length];
      const part = { ...node, value: node.value.slice(first, last), quoted: false, offsets: undefined };
      const [start, stop] = [this.#offset(node, first), this.#offset(node, last)];
      return this.expression({ ...part, start, end: stop, from: start }, element, subject);
    };
    const [low, high] = [end(0, dots), end(dots + 2, node.value.length)];
    return { kind: "range", span: this.span(node), low, high };
  }

  /** Which arm a text is for: a word, a literal, else what is written in quotes. */
  #ofUnion(node: TextNode, union: UnionType): ast.Expr {
    const span = this.span(node);
    const { value, quoted } = node;
    const word = armsWith(union, [`word ${value}`])[0];
    if (word && (value === "true" || value === "false"))
      return quoted ? this.string(node) : this.#name(value, span);
    if (word?.kind === "type") return this.#ofArm(node, word.type);
    if (word) return { kind: "word", span, name: { kind: "identifier", span, text: value }, body: undefined };
    const literal = this.#literal(node);
    const shapes = literal && "raw" in literal ? shapesOfLiteral(literal) : [];
    const numeric = shapes.includes("int") || shapes.includes("dec");
    if (literal && !(quoted && numeric) && armsWith(union, shapes).length > 0) return literal;
    for (const shape of ["string", "regex", "file", "dir"]) {
      const [arm] = armsWith(union, [shape]);
      if (arm?.kind === "type") return this.#ofArm(node, arm.type);
    }
    const ranges = armsWith(union, ["range"])[0];
    if (ranges?.kind === "type" && value.includes("..")) return this.#ofArm(node, ranges.type);
    if (literal && !quoted) return literal;
    return /^[A-Za-z_]\w*$/.test(value)
      ? { kind: "word", span, name: { kind: "identifier", span, text: value }, body: undefined }
      : this.string(node);
  }

  #ofArm(node: TextNode, type: Type): ast.Expr {
    return this.expression(node, type, undefined);
  }

  string(node: TextNode): ast.StringExpr {
    const { value, offsets } = node;
    const span = this.span(node);
    const part: ast.TextPart = { kind: "textPart", span: this.#inside(node), value, offsets };
    return { kind: "string", span, raw: `"${value}"`, parts: value === "" ? [] : [part] };
  }

  #inside(node: TextNode): Span {
    return this.span({ start: node.from, end: this.#offset(node, node.value.length) });
  }

  #offset(node: TextNode, index: number): number {
    return node.offsets?.[index] ?? node.from + index;
  }

  #number(node: NumberNode): ast.Expr {
    const span = this.span(node);
    const negative = node.raw.startsWith("-");
    const raw = negative ? node.raw.slice(1) : node.raw;
    const found = literalFrom(withoutExponent(raw), span);
    if (!found) {
      const text: TextNode = {
        ...node,
        kind: "text",
        value: node.raw,
        quoted: false,
        from: node.start,
        offsets: undefined,
      };
      return this.string(text);
    }
    return negative ? { kind: "unary", span, operator: "-", operand: found } : found;
  }

  // ---------------------------------------------------------------------------------------------- lists, maps and records

  #list(
    node: ListNode,
    type: Exclude<Type, { kind: "named" | "refined" }>,
    subject: string | undefined,
  ): ast.Expr {
    const span = this.span(node);
    if (type.kind === "union") {
      const arm = armsWith(type, ["list"])[0] ?? armsWith(type, ["tuple"])[0];
      if (arm?.kind === "type") return this.expression(node, arm.type, subject);
    }
    if (type.kind === "tuple") {
      const items = node.items.map((item, n) => this.expression(item, type.items[n] ?? unknown, subject));
      return { kind: "tuple", span, items };
    }
    const element = type.kind === "list" ? type.element : unknown;
    return { kind: "list", span, items: node.items.map((item) => this.expression(item, element, subject)) };
  }

  #map(
    node: MapNode,
    type: Exclude<Type, { kind: "named" | "refined" }>,
    subject: string | undefined,
  ): ast.Expr {
    if (type.kind === "map") {
      const entries = node.entries.map((entry) => this.#entry(entry, type.key, type.value, subject));
      return { kind: "map", span: this.span(node), entries };
    }
    if (type.kind === "union") return this.#mapOfUnion(node, type, subject);
    return this.record(node, type.kind === "record" ? type : undefined);
  }

  #entry(
    { key, value }: EntryNode,
    keyType: Type,
    valueType: Type,
    subject: string | undefined,
  ): ast.MapEntry {
    const span = this.span(key);
    const name = this.expression({ ...key, quoted: false }, keyType, subject);
    return {
      kind: "mapEntry",
      span,
      key: { kind: "computedLabel", span, value: name },
      value: this.expression(value, valueType, subject ?? key.value),
    };
  }

  /** `{ "at": 5 }` is `at(5)`; all else is a record or a map. */
  #mapOfUnion(node: MapNode, union: UnionType, subject: string | undefined): ast.Expr {
    const [entry] = node.entries;
    const tag = node.entries.length === 1 && entry ? tagOf(union, entry.key.value) : undefined;
    if (tag && entry) {
      const callee: ast.NameExpr = { kind: "name", span: this.span(entry.key), text: entry.key.value };
      return {
        kind: "call",
        span: this.span(node),
        callee,
        args: [this.expression(entry.value, tag, entry.key.value)],
      };
    }
    const arm = armsWith(union, ["record"])[0] ?? armsWith(union, ["map"])[0];
    return arm?.kind === "type" ? this.expression(node, arm.type, subject) : this.record(node, undefined);
  }

  record(node: MapNode, type: RecordType | undefined): ast.RecordExpr {
    const span = this.span(node);
    const items = node.entries.map(({ key, value }): ast.Setting => {
      const head = this.span(key);
      const member = type?.settable.get(key.value)?.member;
      const fieldType = member?.kind === "option" ? member.type : unknown;
      return {
        kind: "setting",
        span: head,
        doc: undefined,
        rank: undefined,
        path: {
          kind: "path",
          span: head,
          head: { kind: "identifier", span: head, text: key.value },
          steps: [],
        },
        labels: [],
        value: { kind: "assign", value: this.expression(value, fieldType, key.value) },
        head,
      };
    });
    return { kind: "record", span, body: { kind: "body", span, items } };
  }
}

const forms: Readonly<Record<Node["kind"], string>> = {
  text: "a text",
  number: "a number",
  bool: "a truth value",
  nothing: "nothing",
  list: "a list",
  map: "a map",
};

/** Lists, maps and records are written as such; in alternatives and elsewhere the checker finds out. */
function hasForm(type: Type, { kind }: Node): boolean {
  switch (type.kind) {
    case "list":
    case "tuple":
      return kind === "list";
    case "map":
    case "record":
      return kind === "map";
    case "scalar":
    case "range":
    case "ref":
    case "device":
      return kind !== "list" && kind !== "map";
    default:
      return true;
  }
}

/** What people write in data, who know it from elsewhere. */
function meant(text: string, shape: Shape): string | undefined {
  if (shape === "bool") {
    if (/^(yes|on|y|1|true)$/i.test(text)) return "true";
    return /^(no|off|n|0|false)$/i.test(text) ? "false" : undefined;
  }
  const joined = text.replace(/\s+/g, "");
  if (shape === "int" && /^\d{1,3}(,\d{3})+$/.test(text)) return text.replaceAll(",", "");
  return joined !== text && /^\d/.test(joined) && literalFrom(joined, nowhere) ? joined : undefined;
}

const nowhere: Span = { source: "", start: 0, end: 0 };

/** `1e3` is `1000`: exactly, if it is not too long. */
function withoutExponent(raw: string): string {
  const parts = /^(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/.exec(raw);
  if (!parts) return raw;
  const [, whole, fraction = "", exponent] = parts;
  const digits = whole! + fraction;
  const point = whole!.length + Number(exponent);
  const all = point <= 0 ? `${"0".repeat(1 - point)}${digits}` : digits.padEnd(point, "0");
  const at = Math.max(point, 1);
  const rest = all.slice(at).replace(/0+$/, "");
  return `${all.slice(0, at).replace(/^0+(?=\d)/, "")}${rest === "" ? "" : `.${rest}`}`;
}

/** Of what has no place in the type: that is reported, and what is in there does not matter. */
const unknown: Type = { kind: "error" };

function tagOf(union: UnionType, word: string): Type | undefined {
  for (const arm of union.arms) {
    if (arm.kind === "tag" && arm.word === word) return arm.payload;
    const inner = arm.kind === "type" ? bare(arm.type) : undefined;
    const found = inner?.kind === "union" ? tagOf(inner, word) : undefined;
    if (found) return found;
  }
  return undefined;
}
