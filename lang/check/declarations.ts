/** What one file declares. */
import type { Interface, LibraryDiagnostic } from "../configure/configuration.ts";
import type * as ast from "../syntax/ast.ts";
import { errorType, type NamedType, type RecordType, scalar, type Type } from "../types/type.ts";
import type { SecretValue } from "../values/value.ts";
import type { Checker, Declarations } from "./checker.ts";
import type { BodyCore, Core, Fragment, Variable } from "./core.ts";
import { checkFunction } from "./functions.ts";
import { recordOf } from "./members.ts";
import { claimsOf, type GrowingModule, moduleOf, partsOf, readQueries, rulesOf, sizesOf } from "./modules.ts";
import type { Growing } from "./record-type.ts";
import { letValue } from "./rules.ts";
import { type Entity, type Place, Scope } from "./scope.ts";
import { checkSecret, type DeclaredSecret } from "./secrets.ts";
import { plainText } from "./texts.ts";
import type { Unit } from "./unit.ts";

/** A declaration that is read at its first use; `active` while it is read. */
interface Lazy<D, T> {
  readonly decl: D;
  state: "new" | "active" | "done";
  value: T | undefined;
}

/** A value that whoever builds may choose. */
export interface Param {
  readonly variable: Variable;
  readonly docs: string | undefined;
  readonly fallback: Core | undefined;
  /** Of one that whoever starts a machine chooses. */
  readonly slot: SecretValue | undefined;
}

type ValueDecl = ast.LetDecl | ast.FnDecl | ast.ParamDecl | ast.SecretDecl;

/** What reading declarations needs besides. */
export interface Reading extends Checker {
  /** A part of an appliance, as this file sees appliances. */
  applianceBody(body: ast.Body, unit: Unit, name: string, place: Place): BodyCore;
}

export class UnitDeclarations implements Declarations {
  readonly unit: Unit;
  readonly scope: Scope;
  readonly modules = new Map<string, GrowingModule>();
  readonly interfaces: Interface[] = [];
  readonly diagnostics: LibraryDiagnostic[] = [];
  readonly appliances: ast.ApplianceDecl[] = [];
  readonly targets: ast.TargetDecl[] = [];
  readonly tests: ast.TestDecl[] = [];
  readonly asserts: ast.AssertItem[] = [];
  readonly params: Param[] = [];
  /** In source order; only of declarations that are sound. */
  readonly lets: { readonly variable: Variable; readonly core: Core }[] = [];
  readonly secrets: DeclaredSecret[] = [];
  readonly #checker: Reading;
  readonly #types = new Map<string, Lazy<ast.TypeDecl, Type>>();
  readonly #blocks = new Map<string, Lazy<ast.BlockDecl, Growing>>();
  readonly #modules = new Map<string, ast.ModuleDecl>();
  readonly #fragments = new Map<string, Lazy<ast.FragmentDecl, Fragment>>();
  readonly #values = new Map<string, Lazy<ValueDecl, Entity>>();
  /** Values declared behind this offset may not be used. */
  #position = Number.POSITIVE_INFINITY;

  constructor(unit: Unit, checker: Reading) {
    this.unit = unit;
    this.#checker = checker;
    this.scope = new Scope({ unit, value: (name) => this.#value(name), valueNames: () => this.valueNames() });
    const interfaceDecls = new Map<string, ast.InterfaceDecl>();
    const names = new Map<string, ast.Name>();
    for (const item of unit.ast.items) this.#collect(item, names, interfaceDecls);
    for (const decl of interfaceDecls.values()) this.interfaces.push(this.#interface(decl));
  }

  // ---------------------------------------------------------------------------------------------- collecting

  #collect(item: ast.Top, names: Map<string, ast.Name>, interfaces: Map<string, ast.InterfaceDecl>): void {
    switch (item.kind) {
      case "let":
      case "fn":
      case "secret":
        return this.#own(item.name, `value ${item.name.text}`, names, () =>
          this.#values.set(item.name.text, lazy(item)),
        );
      case "param":
        if (this.unit.library !== undefined)
          this.#checker.error("E0119", item.name.span, { what: "`param`", where: "in a library" });
        return this.#own(item.name, `value ${item.name.text}`, names, () =>
          this.#values.set(item.name.text, lazy(item)),
        );
      case "type":
        return this.#own(item.name, `type ${item.name.text}`, names, () =>
          this.#types.set(item.name.text, lazy(item)),
        );
      case "blockDecl":
        return this.#own(item.name, `type ${item.name.text}`, names, () =>
          this.#blocks.set(item.name.text, lazy(item)),
        );
      case "interfaceDecl":
        return this.#own(item.name, `type ${item.name.text}`, names, () =>
          interfaces.set(item.name.text, item),
        );
      case "moduleDecl":
        return this.#own(item.name, `module ${item.name.text}`, names, () =>
          this.#modules.set(item.name.text, item),
        );
      case "appliance":
        return this.#own(item.name, `appliance ${item.name.text}`, names, () => this.appliances.push(item));
      case "diagnosticDecl":
        this.diagnostics.push({
          code: item.code.text,
          title: plainText(item.title) ?? "",
          docs: item.doc,
          span: item.span,
        });
        return;
      case "fragment":
        return this.#own(item.name, `fragment ${item.name.text}`, names, () =>
          this.#fragments.set(item.name.text, lazy(item)),
        );
      case "target":
        return this.#own(item.name, `target ${item.name.text}`, names, () => this.targets.push(item));
      case "test":
        this.tests.push(item);
        return;
      case "assert":
        this.asserts.push(item);
        return;
      default:
    }
  }

  #own(name: ast.Name, key: string, names: Map<string, ast.Name>, add: () => unknown): void {
    const before = names.get(key);
    if (before) {
      const what = `the ${key.slice(0, key.indexOf(" "))}`;
      this.#checker.error("E0107", name.span, { name: name.text, what }, [
        { span: before.span, text: "first declared here" },
      ]);
      return;
    }
    names.set(key, name);
    add();
  }

  #interface(decl: ast.InterfaceDecl): Interface {
    const name = `${this.unit.library ?? this.unit.path}.${decl.name.text}`;
    let source: string | undefined;
    for (const item of decl.body.items) {
      const value =
        item.kind === "setting" && item.path.head.text === "source" && item.value.kind === "assign"
          ? item.value.value
          : undefined;
      if (value?.kind === "string") source = plainText(value);
      else if (item.kind !== "error")
        this.#checker.error("E0119", item.span, {
          what: "this",
          where: 'in an interface: there is `source = "./file.ts"`',
        });
    }
    return { name, docs: decl.doc, span: decl.name.span, source };
  }

  // ---------------------------------------------------------------------------------------------- reading all

  /** Types, blocks, options, variables and functions. */
  readTypes(): void {
    for (const name of this.#types.keys()) this.type(name);
    for (const name of this.#blocks.keys()) this.block(name);
    for (const [name, decl] of this.#modules) this.modules.set(name, moduleOf(decl, this, this.#checker));
  }

  readValues(): void {
    for (const lazyValue of this.#values.values()) this.#read(lazyValue);
  }

  readQueries(): void {
    for (const [name, module] of this.modules)
      readQueries(this.#modules.get(name)!, module, this, this.#checker);
  }

  readRules(): void {
    for (const { decl, value } of this.#blocks.values())
      if (value) rulesOf(decl, value, undefined, this, this.#checker);
    for (const [name, module] of this.modules) {
      const decl = this.#modules.get(name)!;
      rulesOf(decl, module.type, module, this, this.#checker);
      module.parts = partsOf(decl, module, this, this.#checker);
      module.sizes = sizesOf(decl, module, this, this.#checker);
      module.claims = claimsOf(decl, module, this, this.#checker);
    }
  }

  // ---------------------------------------------------------------------------------------------- by name

  type(name: string): Type | undefined {
    const entry = this.#types.get(name);
    return entry && this.#once(entry, entry.decl.name, errorType, () => this.#typeOf(entry.decl));
  }

  #typeOf(decl: ast.TypeDecl): NamedType {
    const { name, doc: docs } = decl;
    const type = this.#at(decl, () => this.#checker.typeOf(decl.type, this.scope));
    const { library, path, name: own } = this.unit;
    return {
      kind: "named",
      name: name.text,
      library: library ?? path,
      qualifier: library ? own : undefined,
      docs,
      span: name.span,
      type,
    };
  }

  block(name: string): RecordType | undefined {
    const entry = this.#blocks.get(name);
    return (
      entry &&
      this.#once(entry, entry.decl.name, undefined, () =>
        this.#at(entry.decl, () => recordOf(entry.decl, this, this.#checker)),
      )
    );
  }

  /** Reads a declaration once; one that needs itself is reported. */
  #once<D, T, O>(entry: Lazy<D, T>, name: ast.Name, otherwise: O, read: () => T): T | O {
    if (entry.state === "done") return entry.value ?? otherwise;
    if (entry.state === "active") {
      this.#checker.error("E0215", name.span, { name: name.text, isBlock: this.#blocks.has(name.text) });
      return otherwise;
    }
    entry.state = "active";
    entry.value = this.#checker.nest<T | undefined>(name.span, undefined, read);
    entry.state = "done";
    return entry.value ?? otherwise;
  }

  /** Runs a declaration, from whose place on nothing is known yet. */
  #at<T>({ span }: { readonly span: ast.Name["span"] }, run: () => T): T {
    const before = this.#position;
    this.#position = span.start;
    try {
      return run();
    } finally {
      this.#position = before;
    }
  }

  #value(name: string): Entity | undefined {
    const entry = this.#values.get(name);
    if (!entry) return undefined;
    const itself = entry.state === "active";
    if (itself || entry.decl.span.start >= this.#position)
      return { kind: "later", itself: itself || entry.decl.span.start === this.#position };
    return this.#read(entry);
  }

  #read(entry: Lazy<ValueDecl, Entity>): Entity {
    if (entry.state === "done") return entry.value ?? { kind: "broken" };
    entry.state = "active";
    entry.value = this.#checker.nest<Entity>(entry.decl.span, { kind: "broken" }, () =>
      this.#at(entry.decl, () => this.#entity(entry.decl)),
    );
    entry.state = "done";
    return entry.value;
  }

  #entity(decl: ValueDecl): Entity {
    if (decl.kind === "fn") return { kind: "fn", fn: checkFunction(decl, this.scope, this.#checker) };
    if (decl.kind === "param") return this.#param(decl);
    if (decl.kind === "secret") return this.#secret(decl);
    if (decl.kind !== "let") return { kind: "broken" };
    const { core, type } = letValue(decl, this.scope.inside({ reader: "`let`" }), this.#checker);
    if (core.op === "error" && !decl.type) return { kind: "broken" };
    const variable: Variable = { name: decl.name.text, type, span: decl.name.span, role: "let" };
    this.lets.push({ variable, core });
    return { kind: "variable", variable };
  }

  #param(decl: ast.ParamDecl): Entity {
    const { name, type: written, fallback, doc: docs, delivery } = decl;
    if (delivery) return this.#paramAtBoot({ ...decl, delivery });
    const type = this.#checker.typeOf(written, this.scope);
    const scope = this.scope.inside({ reader: "`param`" });
    const core = fallback && this.#checker.check(fallback, { type, subject: name.text }, scope);
    const variable: Variable = { name: name.text, type, span: name.span, role: "param" };
    this.params.push({ variable, docs, fallback: core, slot: undefined });
    return { kind: "variable", variable };
  }

  #paramAtBoot(decl: Parameters<typeof checkSecret>[0] & ast.ParamDecl): Entity {
    const made = checkSecret(decl, this.scope, this.#checker);
    if (!made) return { kind: "broken" };
    const { variable, value } = made;
    const scope = this.scope.inside({ reader: "`param`" });
    const expected = { type: value.holds, subject: value.name };
    const core = decl.fallback && this.#checker.check(decl.fallback, expected, scope);
    this.secrets.push(made);
    this.params.push({ variable, docs: decl.doc, fallback: core, slot: value });
    return { kind: "variable", variable };
  }

  /** Reads every fragment, also those that nobody includes. */
  readFragments(): void {
    for (const name of this.#fragments.keys()) this.fragment(name);
  }

  /** Undefined if there is none of this name, or if it includes itself: that has been reported then. */
  fragment(name: string): Fragment | undefined {
    const entry = this.#fragments.get(name);
    if (!entry) return undefined;
    if (entry.state === "done") return entry.value;
    if (entry.state === "active") {
      const active = [...this.#fragments].filter(([, { state }]) => state === "active").map(([each]) => each);
      const cycle = [...active.slice(active.indexOf(name)), name];
      this.#checker.error("E0412", entry.decl.name.span, { cycle });
      return undefined;
    }
    entry.state = "active";
    const { body } = entry.decl;
    entry.value = this.#checker.nest<Fragment | undefined>(entry.decl.name.span, undefined, () => ({
      name,
      body: this.#checker.applianceBody(body, this.unit, name, "fragment"),
    }));
    entry.state = "done";
    return entry.value;
  }

  isFragment(name: string): boolean {
    return this.#fragments.has(name);
  }

  fragmentNames(): readonly string[] {
    return [...this.#fragments.keys()];
  }

  #secret(decl: ast.SecretDecl): Entity {
    const made = checkSecret(decl, this.scope, this.#checker);
    if (!made) return { kind: "broken" };
    const { variable, value } = made;
    this.secrets.push(made);
    this.lets.push({ variable, core: { op: "const", span: decl.span, value } });
    return { kind: "variable", variable };
  }

  isType(name: string): boolean {
    return this.#types.has(name) || this.#blocks.has(name);
  }

  typeNames(): readonly string[] {
    return [...this.#types.keys()];
  }

  isReferable(name: string): boolean {
    return this.#blocks.has(name) || this.isInterface(name) || this.#modules.get(name)?.label !== undefined;
  }

  blockNames(): readonly string[] {
    return [...this.#blocks.keys()];
  }

  isInterface(name: string): boolean {
    return this.unit.ast.items.some((item) => item.kind === "interfaceDecl" && item.name.text === name);
  }

  interfaceNames(): readonly string[] {
    return this.unit.ast.items.flatMap((item) => (item.kind === "interfaceDecl" ? [item.name.text] : []));
  }

  valueNames(): readonly string[] {
    return [...this.#values.keys()];
  }

  diagnosticCodes(): ReadonlySet<string> {
    return new Set(this.diagnostics.map(({ code }) => code));
  }

  /** The type of the labels of what a reference can name. */
  labelOf(name: string): Type | undefined {
    const block = this.block(name) ?? this.modules.get(name)?.type;
    return block ? (block.label ?? scalar("Str")) : undefined;
  }
}

const lazy = <D, T>(decl: D): Lazy<D, T> => ({ decl, state: "new", value: undefined });
