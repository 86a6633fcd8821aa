/** What an editor wants to know of a check besides its diagnostics. In every other run there is none, and nothing is kept. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import type { RecordType, RefType, Settable, Type } from "../types/type.ts";
import type { Expected } from "./checker.ts";
import type { Core, Fn, Variable } from "./core.ts";
import type { Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

export interface Recorder {
  add(fact: Fact): void;
}

/** What the name at `span` stands for. */
export type Meaning =
  | { readonly is: "variable"; readonly variable: Variable }
  | { readonly is: "function"; readonly fn: Pick<Fn, "name" | "span" | "params" | "result"> }
  | { readonly is: "builtin"; readonly name: string }
  /** A file in use, by the name that it goes by. */
  | { readonly is: "library"; readonly unit: Unit }
  | { readonly is: "fragment"; readonly declared: Span }
  | { readonly is: "type"; readonly type: Type }
  | { readonly is: "block"; readonly block: RecordType }
  | { readonly is: "member"; readonly settable: Settable; readonly of: RecordType };

export type Fact =
  /** An expression where a value of a type is wanted. */
  | {
      readonly fact: "expected";
      readonly expr: ast.Expr;
      readonly expected: Expected;
      readonly scope: Scope;
    }
  /** An expression with a type of its own. */
  | {
      readonly fact: "inferred";
      readonly expr: ast.Expr;
      readonly type: Type;
      readonly core: Core;
      readonly scope: Scope;
    }
  | { readonly fact: "means"; readonly span: Span; readonly meaning: Meaning }
  /** A name that begins a setting, declared or not. */
  | {
      readonly fact: "setting";
      readonly name: ast.Name;
      readonly of: RecordType;
      readonly scope: Scope;
      readonly rank: ast.Rank["word"] | undefined;
    }
  /** A name behind a point. */
  | { readonly fact: "field"; readonly name: ast.Name; readonly of: Type | Unit; readonly scope: Scope }
  /** The label of a block, where the block is opened. */
  | { readonly fact: "label"; readonly span: Span; readonly block: RecordType; readonly text: string }
  /** The label of a block, where it is referred to; `whole`: what is bound to the block, if it is more than the label. */
  | {
      readonly fact: "reference";
      readonly span: Span;
      readonly to: Pick<RefType, "library" | "block">;
      readonly text: string;
      readonly whole?: Span;
    }
  | { readonly fact: "typeName"; readonly expr: ast.NamedType; readonly scope: Scope; readonly ref: boolean }
  | { readonly fact: "fragmentName"; readonly path: ast.Path; readonly scope: Scope }
  /** A name in a target's `set`. */
  | { readonly fact: "paramName"; readonly name: ast.Name }
  | {
      readonly fact: "call";
      readonly expr: ast.CallExpr;
      readonly signature: string;
      readonly docs?: string;
    };
