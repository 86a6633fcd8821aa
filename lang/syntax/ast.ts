/**
 * The tree of one file: what was written, with its place, and nothing of what it means.
 *
 * Every node has a `kind` that no other node type has, and a `span`. Where the text was faulty there is an `ErrorNode`: it has been
 * reported, so whoever meets one says nothing more about it. Items carry the documentation (`##`) that stands before them or behind
 * them on the same line.
 */
import type { Span } from "../source/span.ts";
import type { Expr, LiteralExpr, StringExpr } from "./ast-expr.ts";
import type { BlockDecl, DiagnosticDecl, InterfaceDecl, LibraryDecl, ModuleDecl } from "./ast-library.ts";
import type { TypeExpr } from "./ast-type.ts";

export * from "./ast-expr.ts";
export * from "./ast-library.ts";
export * from "./ast-type.ts";

export interface FileAst {
  readonly kind: "file";
  readonly span: Span;
  /** Language edition of the first line; undefined if the line is missing or is not understood (reported). */
  readonly edition: number | undefined;
  readonly items: readonly Top[];
  /** All comments in source order, `##` included. */
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly kind: "comment";
  readonly span: Span;
  /** True for `##`. */
  readonly doc: boolean;
  /** Without the `#` and the blank behind it. */
  readonly text: string;
}

/** One name where it is written. */
export interface Name {
  readonly kind: "identifier";
  readonly span: Span;
  readonly text: string;
}

/** A place that did not parse; reported already. */
export interface ErrorNode {
  readonly kind: "error";
  readonly span: Span;
}

/** Lines of documentation joined by newlines; undefined if there are none. */
export interface Documented {
  readonly span: Span;
  readonly doc: string | undefined;
}

// ------------------------------------------------------------------------------------------------ the file's own items

export type Top =
  | UseDecl
  | LetDecl
  | FnDecl
  | TypeDecl
  | SecretDecl
  | ParamDecl
  | TestDecl
  | AssertItem
  | ApplianceDecl
  | FragmentDecl
  | TargetDecl
  | LibraryDecl
  | BlockDecl
  | ModuleDecl
  | InterfaceDecl
  | DiagnosticDecl
  | ErrorNode;

/** `use std/dns`, `use "./common.appl" as shared`, `use pkg/acme/geo sha256:…`. */
export interface UseDecl extends Documented {
  readonly kind: "use";
  readonly from: ModulePath | StringExpr;
  readonly hash: LiteralExpr | undefined;
  readonly alias: Name | undefined;
}

/** `std/board/qemu`. */
export interface ModulePath {
  readonly kind: "modulePath";
  readonly span: Span;
  readonly segments: readonly Name[];
  /** The segments joined by `/`. */
  readonly text: string;
}

/** Also an item of a body. */
export interface LetDecl extends Documented {
  readonly kind: "let";
  readonly name: Name;
  readonly type: TypeExpr | undefined;
  readonly value: Expr;
}

export interface FnDecl extends Documented {
  readonly kind: "fn";
  readonly name: Name;
  readonly params: readonly FnParam[];
  readonly result: TypeExpr;
  readonly value: Expr;
}

export interface FnParam {
  readonly kind: "fnParam";
  readonly span: Span;
  readonly name: Name;
  readonly type: TypeExpr;
  readonly fallback: Expr | undefined;
}

export interface TypeDecl extends Documented {
  readonly kind: "type";
  readonly name: Name;
  readonly type: TypeExpr;
}

export interface SecretDecl extends Documented {
  readonly kind: "secret";
  readonly name: Name;
  readonly type: TypeExpr;
  readonly delivery: SecretDelivery;
}

export type SecretDelivery =
  | { readonly kind: "boot"; readonly span: Span; readonly slot: StringExpr }
  | { readonly kind: "sealed"; readonly span: Span; readonly path: StringExpr }
  | { readonly kind: "generated"; readonly span: Span }
  | ErrorNode;

export interface ParamDecl extends Documented {
  readonly kind: "param";
  readonly name: Name;
  readonly type: TypeExpr;
  /** `from boot "…"`: whoever starts a machine chooses. */
  readonly delivery: SecretDelivery | undefined;
  readonly fallback: Expr | undefined;
}

export interface TestDecl extends Documented {
  readonly kind: "test";
  readonly title: StringExpr;
  readonly body: Body;
}

export interface ApplianceDecl extends Documented {
  readonly kind: "appliance";
  readonly name: Name;
  readonly body: Body;
}

export interface FragmentDecl extends Documented {
  readonly kind: "fragment";
  readonly name: Name;
  readonly body: Body;
}

export interface TargetDecl extends Documented {
  readonly kind: "target";
  readonly name: Name;
  readonly body: Body;
}

// ------------------------------------------------------------------------------------------------ bodies and their items

/** `{ … }`. The span includes the braces. */
export interface Body {
  readonly kind: "body";
  readonly span: Span;
  readonly items: readonly Item[];
}

export type Item = LetDecl | AssertItem | IncludeItem | WhenItem | ForItem | Setting | ErrorNode;

/** `assert` and `check` are one thing; `word` says which was written. */
export interface AssertItem extends Documented {
  readonly kind: "assert";
  readonly word: "assert" | "check";
  readonly condition: Expr;
  readonly message: StringExpr | undefined;
  /** `{ at …; also …; help = …; note = … }` behind the message. */
  readonly details: Body | undefined;
}

export interface IncludeItem extends Documented {
  readonly kind: "include";
  readonly path: Path;
}

export interface WhenItem extends Documented {
  readonly kind: "when";
  readonly condition: Expr;
  readonly body: Body;
}

/** One name takes the elements, two take keys (or positions) and values. */
export interface ForItem extends Documented {
  readonly kind: "for";
  readonly names: readonly Name[];
  readonly source: Expr;
  readonly body: Body;
}

/** `a.b "label" …`: a block, an assignment, a contribution, a pair, or only the name. */
export interface Setting extends Documented {
  readonly kind: "setting";
  readonly rank: Rank | undefined;
  readonly path: Path;
  readonly labels: readonly EntryLabel[];
  readonly value: SettingValue;
  /** The path and the labels: what a message points at when it means the setting as a whole. */
  readonly head: Span;
}

export interface Rank {
  readonly kind: "rank";
  readonly span: Span;
  readonly word: "override" | "default" | "remove";
}

export type SettingValue =
  /** `soa { … }` */
  | { readonly kind: "block"; readonly body: Body }
  /** `ttl = 5min` */
  | { readonly kind: "assign"; readonly value: Expr }
  /** `set += { … }` */
  | { readonly kind: "add"; readonly value: Expr }
  /** `lan -> wan = accept`: the key is the pair of the setting's path and `to`. */
  | { readonly kind: "arrow"; readonly to: EntryLabel; readonly value: Expr }
  /** `remove rule "x"`, or an entry with nothing in it. */
  | { readonly kind: "bare" };

/** `dns.zone["example.com"].ttl`. */
export interface Path {
  readonly kind: "path";
  readonly span: Span;
  readonly head: Name;
  readonly steps: readonly PathStep[];
}

export type PathStep =
  | { readonly kind: "fieldStep"; readonly span: Span; readonly name: Name }
  | { readonly kind: "indexStep"; readonly span: Span; readonly index: Expr };

/** What stands before `{`, `=` or `=>` and says which entry: a bare name is a name, a computed label is in parentheses. */
export type EntryLabel =
  | { readonly kind: "nameLabel"; readonly span: Span; readonly name: Name }
  | { readonly kind: "literalLabel"; readonly span: Span; readonly value: LiteralExpr }
  | { readonly kind: "computedLabel"; readonly span: Span; readonly value: Expr };
