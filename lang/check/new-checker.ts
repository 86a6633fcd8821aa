/** The checker, put together. */
import { type Code, type DataOf, diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic, Help, Label } from "../diagnostics/diagnostic.ts";
import type { Machine } from "../evaluate/machine.ts";
import { builtins } from "../evaluate/operations/builtins.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { hasError } from "../types/fit.ts";
import type { Query, RecordType, RefType, Settable, Type } from "../types/type.ts";
import { checkBody } from "./bodies.ts";
import { checkExpr } from "./check.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { BodyCore, Core, Fragment, Variable } from "./core.ts";
import { type Reading, UnitDeclarations } from "./declarations.ts";
import { inferExpr } from "./infer.ts";
import { signalsIn } from "./read-signal.ts";
import type { Recorder } from "./recorder.ts";
import { checkRules } from "./rules.ts";
import type { Place, Scope } from "./scope.ts";
import { typeOfExpr } from "./type-exprs.ts";
import type { Unit } from "./unit.ts";

/** Deeper expressions would need a deeper stack than every machine has. */
const MAX_DEPTH = 300;

interface Surroundings {
  readonly machine: Machine;
  report(diagnostic: Diagnostic): void;
  where(span: Span): string;
  textOf(span: Span): string;
  readonly recorder?: Recorder | undefined;
  /** What was found out of libraries before. */
  readonly kept?: Kept | undefined;
}

/** See `configure/library-memory.ts`. */
interface Kept {
  of(
    units: readonly Unit[],
    read: ReadonlyMap<Unit, UnitDeclarations>,
  ): ReadonlyMap<Unit, UnitDeclarations> | undefined;
  remember(units: readonly Unit[], read: ReadonlyMap<Unit, UnitDeclarations>): void;
}

/** The type of appliances, as each file sees it. */
export interface Appliance {
  view(unit: Unit): RecordType;
  /** Reports a block that no module in use has. */
  unknown(name: ast.Name, unit: Unit): Settable | undefined;
  libraryCalled(name: string, unit: Unit): Help | undefined;
}

export class WholeChecker implements Reading {
  readonly machine: Machine;
  readonly recorder: Recorder | undefined;
  readonly #around: Surroundings;
  readonly #units = new Map<Unit, UnitDeclarations>();
  /** Names of blocks that appliances have. */
  readonly heads = new Set<string>();
  readonly used = new Set<Variable>();
  /** What an appliance is; undefined until libraries are known, and where no appliance is looked at. */
  appliance: Appliance | undefined;
  readonly #read = new Set<UnitDeclarations>();
  #kept: ReadonlyMap<Unit, UnitDeclarations> | undefined;
  #captured: Diagnostic[] | undefined;
  #signals: ReturnType<Checker["signals"]> | undefined;
  #depth = 0;
  #errors = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.machine = around.machine;
    this.recorder = around.recorder;
  }

  /** Takes what another checker has found out of the same libraries; true if there is such a thing. Call it before anything is asked of them. */
  recall(units: readonly Unit[]): boolean {
    const known = this.#around.kept?.of(units, this.#units);
    this.#kept = known ?? this.#kept;
    return known !== undefined;
  }

  /** Everything that files declare, in an order in which each is known when it is used. */
  read(units: readonly Unit[]): void {
    const isKnown = this.recall(units);
    const all = units.map((unit) => this.declarations(unit)).filter((it) => !this.#read.has(it));
    for (const each of all) this.#read.add(each);
    this.#signals = undefined;
    for (const each of all) each.readTypes();
    for (const each of all) each.readValues();
    for (const each of all) each.readQueries();
    for (const each of all) each.readRules();
    if (!isKnown && all.length > 0) this.#around.kept?.remember(units, this.#units);
  }

  get errors(): number {
    return this.#errors;
  }

  report(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "error") this.#errors++;
    if (this.#captured) this.#captured.push(diagnostic);
    else this.#around.report(diagnostic);
  }

  error<C extends Code>(code: C, span: Span, data: DataOf<C>, related: readonly Label[] = []): void {
    this.report(diagnose(code, span, data, related));
  }

  warn<C extends Code>(code: C, span: Span, data: DataOf<C>): void {
    this.report(diagnose(code, span, data));
  }

  where(span: Span): string {
    return this.#around.where(span);
  }

  textOf(span: Span): string {
    return this.#around.textOf(span);
  }

  nest<T>(span: Span, otherwise: T, run: () => T): T {
    if (this.#depth >= MAX_DEPTH) {
      this.error("E0309", span, { what: "this is nested too deeply", limit: String(MAX_DEPTH) });
      return otherwise;
    }
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }

  infer(expr: ast.Expr, scope: Scope): Typed {
    const otherwise: Typed = { core: { op: "error", span: expr.span }, type: { kind: "error" } };
    const typed = this.nest(expr.span, otherwise, () => inferExpr(expr, scope, this));
    this.recorder?.add({ fact: "inferred", expr, ...typed, scope });
    return hasError(typed.type) ? otherwise : typed;
  }

  check(expr: ast.Expr, expected: Expected, scope: Scope): Core {
    this.recorder?.add({ fact: "expected", expr, expected, scope });
    return this.nest<Core>(expr.span, { op: "error", span: expr.span }, () =>
      checkExpr(expr, expected, scope, this),
    );
  }

  typeOf(expr: ast.TypeExpr, scope: Scope): Type {
    return this.nest<Type>(expr.span, { kind: "error" }, () => typeOfExpr(expr, scope, this));
  }

  body(items: readonly ast.Item[], span: Span, type: RecordType, scope: Scope, name: string): BodyCore {
    return checkBody(items, span, type, scope, name, this);
  }

  rules(items: readonly (ast.Item | ast.Member)[], span: Span, scope: Scope): BodyCore {
    return checkRules(items, span, scope, this);
  }

  declarations(unit: Unit): UnitDeclarations {
    const known = this.#units.get(unit);
    if (known) return known;
    const kept = this.#kept?.get(unit);
    if (kept) this.#read.add(kept);
    const made = kept ?? new UnitDeclarations(unit, this);
    this.#units.set(unit, made);
    return made;
  }

  all(): readonly UnitDeclarations[] {
    return [...this.#units.values()];
  }

  #offering(interfaceName: string) {
    return this.all().flatMap(({ modules }) =>
      [...modules.values()].filter(({ offers }) => offers.includes(interfaceName)),
    );
  }

  fact(interfaceName: string, query: string): Query | undefined {
    for (const { type } of this.#offering(interfaceName)) {
      const found = type.queries.find(({ name }) => name === query);
      if (found) return found;
    }
    return undefined;
  }

  factNames(interfaceName: string): readonly string[] {
    return [
      ...new Set(this.#offering(interfaceName).flatMap(({ type }) => type.queries.map(({ name }) => name))),
    ];
  }

  isBuiltin(name: string): boolean {
    return builtins.has(name);
  }

  signals(): { readonly names: ReadonlySet<string>; readonly takers: readonly string[] } {
    this.#signals ??= signalsIn([...this.#units.keys()]);
    return this.#signals;
  }

  labelOf({ library, block }: RefType): Type | undefined {
    for (const declarations of this.#units.values())
      if ((declarations.unit.library ?? declarations.unit.path) === library) {
        const own = declarations.labelOf(block);
        if (own) return own;
      }
    return this.#offering(`${library}.${block}`).find(({ multiple }) => multiple)?.type.label;
  }

  targetOf({ library, block }: RefType): RecordType | undefined {
    for (const declarations of this.#units.values())
      if ((declarations.unit.library ?? declarations.unit.path) === library) {
        const own = declarations.block(block) ?? declarations.modules.get(block)?.type;
        if (own) return own;
      }
    return undefined;
  }

  isBlockHead(name: string): boolean {
    return this.heads.has(name);
  }

  libraryCalled(name: string, unit: Unit): Help | undefined {
    return this.appliance?.libraryCalled(name, unit);
  }

  unknownModule(name: ast.Name, unit: Unit): Settable | undefined {
    return this.appliance?.unknown(name, unit);
  }

  applianceBody(body: ast.Body, unit: Unit, name: string, place: Place): BodyCore {
    if (!this.appliance) throw new Error("BUG: an appliance before its type");
    const scope = this.declarations(unit).scope.inside({ place });
    return checkBody(body.items, body.span, this.appliance.view(unit), scope, name, this);
  }

  fragment(path: ast.Path, scope: Scope): Fragment | undefined {
    const { unit } = scope.top;
    const [step, extra] = path.steps;
    const library = step?.kind === "fieldStep" && !extra ? unit.imports.get(path.head.text) : undefined;
    const name = step?.kind === "fieldStep" ? step.name.text : path.head.text;
    const declarations = step ? library && this.declarations(library.unit) : this.declarations(unit);
    this.recorder?.add({ fact: "fragmentName", path, scope });
    if (declarations?.isFragment(name)) {
      if (this.recorder) this.#recordFragment(path, name, declarations, library?.unit);
      return declarations.fragment(name);
    }
    const names = [
      ...this.declarations(unit).fragmentNames(),
      ...[...unit.imports].flatMap(([alias, used]) =>
        this.declarations(used.unit)
          .fragmentNames()
          .map((each) => `${alias}.${each}`),
      ),
    ];
    this.error("E0120", path.span, { name: this.textOf(path.span), fragments: names });
    return undefined;
  }

  #recordFragment(path: ast.Path, name: string, found: UnitDeclarations, library: Unit | undefined): void {
    const [step] = path.steps;
    if (library)
      this.recorder?.add({ fact: "means", span: path.head.span, meaning: { is: "library", unit: library } });
    const span = step?.kind === "fieldStep" ? step.name.span : path.head.span;
    const declared = found.unit.ast.items.find((it) => it.kind === "fragment" && it.name.text === name);
    if (declared?.kind === "fragment")
      this.recorder?.add({ fact: "means", span, meaning: { is: "fragment", declared: declared.name.span } });
  }

  /** What is reported meanwhile, instead of reporting it. */
  captured(run: () => unknown): readonly Diagnostic[] {
    const before = this.#captured;
    const found: Diagnostic[] = [];
    this.#captured = found;
    try {
      run();
      return found;
    } finally {
      this.#captured = before;
    }
  }
}
