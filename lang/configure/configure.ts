/** The description of one appliance on one target: from texts to a configuration, or to what is wrong with them. */
import type { BodyCore } from "../check/core.ts";
import { WholeChecker } from "../check/new-checker.ts";
import type { Growing } from "../check/record-type.ts";
import type { Unit } from "../check/unit.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { inOrder } from "../diagnostics/order.ts";
import { Draft } from "../evaluate/draft.ts";
import { expand } from "../evaluate/expand.ts";
import { finish } from "../evaluate/finish.ts";
import { type Limits, Machine, type Surroundings } from "../evaluate/machine.ts";
import type { Files } from "../source/files.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { compareText } from "../values/compare.ts";
import type { RecordValue, Value } from "../values/value.ts";
import {
  applianceType,
  blockHeads,
  type Known,
  loadUnused,
  modulesInUse,
  reportUnused,
} from "./appliance.ts";
import { boardOf } from "./board.ts";
import { checkClaims } from "./claims.ts";
import type { Configuration, Library, ModuleDecl, ModuleUse } from "./configuration.ts";
import { type Counter, count, type Day } from "./counters.ts";
import { defaultSettings, useByDefault } from "./defaults.ts";
import { checkDevices } from "./devices.ts";
import { ask, providerOf } from "./facts.ts";
import type { Libraries } from "./libraries.ts";
import { Loader } from "./load.ts";
import { runRules } from "./rules.ts";
import { modulesUsed } from "./select.ts";
import { targetVariable } from "./target.ts";

export interface Request {
  /** The description, as `files` knows it. */
  readonly path: string;
  readonly files: Files;
  readonly libraries: Libraries;
  /** Which of several; may be left out if there is only one. */
  readonly appliance?: string | undefined;
  readonly target: Target;
  readonly limits?: Limits | undefined;
  /** Nothing may differ from the lock. */
  readonly locked?: boolean | undefined;
  /** What numbers that are counted in the lock begin with; without it they stay as they are. */
  readonly day?: Day | undefined;
}

export interface Target {
  readonly name: string;
  /** What a description sees as `target`: a record. */
  readonly record: Value;
  /** Library paths that the backend brings; their modules win over others that offer the same. */
  readonly libraries: readonly string[];
}

export interface Configured {
  /** Undefined if there are errors. */
  readonly configuration: Configuration | undefined;
  /** In the order in which they are to be shown. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file and library text that was asked for, also those that do not exist; folders end with `/`. */
  readonly reads: readonly string[];
  /** Numbers that are kept in the lock. Complete if there is a configuration. */
  readonly counters: readonly Counter[];
}

/** Never throws for what is wrong in a text, and ends for every text: evaluation counts its steps. */
export function configure(request: Request): Configured {
  const run = new Run(request);
  const configuration = run.configuration();
  const diagnostics = inOrder(rootFirst(run.diagnostics, request.path));
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return {
    configuration: failed ? undefined : configuration,
    diagnostics,
    reads: [...run.loader.reads],
    counters: run.counters,
  };
}

/** The user's own file before those of libraries. */
function rootFirst(diagnostics: readonly Diagnostic[], path: string): readonly Diagnostic[] {
  const own = ({ primary }: Diagnostic): boolean => primary.span.source === path;
  return [...diagnostics.filter(own), ...diagnostics.filter((it) => !own(it))];
}

const machines = new WeakMap<Configuration, Machine>();

/**
 * A module that no block of the description asks for, with its defaults. `by` says in a message who needs it. The diagnostics are empty if
 * there is a use.
 */
export function evaluateDefaults(
  configuration: Configuration,
  module: ModuleDecl,
  by: string,
  because: Span,
): { readonly use: ModuleUse | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const machine = machines.get(configuration);
  if (!machine) throw new Error("BUG: not a configuration that was made by `configure`");
  const { use, diagnostic } = useByDefault(module, { by, span: because }, machine);
  return { use, diagnostics: diagnostic ? [diagnostic] : [] };
}

class Run {
  readonly diagnostics: Diagnostic[] = [];
  readonly loader: Loader;
  counters: readonly Counter[] = [];
  readonly #request: Request;
  readonly #machine: Machine;
  readonly #checker: WholeChecker;
  #fact: Surroundings["fact"] = () => undefined;

  constructor(request: Request) {
    this.#request = request;
    this.loader = new Loader(request.files, request.libraries);
    const report = (diagnostic: Diagnostic) => this.diagnostics.push(diagnostic);
    const where = (span: Span) => this.#where(span);
    const textOf = (span: Span) => this.#unit(span)?.source.text.slice(span.start, span.end) ?? "";
    const read = (path: string) => this.loader.read(path);
    const fact: Surroundings["fact"] = (...asked) => this.#fact(...asked);
    const list = (path: string) => this.loader.list(path);
    this.#machine = new Machine({ report, where, textOf, read, list, fact }, request.limits);
    this.#checker = new WholeChecker({ machine: this.#machine, report, where, textOf });
  }

  configuration(): Configuration | undefined {
    const { path, libraries, target } = this.#request;
    for (const library of target.libraries)
      if (!this.loader.library(library, true))
        throw new Error(`BUG: the target \`${target.name}\` brings \`${library}\`, which does not exist`);
    const root = this.loader.root(path);
    if (!root) {
      this.diagnostics.push(...this.loader.diagnostics);
      return undefined;
    }
    const heads = blockHeads(root);
    const unused = loadUnused(root, heads, this.loader, libraries);
    this.diagnostics.push(...this.loader.diagnostics);
    for (const head of heads) this.#checker.heads.add(head);
    const checked = this.#check(root, unused);
    return checked && this.#evaluate(root, checked);
  }

  #unit({ source }: Span): Unit | undefined {
    return this.loader.units.find(({ path }) => path === source);
  }

  #where(span: Span): string {
    const position = this.#unit(span)?.source.position(span.start);
    return position ? `${span.source}:${position.line}:${position.column}` : span.source;
  }

  // ---------------------------------------------------------------------------------------------- phase 3

  #check(root: Unit, unused: ReadonlyMap<string, readonly Unit[]>): Checked | undefined {
    const checker = this.#checker;
    const declarations = checker.declarations(root);
    const target = targetVariable(this.#request.target.record, root.ast.span);
    declarations.scope.declare(target);
    this.#machine.values.set(target, this.#request.target.record);
    checker.read(this.loader.units);
    const known = [...modulesInUse(root, checker)];
    for (const { name } of known) checker.heads.add(name);
    const type = applianceType(root, known, checker);
    const report = reportUnused(root, type, known, unused, this.#request.libraries, checker);
    checker.unused = (name) => {
      const settable = report(name);
      const module =
        settable &&
        [...(unused.get(name.text) ?? [])].map((unit) =>
          checker.declarations(unit).modules.get(name.text),
        )[0];
      if (module) known.push({ name: name.text, module });
      return settable;
    };
    const bodies = new Map<ast.ApplianceDecl, BodyCore>();
    for (const appliance of declarations.appliances)
      bodies.set(
        appliance,
        checker.body(
          appliance.body.items,
          appliance.body.span,
          type,
          declarations.scope,
          appliance.name.text,
        ),
      );
    const appliance = this.#choose(root, declarations.appliances);
    return appliance && { appliance, body: bodies.get(appliance)!, type, known };
  }

  #choose(root: Unit, appliances: readonly ast.ApplianceDecl[]): ast.ApplianceDecl | undefined {
    const { appliance: wanted } = this.#request;
    const found =
      wanted === undefined
        ? appliances.length === 1
          ? appliances[0]
          : undefined
        : appliances.find(({ name }) => name.text === wanted);
    if (found) return found;
    // What could not be read may have been the appliance.
    const unread = this.loader.diagnostics.some(
      ({ severity, primary }) => severity === "error" && primary.span.source === root.path,
    );
    const broken =
      appliances.length === 0 &&
      (root.ast.items.some(({ kind }) => kind === "error") || (root.ast.items.length === 0 && unread));
    if (broken) return undefined;
    const span =
      wanted === undefined
        ? (appliances[1]?.name.span ?? { ...root.ast.span, end: root.ast.span.start })
        : { ...root.ast.span, end: root.ast.span.start };
    this.#checker.error("E0116", span, { wanted, appliances: appliances.map(({ name }) => name.text) });
    return undefined;
  }

  // ---------------------------------------------------------------------------------------------- phases 4 to 8

  #evaluate(root: Unit, { appliance, body, type, known }: Checked): Configuration | undefined {
    const machine = this.#machine;
    for (const { lets } of this.#checker.all())
      for (const { variable, core } of lets) {
        const value = machine.attempt(() => machine.evaluate(core));
        if (value) machine.values.set(variable, value);
      }
    const draft = new Draft(type, "");
    expand(body, draft, machine);
    const settings = finish(draft, { machine, around: appliance.name.span, refs: true });
    const { locked = false, day } = this.#request;
    const { lock } = this.loader.lock;
    this.counters = count(draft, { appliance: appliance.name.text, lock, day, locked }, machine);
    this.#offerFacts(known, settings, appliance);
    runRules(draft, machine);
    const { name: target, record } = this.#request.target;
    checkDevices(draft, { target, board: boardOf(record) }, [], machine);
    const modules = modulesUsed(known, settings, machine);
    if (this.diagnostics.every(({ severity }) => severity !== "error"))
      checkClaims(modules, (span) => this.#unit(span)?.library === undefined, machine);
    const configuration: Configuration = {
      appliance: { name: appliance.name.text, span: appliance.name.span },
      target: this.#request.target.name,
      modules,
      declarations: this.#modules(),
      libraries: this.#libraries(root),
    };
    machines.set(configuration, machine);
    return configuration;
  }

  /** From here on, rules may read what is finished. */
  #offerFacts(known: readonly Known[], settings: RecordValue, appliance: ast.ApplianceDecl): void {
    const machine = this.#machine;
    const selves = new Map<ModuleDecl, Value>();
    for (const { name, module } of known) {
      const value = settings.fields.get(name);
      if (!value || value.kind === "none" || (value.kind === "map" && value.entries.size === 0)) continue;
      selves.set(module, value);
      if (module.type.selfVariable) machine.values.set(module.type.selfVariable, value);
    }
    const used = new Set([...selves.keys()].map(({ path }) => path));
    const modules = this.#modules();
    const ofTarget = ({ library }: ModuleDecl) =>
      this.loader.units.some((unit) => unit.library === library && unit.ofTarget);
    this.#fact = (interfaceName, query, args) => {
      const module = providerOf(interfaceName, modules, used, ofTarget);
      if (!module) return undefined;
      const self =
        selves.get(module) ??
        (used.has(module.path) ? undefined : defaultSettings(module, appliance.name.span, machine));
      return ask({ module, self }, query, args, machine);
    };
  }

  #modules(): readonly ModuleDecl[] {
    const modules = this.#checker.all().flatMap((declarations) => [...declarations.modules.values()]);
    return modules.sort((a, b) => compareText(a.path, b.path));
  }

  #libraries(root: Unit): readonly Library[] {
    const found: Library[] = [];
    for (const { unit, interfaces, diagnostics } of this.#checker.all()) {
      if (unit === root || unit.library === undefined) continue;
      const decl = unit.ast.items.find((item): item is ast.LibraryDecl => item.kind === "library");
      found.push({
        path: unit.library,
        file: unit.path,
        docs: decl?.doc,
        interfaces,
        diagnostics,
        ofTarget: unit.ofTarget,
      });
    }
    return found.sort((a, b) => compareText(a.path, b.path));
  }
}

interface Checked {
  readonly appliance: ast.ApplianceDecl;
  readonly body: BodyCore;
  readonly type: Growing;
  readonly known: readonly Known[];
}
