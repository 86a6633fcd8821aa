/** What the parts of the checker use of each other. `new-checker.ts` puts them together. */
import type { Declared } from "../diagnostics/catalog/types.ts";
import type { Code, DataOf } from "../diagnostics/catalog.ts";
import type { Diagnostic, Help, Label } from "../diagnostics/diagnostic.ts";
import type { Machine } from "../evaluate/machine.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import type { Query, RecordType, RefType, Settable, Type } from "../types/type.ts";
import type { BodyCore, Core, Fragment, Variable } from "./core.ts";
import type { Recorder } from "./recorder.ts";
import type { Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

export interface Typed {
  readonly core: Core;
  readonly type: Type;
}

/** What a value is for. */
export interface Expected {
  readonly type: Type;
  /** What a message calls it: `ttl`. */
  readonly subject?: string | undefined;
  readonly declared?: Declared | undefined;
}

export interface Checker {
  readonly machine: Machine;
  /** Variables that some expression names. */
  readonly used: Set<Variable>;
  /** What is reported meanwhile, instead of reporting it. */
  captured(run: () => unknown): readonly Diagnostic[];
  /** How many errors there are until now. */
  readonly errors: number;
  /** Only where an editor asks. */
  readonly recorder: Recorder | undefined;
  report(diagnostic: Diagnostic): void;
  error<C extends Code>(code: C, span: Span, data: DataOf<C>, related?: readonly Label[]): void;
  warn<C extends Code>(code: C, span: Span, data: DataOf<C>): void;
  /** `std/dns.appl:31:10`. */
  where(span: Span): string;
  textOf(span: Span): string;
  /** Runs what goes one level deeper; reports and gives `otherwise` if that is too deep. */
  nest<T>(span: Span, otherwise: T, run: () => T): T;

  /** The type of an expression that nothing is expected of. */
  infer(expr: ast.Expr, scope: Scope): Typed;
  /** The expression as a value of a type. */
  check(expr: ast.Expr, expected: Expected, scope: Scope): Core;
  typeOf(expr: ast.TypeExpr, scope: Scope): Type;
  /** The settings of a block or record. `name` is what messages call it. */
  body(items: readonly ast.Item[], span: Span, type: RecordType, scope: Scope, name: string): BodyCore;
  /** The fragment that a path names; undefined after a report. */
  fragment(path: ast.Path, scope: Scope): Fragment | undefined;
  /** Assertions with their loops and conditions, and nothing else. */
  rules(items: readonly (ast.Item | ast.Member)[], span: Span, scope: Scope): BodyCore;

  /** What a file declares. */
  declarations(unit: Unit): Declarations;
  /** A query of the modules that offer an interface. */
  fact(interfaceName: string, query: string): Query | undefined;
  isBuiltin(name: string): boolean;
  /** Names of signals that blocks of the files in use have, and the options that take one, for help: `` `input` of `Hysteresis` ``. */
  signals(): { readonly names: ReadonlySet<string>; readonly takers: readonly string[] };
  /** The type of the labels that a reference names; undefined if there is no such block. */
  labelOf(ref: RefType): Type | undefined;
  /** The block that a reference names; undefined if it names an interface. */
  targetOf(ref: RefType): RecordType | undefined;
  /** The queries of these modules. */
  factNames(interfaceName: string): readonly string[];
  /** The head of a block of the appliance, though no module is known for it. */
  isBlockHead(name: string): boolean;
  /** Help for a name that a library would have if it were in use. */
  libraryCalled(name: string, unit: Unit): Help | undefined;
  /** A block of the appliance that no module in use has: reports it; a module that could be used is found all the same. */
  unknownModule(name: ast.Name, unit: Unit): Settable | undefined;
}

/** Declarations of one file by their names; each is read at its first use. */
export interface Declarations {
  readonly unit: Unit;
  /** The top of the file. */
  readonly scope: Scope;
  type(name: string): Type | undefined;
  isType(name: string): boolean;
  typeNames(): readonly string[];
  block(name: string): RecordType | undefined;
  /** A block, a module with labels or an interface. */
  isReferable(name: string): boolean;
  blockNames(): readonly string[];
  isInterface(name: string): boolean;
  interfaceNames(): readonly string[];
  valueNames(): readonly string[];
  diagnosticCodes(): ReadonlySet<string>;
}
