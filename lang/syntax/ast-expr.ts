/** Expressions as they are written. */
import type { Span } from "../source/span.ts";
import type { Body, EntryLabel, ErrorNode, Name } from "./ast.ts";
import type { TypeExpr } from "./ast-type.ts";

export type Expr =
  | LiteralExpr
  | NameExpr
  | WordExpr
  | ListExpr
  | ListForExpr
  | MapExpr
  | RecordExpr
  | TupleExpr
  | ReadExpr
  | IfExpr
  | MatchExpr
  | UnaryExpr
  | BinaryExpr
  | RangeExpr
  | FieldExpr
  | IndexExpr
  | CallExpr
  | WithExpr
  | ErrorNode;

// ------------------------------------------------------------------------------------------------ literals

export type LiteralExpr = PlainLiteral | QuantityExpr | StringExpr | RegexExpr;

/**
 * A literal of which only the shape is known. Parts may be out of range (`192.168.1.300`, `/33`, `25:00`): reading its value is the
 * checker's, and so is the message if there is none.
 */
export interface PlainLiteral {
  readonly kind: PlainLiteralKind;
  readonly span: Span;
  /** As written. */
  readonly raw: string;
}

export type PlainLiteralKind =
  /** `42`, `65_536`, `0x44` */
  | "int"
  /** `0.98` */
  | "dec"
  /** `192.0.2.1`; any number of dotted parts above two */
  | "ip4"
  /** `2001:db8::1` */
  | "ip6"
  /** An address, `/` and a length: `10.0.0.1/8`, `fe80::/10` */
  | "prefix"
  /** `192.0.2.1:53`, `[::]:53`, `*:53` */
  | "socket"
  /** `00:1b:a9:12:34:56` */
  | "mac"
  /** `200/s`: a number, `/` and a unit of time, without blanks */
  | "rate"
  /** `2026-11-21` */
  | "date"
  /** `2026-11-21T05:00Z` */
  | "instant"
  /** `01:30`, `12:30:45` */
  | "timeOfDay"
  /** `sha256:…` */
  | "hash";

/** Numbers with their units: `5min`, `1h30m`, `28°C`, `25%`, `100Mbit/s`. The unit may be an unknown one. */
export interface QuantityExpr {
  readonly kind: "quantity";
  readonly span: Span;
  readonly raw: string;
  /** One or more; numbers as written (`1_000`, `0.5`), units as written (`Mbit/s`), empty where a trailing number has none. */
  readonly parts: readonly { readonly number: string; readonly unit: string }[];
}

/** `"…"` or `"""…"""`. */
export interface StringExpr {
  readonly kind: "string";
  /** With the quotes. */
  readonly span: Span;
  /** With the quotes, as written. */
  readonly raw: string;
  /** No part for `""`; no two texts beside each other. */
  readonly parts: readonly StringPart[];
}

export type StringPart = TextPart | HolePart;

export interface TextPart {
  readonly kind: "textPart";
  readonly span: Span;
  /** Escapes resolved; in a `"""` string also without its indentation. */
  readonly value: string;
  /**
   * Offset in the source of each code unit of `value`, and one more for its end. Undefined when the value is the source text itself.
   * `spanWithin` uses it.
   */
  readonly offsets: readonly number[] | undefined;
}

/** `${…}`; the span includes the braces. */
export interface HolePart {
  readonly kind: "holePart";
  readonly span: Span;
  readonly value: Expr;
}

/** `r"…"`. */
export interface RegexExpr {
  readonly kind: "regex";
  readonly span: Span;
  readonly raw: string;
  readonly pattern: string;
  /** Of the pattern, without `r` and the quotes: one code unit of source for each of `pattern`. */
  readonly patternSpan: Span;
}

// ------------------------------------------------------------------------------------------------ the others

/** A variable, or a word of the expected type. */
export interface NameExpr {
  readonly kind: "name";
  readonly span: Span;
  readonly text: string;
}

/** `.drop`, `.basic { user = "admin" }`: a word of the expected type and nothing else. */
export interface WordExpr {
  readonly kind: "word";
  readonly span: Span;
  readonly name: Name;
  readonly body: Body | undefined;
}

export interface ListExpr {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly Expr[];
}

/** `[for k, v in m if c: e]`. */
export interface ListForExpr {
  readonly kind: "listFor";
  readonly span: Span;
  readonly names: readonly Name[];
  readonly source: Expr;
  readonly condition: Expr | undefined;
  readonly value: Expr;
}

/** `{ "web" => …, "git" => … }`, one entry or more. */
export interface MapExpr {
  readonly kind: "map";
  readonly span: Span;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly kind: "mapEntry";
  readonly span: Span;
  readonly key: EntryLabel;
  readonly value: Expr;
}

/** `{ prio = 10, host = "mail" }`; `{}` is this too. */
export interface RecordExpr {
  readonly kind: "record";
  readonly span: Span;
  readonly body: Body;
}

/** `(a, b)`, two or more; `(a)` is `a`. */
export interface TupleExpr {
  readonly kind: "tuple";
  readonly span: Span;
  readonly items: readonly Expr[];
}

/** `file "./x"`, `dir "./site" { only = […] }`, `text "./motd"`, `data "./hosts.csv" : List<Lease>`. */
export interface ReadExpr {
  readonly kind: "read";
  readonly span: Span;
  readonly word: "file" | "dir" | "text" | "data";
  readonly path: StringExpr;
  readonly settings: Body | undefined;
  readonly type: TypeExpr | undefined;
}

export interface IfExpr {
  readonly kind: "if";
  readonly span: Span;
  readonly condition: Expr;
  readonly yes: Expr;
  readonly no: Expr;
}

export interface MatchExpr {
  readonly kind: "match";
  readonly span: Span;
  readonly subject: Expr;
  readonly arms: readonly MatchArm[];
}

export interface MatchArm {
  readonly kind: "matchArm";
  readonly span: Span;
  readonly pattern: Pattern;
  readonly value: Expr;
}

export type Pattern =
  /** `auto`, `at(n)` */
  | {
      readonly kind: "namePattern";
      readonly span: Span;
      readonly name: Name;
      readonly binding: Name | undefined;
    }
  | { readonly kind: "literalPattern"; readonly span: Span; readonly value: LiteralExpr };

export interface UnaryExpr {
  readonly kind: "unary";
  readonly span: Span;
  readonly operator: "not" | "-";
  readonly operand: Expr;
}

export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "matches"
  | "is"
  | "+"
  | "++"
  | "-"
  | "*"
  | "/"
  | "%";

export interface BinaryExpr {
  readonly kind: "binary";
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
}

/** `1..99`, both ends included. */
export interface RangeExpr {
  readonly kind: "range";
  readonly span: Span;
  readonly low: Expr;
  readonly high: Expr;
}

export interface FieldExpr {
  readonly kind: "field";
  readonly span: Span;
  readonly object: Expr;
  readonly name: Name;
}

export interface IndexExpr {
  readonly kind: "index";
  readonly span: Span;
  readonly object: Expr;
  readonly index: Expr;
}

export interface CallExpr {
  readonly kind: "call";
  readonly span: Span;
  readonly callee: Expr;
  readonly args: readonly Expr[];
}

/** `r with { port = 81 }`. */
export interface WithExpr {
  readonly kind: "with";
  readonly span: Span;
  readonly object: Expr;
  readonly body: Body;
}
