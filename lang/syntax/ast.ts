/**
 * The tree of one file: what was written, with its place, and nothing of what it means.
 *
 * Every node has a `kind` that no other node type has, and a `span`. Where the text was faulty there is an `ErrorNode`: it has been
 * reported, so whoever meets one says nothing more about it. Items carry the documentation (`##`) that stands before them or behind
 * them on the same line.
 */
import type { Span } from "../source/span.ts";
import type { Expr, LiteralExpr, StringExpr } from "./ast-expr.ts";
import type { TypeExpr } from "./ast-type.ts";

export * from "./ast-expr.ts";
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
interface Documented {
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

// ------------------------------------------------------------------------------------------------ library files

/** `library std/dns`. */
export interface LibraryDecl extends Documented {
  readonly kind: "library";
  readonly path: ModulePath;
}

/** `block Host : Name { … }`: `label` is the type of its label. */
export interface BlockDecl extends Documented {
  readonly kind: "blockDecl";
  readonly name: Name;
  readonly label: TypeExpr | undefined;
  readonly members: readonly Member[];
}

/** `module dns { … }`; with `label` there may be many instances. */
export interface ModuleDecl extends Documented {
  readonly kind: "moduleDecl";
  readonly name: Name;
  readonly label: TypeExpr | undefined;
  readonly members: readonly Member[];
}

/** `interface Link { source = "./link.ts" }`. */
export interface InterfaceDecl extends Documented {
  readonly kind: "interfaceDecl";
  readonly name: Name;
  readonly body: Body;
}

/** `diagnostic E0731 "A CNAME stands beside other records"`. */
export interface DiagnosticDecl extends Documented {
  readonly kind: "diagnosticDecl";
  readonly code: Name;
  readonly title: StringExpr;
}

export type Member =
  | OptionMember
  | BlocksMember
  | ChoiceMember
  | NeedsMember
  | SignalMember
  | OffersMember
  | PartMember
  | SizeMember
  | CodeMember
  | QueryMember
  | ClaimsMember
  | LetDecl
  | AssertItem
  | WhenItem
  | ForItem
  | ErrorNode;

export interface OptionMember extends Documented {
  readonly kind: "option";
  readonly name: Name;
  readonly type: TypeExpr;
  readonly merge: MergeRule | undefined;
  /** Its number is kept in the lock. */
  readonly counted: boolean;
  readonly fallback: Expr | undefined;
}

export interface MergeRule {
  readonly kind: "mergeRule";
  readonly span: Span;
  readonly rule: "append" | "union" | "sum";
}

/** `blocks zone : Zone min 1`, `one soa : Soa`, `maybe transfer : Transfer`. */
export interface BlocksMember extends Documented {
  readonly kind: "blocks";
  readonly count: "blocks" | "one" | "maybe";
  readonly name: Name;
  readonly type: TypeExpr;
  readonly ordered: boolean;
  /** Fewest entries, an `int` literal. */
  readonly min: LiteralExpr | undefined;
}

/** `choice role : primary Primary | secondary Secondary`. */
export interface ChoiceMember extends Documented {
  readonly kind: "choice";
  readonly name: Name;
  readonly arms: readonly ChoiceArm[];
}

export interface ChoiceArm {
  readonly kind: "choiceArm";
  readonly span: Span;
  readonly name: Name;
  readonly block: Name;
}

/** `needs net : net.Stack`; `needs tls : tls.Sessions when secure`: only if that part is on. */
export interface NeedsMember extends Documented {
  readonly kind: "needs";
  readonly name: Name;
  readonly type: TypeExpr;
  readonly part: Name | undefined;
}

/** `signal temperature : Temp`. */
export interface SignalMember extends Documented {
  readonly kind: "signal";
  readonly name: Name;
  readonly type: TypeExpr;
}

/** `offers Ethernet`, `offers net.Link`. */
export interface OffersMember extends Documented {
  readonly kind: "offers";
  readonly qualifier: Name | undefined;
  readonly name: Name;
}

/** `part axfr when …`. */
export interface PartMember extends Documented {
  readonly kind: "part";
  readonly name: Name;
  readonly condition: Expr;
  /** `planned`: there is no code for it yet. */
  readonly planned: boolean;
}

/** `size { flash = 688KiB; ram = 60KiB }`; `size secure { … }`: of a part. Its documentation says what it is that takes so much. */
export interface SizeMember extends Documented {
  readonly kind: "size";
  readonly part: Name | undefined;
  readonly body: Body;
}

/** `claims tcp = [*:80]`: what nobody else in the appliance may have. */
export interface ClaimsMember extends Documented {
  readonly kind: "claims";
  readonly name: Name;
  readonly value: Expr;
}

/** `code as "./server.ts" { hooks = [start, poll] }`, `code prepare "./zones.ts"`, `code native riscv32 "./dns.o"`. */
export interface CodeMember extends Documented {
  readonly kind: "code";
  /** `as`, `prepare`, `wasm`, `native` … */
  readonly form: Name;
  readonly arch: Name | undefined;
  readonly path: StringExpr;
  readonly settings: Body | undefined;
}

/** `query addresses() -> List<Ip> = …`. */
export interface QueryMember extends Documented {
  readonly kind: "query";
  readonly name: Name;
  readonly params: readonly FnParam[];
  readonly result: TypeExpr;
  readonly value: Expr;
}
