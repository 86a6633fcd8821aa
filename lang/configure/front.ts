/** Phases 1 to 3: from texts to a description that is checked, for all its appliances and targets. */
import type { AssertCore, BodyCore, Variable } from "../check/core.ts";
import type { Param, UnitDeclarations } from "../check/declarations.ts";
import { WholeChecker } from "../check/new-checker.ts";
import { checkAssert } from "../check/rules.ts";
import type { Unit } from "../check/unit.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Machine, type Surroundings } from "../evaluate/machine.ts";
import { Sources } from "../source/sources.ts";
import type { Span } from "../source/span.ts";
import type { SourceText } from "../source/text.ts";
import type * as ast from "../syntax/ast.ts";
import type { RecordType } from "../types/type.ts";
import { ApplianceType } from "./appliance.ts";
import { Loader } from "./load.ts";
import { type Given, givenParams } from "./params.ts";
import type { Request } from "./request.ts";
import { reviewSecrets } from "./secrets.ts";
import { type Target, Targets } from "./target.ts";

/** An appliance whose body is checked. */
export interface CheckedAppliance {
  readonly name: string;
  readonly span: Span;
  readonly body: BodyCore;
}

export interface Checked {
  readonly root: Unit;
  readonly type: ApplianceType;
  readonly appliances: readonly CheckedAppliance[];
  readonly targets: Targets;
  readonly chosen: readonly Target[];
  readonly params: readonly Param[];
  readonly given: Given;
  readonly asserts: readonly AssertCore[];
  readonly tests: readonly ast.TestDecl[];
  /** What trials in tests are; undefined if no test has one. */
  readonly trial: RecordType | undefined;
}

export class Front {
  readonly loader: Loader;
  readonly checker: WholeChecker;
  readonly #request: Request;
  readonly #sources: Sources;
  readonly #report: (diagnostic: Diagnostic) => void;
  readonly #further: SourceText | undefined;
  /** Something was said of a library. */
  #isLibraryFaulty = false;

  /** `further` is a text that spans are in, too, and that is no file. */
  constructor(request: Request, report: (diagnostic: Diagnostic) => void, further?: SourceText) {
    this.#request = request;
    this.#further = further;
    const { kept } = request;
    this.loader = new Loader(request);
    this.#sources = new Sources(this.loader);
    this.#report = (diagnostic) => {
      this.#isLibraryFaulty ||= this.unitOf(diagnostic.primary.span)?.library !== undefined;
      if (!this.loader.followsFromUse(diagnostic)) report(diagnostic);
    };
    const around = this.surroundings(this.#report, () => undefined);
    const machine = new Machine(around, request.limits);
    this.checker = new WholeChecker({
      machine,
      report: this.#report,
      where: around.where,
      textOf: around.textOf,
      recorder: request.watch,
      kept: kept && {
        of: (units, read) => kept.of(units, read),
        remember: (units, read) => {
          if (!this.#isLibraryFaulty) kept.remember(units, read);
        },
      },
    });
  }

  /** What an evaluation sees of the texts. */
  surroundings(report: Surroundings["report"], fact: Surroundings["fact"]): Surroundings {
    return {
      report,
      fact,
      where: (span) => this.#where(span),
      textOf: (span) => this.#sourceOf(span)?.text.slice(span.start, span.end) ?? "",
      read: (path) => this.loader.read(path),
      list: (path) => this.loader.list(path),
      bound: this.#request.watch && ((...what) => this.#request.watch!.bound(...what)),
    };
  }

  /** The file that a span is in. */
  unitOf({ source }: Pick<Span, "source">): Unit | undefined {
    return this.loader.units.find(({ path }) => path === source);
  }

  /** Also of data that the description reads. */
  #sourceOf(span: Span): SourceText | undefined {
    if (span.source === this.#further?.path) return this.#further;
    return this.unitOf(span)?.source ?? this.#sources.text(span.source);
  }

  #where(span: Span): string {
    const position = this.#sourceOf(span)?.position(span.start);
    return position ? `${span.source}:${position.line}:${position.column}` : span.source;
  }

  /** Undefined if there is nothing to evaluate: the reasons are reported. */
  check(): Checked | undefined {
    const { path, libraries, machines } = this.#request;
    const { loader, checker } = this;
    const root = loader.root(path);
    const board = machines.target && loader.library(machines.target.library);
    const { trial } = machines;
    const trials = trial && root && hasTrial(root.ast.items, trial.word) && loader.library(trial.library);
    if (!root) {
      this.#reportLoading();
      return undefined;
    }
    const users = loader.units.filter(({ library }) => library === undefined);
    const type = new ApplianceType(root, loader, libraries, checker);
    for (const unit of users) type.prepare(unit);
    this.#reportLoading();
    checker.recall(loader.units);
    const block = board && checker.declarations(board).block(machines.target!.block);
    checker.appliance = type;
    const targets = new Targets(root, machines, block, checker);
    for (const unit of users) checker.declarations(unit).scope.declare(targets.variable);
    checker.read(loader.units);
    type.view(root); // first: the configuration calls modules as the description does
    for (const unit of users) checker.declarations(unit).readFragments();
    const declarations = checker.declarations(root);
    const params = users.flatMap((unit) => checker.declarations(unit).params);
    const appliances = declarations.appliances.map(({ name, body }) => ({
      name: name.text,
      span: name.span,
      body: checker.applianceBody(body, root, name.text, "appliance"),
    }));
    const checked = new Map(declarations.targets.map((decl) => [decl, targets.check(decl, params)]));
    const asserts = users.flatMap((unit) => this.#asserts(checker.declarations(unit)));
    const secrets = users.flatMap((unit) => checker.declarations(unit).secrets);
    if (loader.diagnostics.length === 0) reviewSecrets(secrets, declarations.secrets, checker);
    const { params: written = {}, startsMachines = false } = this.#request;
    const given = givenParams(written, params, declarations.scope, root.ast.span, checker, startsMachines);
    const chosen = targets
      .chosen(this.#request, declarations.targets)
      .map((it) => ("kind" in it ? checked.get(it)! : targets.known(it, this.#board(it.board))));
    return {
      root,
      type,
      appliances: this.#choose(root, appliances),
      targets,
      chosen,
      params,
      given,
      asserts,
      tests: declarations.tests,
      trial: trials ? checker.declarations(trials).block(trial!.block) : undefined,
    };
  }

  get trialWord(): string | undefined {
    return this.#request.machines.trial?.word;
  }

  #reportLoading(): void {
    for (const diagnostic of this.loader.diagnostics) this.#report(diagnostic);
  }

  #asserts({ asserts, scope }: UnitDeclarations): readonly AssertCore[] {
    return asserts.map((item) => checkAssert(item, scope, this.checker));
  }

  #board(board: { readonly library: string; readonly name: string } | undefined): Variable | undefined {
    const unit = board && this.loader.library(board.library);
    if (!unit) return undefined;
    this.checker.read(this.loader.units);
    const entity = this.checker.declarations(unit).scope.find(board.name);
    return entity?.kind === "variable" ? entity.variable : undefined;
  }

  #choose(root: Unit, appliances: readonly CheckedAppliance[]): readonly CheckedAppliance[] {
    const { appliance: wanted } = this.#request;
    const found = wanted === undefined ? appliances : appliances.filter(({ name }) => name === wanted);
    if (found.length > 0 || this.#broken(root, appliances)) return found;
    const start = { ...root.ast.span, end: root.ast.span.start };
    this.checker.error("E0116", start, { wanted, appliances: appliances.map(({ name }) => name) });
    return [];
  }

  /** What could not be read may have been the appliance. */
  #broken(root: Unit, appliances: readonly CheckedAppliance[]): boolean {
    const unread = this.loader.diagnostics.some(
      ({ severity, primary }) => severity === "error" && primary.span.source === root.path,
    );
    const { items } = root.ast;
    return (
      appliances.length === 0 &&
      (items.some(({ kind }: ast.Top) => kind === "error") || (items.length === 0 && unread))
    );
  }
}

/** A library for trials is not read for nothing. */
const hasTrial = (items: readonly ast.Top[], word: string): boolean =>
  items.some((item) => item.kind === "test" && item.body.items.some((inner) => isTrial(inner, word)));

/** A block of this name, directly in a test. */
export const isTrial = (item: ast.Item, word: string | undefined): item is ast.Setting =>
  item.kind === "setting" && item.path.head.text === word;
