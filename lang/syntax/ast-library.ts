/** What only library files have. */
import type { Span } from "../source/span.ts";
import type {
  AssertItem,
  Body,
  Documented,
  ErrorNode,
  FnParam,
  ForItem,
  LetDecl,
  ModulePath,
  Name,
  WhenItem,
} from "./ast.ts";
import type { Expr, LiteralExpr, StringExpr } from "./ast-expr.ts";
import type { TypeExpr } from "./ast-type.ts";

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
  | OutdatedMember
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

/**
 * `renamed zones -> zone`, `removed recursion "…"`, `deprecated identity -> id "…"`: what descriptions say that were written for an older
 * version of the library.
 */
export interface OutdatedMember extends Documented {
  readonly kind: "outdated";
  readonly word: "renamed" | "removed" | "deprecated";
  readonly name: Name;
  /** What to write instead of the name, and nothing else. */
  readonly to: Name | undefined;
  /** What to do, for people. */
  readonly advice: StringExpr | undefined;
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
