/** Types as they are written. */
import type { Span } from "../source/span.ts";
import type { ErrorNode, Name } from "./ast.ts";
import type { Expr } from "./ast-expr.ts";

export type TypeExpr =
  | NamedType
  | OptionalType
  | RefinedType
  | UnionType
  | RecordType
  | TupleType
  | ErrorNode;

/**
 * `Int`, `dns.ZoneName`, `List<Ip>`, and in a union also a word (`auto`) or a tag with its payload (`at(Int)`): which of them is
 * the checker's to find out.
 */
export interface NamedType {
  readonly kind: "namedType";
  readonly span: Span;
  readonly qualifier: Name | undefined;
  readonly name: Name;
  /** Between `<` and `>`; empty if there are none. */
  readonly args: readonly TypeExpr[];
  /** Between parentheses. */
  readonly payload: TypeExpr | undefined;
}

/** `T?`. */
export interface OptionalType {
  readonly kind: "optionalType";
  readonly span: Span;
  readonly inner: TypeExpr;
}

/** `Int in 1..99`, `Str where it matches r"…"`. */
export interface RefinedType {
  readonly kind: "refinedType";
  readonly span: Span;
  readonly inner: TypeExpr;
  readonly by: "in" | "where";
  /** The range after `in`, the condition on `it` after `where`. */
  readonly condition: Expr;
}

/** `a | b | c`, two arms or more. */
export interface UnionType {
  readonly kind: "unionType";
  readonly span: Span;
  readonly arms: readonly TypeExpr[];
}

export interface RecordType {
  readonly kind: "recordType";
  readonly span: Span;
  readonly fields: readonly RecordField[];
}

export interface RecordField {
  readonly kind: "recordField";
  readonly span: Span;
  readonly doc: string | undefined;
  readonly name: Name;
  readonly type: TypeExpr;
  readonly fallback: Expr | undefined;
}

/** `(A, B)`, two or more; `(A)` is `A`. */
export interface TupleType {
  readonly kind: "tupleType";
  readonly span: Span;
  readonly items: readonly TypeExpr[];
}
