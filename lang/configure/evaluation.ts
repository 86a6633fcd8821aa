/** Phases 4 to 8 for one target: values, definitions, the finished configuration, rules, and which modules it uses. */
import type { Variable, WhenCore } from "../check/core.ts";
import type { UnitDeclarations } from "../check/declarations.ts";
import type { Unit } from "../check/unit.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Draft, isFaulty } from "../evaluate/draft.ts";
import { expandAll } from "../evaluate/expand.ts";
import { finish } from "../evaluate/finish.ts";
import { Machine, type Surroundings } from "../evaluate/machine.ts";
import { isSmallMachine } from "../evaluate/operations/builtins-machine.ts";
import { Stop } from "../evaluate/stop.ts";
import type * as ast from "../syntax/ast.ts";
import { compareText } from "../values/compare.ts";
import type { RecordValue, Value } from "../values/value.ts";
import { boardOf } from "./board.ts";
import { checkClaims } from "./claims.ts";
import type { Configuration, Library, ModuleDecl } from "./configuration.ts";
import { type Counter, count } from "./counters.ts";
import { defaultSettings } from "./defaults.ts";
import { type BoardOfTarget, checkDevices } from "./devices.ts";
import { ask, providerOf } from "./facts.ts";
import type { Checked, CheckedAppliance, Front } from "./front.ts";
import { paramValue } from "./params.ts";
import type { Request } from "./request.ts";
import { runAsserts, runRules } from "./rules.ts";
import { secretsOf } from "./secrets.ts";
import { modulesUsed } from "./select.ts";
import { skippedBlocks } from "./skipped.ts";
import type { Target } from "./target.ts";
import type { Evaluated } from "./watch.ts";

/** An appliance on a target with nothing left open. */
export interface Finished {
  readonly draft: Draft;
  readonly settings: RecordValue;
  /** Numbers that are kept in the lock. */
  readonly counters: readonly Counter[];
}

/** What an appliance is on one target, for others. */
export interface Shared {
  readonly finished: Finished;
  /** What was found on the way. */
  readonly settled: readonly Diagnostic[];
  readonly values: ReadonlyMap<Variable, Value>;
  readonly passedOver: ReadonlySet<WhenCore>;
  /** Which module was asked for what an interface says. */
  readonly asked: ReadonlyMap<string, ModuleDecl | undefined>;
  /** For small machines, or for others; undefined: for all. */
  readonly isSmall: boolean | undefined;
}

type Fact = Surroundings["fact"];

export class Evaluation {
  readonly machine: Machine;
  readonly diagnostics: Diagnostic[] = [];
  settled: readonly Diagnostic[] = [];
  readonly #front: Front;
  readonly #checked: Checked;
  readonly #target: Target;
  readonly #request: Request;
  #fact: Fact = () => undefined;
  /** What modules of each appliance say of themselves, if there are several at once. */
  readonly #facts = new Map<Variable, Fact>();
  /** What `target` is; undefined if that failed. */
  #record: RecordValue | undefined;
  /** Files that the appliance can see modules of. */
  #reachable: ReadonlySet<Unit> = new Set();
  #ofTarget: ReadonlySet<Unit> = new Set();
  #backend: string | undefined;
  readonly #asked = new Map<string, ModuleDecl | undefined>();
  #provider: (interfaceName: string) => ModuleDecl | undefined = () => undefined;

  constructor(front: Front, checked: Checked, target: Target, request: Request) {
    this.#front = front;
    this.#checked = checked;
    this.#target = target;
    this.#request = request;
    const around = front.surroundings(
      (diagnostic) => this.diagnostics.push(diagnostic),
      (...asked) => this.#fact(...asked),
    );
    const enter = (variable: Variable) => {
      this.#fact = this.#facts.get(variable) ?? this.#fact;
    };
    this.machine = new Machine({ ...around, enter }, request.limits);
  }

  /** Phase 4: params, the target, and what files declare. */
  static(): void {
    const { machine } = this;
    const { params, given, targets, root, asserts } = this.#checked;
    machine.later(targets.variable, () => targets.value(this.#target, machine));
    for (const param of params)
      machine.later(param.variable, () => paramValue(param, given, this.#target, machine));
    for (const { lets } of this.#front.checker.all())
      for (const { variable, core } of lets) machine.later(variable, () => machine.evaluate(core));
    const record = machine.attempt(() => machine.valueOf(targets.variable, root.ast.span));
    if (record?.kind === "record") this.#record = record;
    machine.traced = targets.variable;
    machine.isSmall = isSmallMachine(record);
    this.#bringBackend();
    for (const { variable } of params) machine.attempt(() => machine.valueOf(variable, variable.span));
    for (const { lets, unit } of this.#front.checker.all())
      if (unit.library === undefined)
        for (const { variable } of lets) machine.attempt(() => machine.valueOf(variable, variable.span));
    runAsserts(asserts, machine);
  }

  /** The libraries of the backend that the board is for; what their values are is known from here on. */
  #bringBackend(): void {
    const { loader, checker } = this.#front;
    const { targets, root } = this.#checked;
    this.#backend = targets.backendOf(this.#target, this.#record);
    const paths = (this.#backend && this.#request.machines.librariesOf(this.#backend)) || [];
    const brought = paths.map((path) => {
      const unit = loader.library(path);
      if (!unit)
        throw new Error(`BUG: the target \`${this.#target.name}\` brings \`${path}\`, which does not exist`);
      return unit;
    });
    const before = new Set(checker.all());
    checker.read(loader.units);
    for (const each of checker.all())
      if (!before.has(each))
        for (const { variable, core } of each.lets)
          this.machine.later(variable, () => this.machine.evaluate(core));
    this.#ofTarget = new Set(brought);
    this.#reachable = closure([root, ...brought]);
  }

  /** Phases 5 to 7, for a test: from then on the variable stands for the appliance. */
  finishFor(variable: Variable, appliance: CheckedAppliance): void {
    const { settings } = this.finish(appliance);
    this.#facts.set(variable, this.#fact);
    this.machine.values.set(variable, settings);
  }

  /** Phases 5 to 7. `elsewhere`: the same on another target, which is taken over where it cannot differ. */
  finish(appliance: CheckedAppliance, elsewhere?: Shared): Finished {
    const finished = (elsewhere && this.#takeOver(elsewhere, appliance)) ?? this.#settle(appliance);
    checkDevices(finished.draft, this.#boardOf(this.#target), this.#otherBoards(), this.machine);
    return finished;
  }

  /** What other targets may take over; undefined if something in it depends on this one. */
  shared(finished: Finished): Shared | undefined {
    if (this.machine.tracedWasRead || this.machine.isExhausted || !this.#isPlain) return undefined;
    const { machine, settled } = this;
    const { values, passedOver, sizeWasRead } = machine;
    const isSmall = sizeWasRead ? machine.isSmall : undefined;
    return { finished, settled, values, passedOver, asked: this.#asked, isSmall };
  }

  /** A target that says nothing about params and appliances. */
  get #isPlain(): boolean {
    return this.#target.changes === undefined && this.#target.set.size === 0;
  }

  #takeOver(shared: Shared, appliance: CheckedAppliance): Finished | undefined {
    const { machine } = this;
    if (!this.#isPlain || machine.isExhausted) return undefined;
    if (shared.isSmall !== undefined && shared.isSmall !== machine.isSmall) return undefined;
    machine.sizeWasRead ||= shared.isSmall !== undefined;
    const { draft, settings } = shared.finished;
    this.#offerFacts(settings, appliance, draft);
    for (const [interfaceName, module] of shared.asked)
      if (this.#provider(interfaceName) !== module) return undefined;
    for (const [variable, value] of shared.values)
      if (!machine.values.has(variable)) machine.values.set(variable, value);
    for (const when of shared.passedOver) machine.passedOver.add(when);
    this.diagnostics.push(...shared.settled);
    return shared.finished;
  }

  #settle(appliance: CheckedAppliance): Finished {
    const { machine } = this;
    const { type } = this.#checked;
    const before = this.diagnostics.length;
    const draft = new Draft(type.type, "");
    expandAll(appliance.body, draft, machine);
    if (this.#target.changes) expandAll(this.#target.changes, draft, machine);
    const settings = finish(draft, {
      machine,
      around: appliance.span,
      appliance: appliance.name,
      refs: true,
    });
    const { locked = false, day } = this.#request;
    const { lock } = this.#front.loader.lock;
    const counters = count(draft, { appliance: appliance.name, lock, day, locked }, machine);
    this.#offerFacts(settings, appliance, draft);
    runRules(draft, machine);
    this.settled = this.diagnostics.slice(before);
    return { draft, settings, counters };
  }

  #boardOf(target: Target): BoardOfTarget {
    const { machine } = this;
    const { targets } = this.#checked;
    const record =
      target === this.#target ? this.#record : machine.attempt(() => targets.value(target, machine));
    const setting = target.body?.items.find((it) => it.item === "set" && it.member.name === "board");
    const written = setting?.item === "set" ? machine.around.textOf(setting.value.span) : undefined;
    const board = record && boardOf(record, written);
    return { target: target.name, board };
  }

  #otherBoards(): readonly BoardOfTarget[] {
    const { chosen } = this.#checked;
    return chosen.filter((it) => it !== this.#target).map((it) => this.#boardOf(it));
  }

  /** What an editor keeps of it. */
  watched({ draft, settings }: Finished, appliance: CheckedAppliance): Evaluated {
    const { board } = this.#boardOf(this.#target);
    return { appliance, target: this.#target.name, machine: this.machine, draft, settings, board };
  }

  /** Phase 8. */
  configuration({ settings }: Finished, appliance: CheckedAppliance): Configuration {
    const { params, given } = this.#checked;
    const modules = modulesUsed(this.#checked.type.known, settings, this.machine);
    if (this.diagnostics.every(({ severity }) => severity !== "error"))
      checkClaims(modules, (span) => this.#front.unitOf(span)?.library === undefined, this.machine);
    return {
      appliance: { name: appliance.name, span: appliance.span },
      target: this.#target.name,
      targetSpan: this.#target.span,
      backend: this.#backend ?? this.#target.name,
      machine: this.#record,
      params: new Map(
        params.flatMap(({ variable, slot }) => {
          if (slot) return [];
          const value = this.machine.values.get(variable);
          return value ? [[variable.name, value] as const] : [];
        }),
      ),
      givenParams: [...given.keys()].filter(({ slot }) => !slot).map(({ variable }) => variable.name),
      names: this.#checked.type.known,
      modules,
      skipped: skippedBlocks(this.machine.passedOver, this.#checked.type.known),
      secrets: this.#front.checker.all().some(({ secrets }) => secrets.length > 0) ? secretsOf(modules) : [],
      declarations: this.#modules(),
      libraries: this.#libraries(),
    };
  }

  /** From here on, rules may read what is finished. */
  #offerFacts(settings: RecordValue, appliance: CheckedAppliance, draft: Draft): void {
    const { machine } = this;
    const selves = new Map<ModuleDecl, Value>();
    const faulty = new Set<ModuleDecl>();
    for (const { name, module } of this.#checked.type.known) {
      const { selfVariable } = module.type;
      const value = settings.fields.get(name);
      const there = value && value.kind !== "none" && !(value.kind === "map" && value.entries.size === 0);
      if (there) selves.set(module, value);
      const field = draft.fields.get(name);
      if (field && isFaulty(field)) faulty.add(module);
      if (!selfVariable) continue;
      if (there) machine.values.set(selfVariable, value);
      else machine.values.delete(selfVariable);
    }
    const used = new Set([...selves.keys()].map(({ path }) => path));
    const modules = this.#modules();
    const brought = new Set([...this.#ofTarget].map(({ library }) => library));
    this.#provider = (interfaceName) =>
      providerOf(interfaceName, modules, used, ({ library }) => brought.has(library));
    this.#fact = (interfaceName, query, args) => {
      const module = this.#provider(interfaceName);
      this.#asked.set(interfaceName, module);
      if (!module) return undefined;
      if (faulty.has(module)) throw new Stop();
      const self =
        selves.get(module) ??
        (used.has(module.path) ? undefined : defaultSettings(module, appliance.span, machine));
      return ask({ module, self }, query, args, machine);
    };
  }

  #declarations(): readonly UnitDeclarations[] {
    return this.#front.checker.all().filter(({ unit }) => this.#reachable.has(unit));
  }

  #modules(): readonly ModuleDecl[] {
    const modules = this.#declarations().flatMap((declarations) => [...declarations.modules.values()]);
    return modules.sort((a, b) => compareText(a.path, b.path));
  }

  #libraries(): readonly Library[] {
    const found: Library[] = [];
    for (const { unit, interfaces, diagnostics } of this.#declarations()) {
      if (unit.library === undefined) continue;
      const decl = unit.ast.items.find((item): item is ast.LibraryDecl => item.kind === "library");
      found.push({
        path: unit.library,
        file: unit.path,
        docs: decl?.doc,
        interfaces,
        diagnostics,
        ofTarget: this.#ofTarget.has(unit),
      });
    }
    return found.sort((a, b) => compareText(a.path, b.path));
  }
}

/** The files and all that they use. */
function closure(units: readonly Unit[]): ReadonlySet<Unit> {
  const found = new Set<Unit>();
  const pending = [...units];
  for (let unit = pending.pop(); unit; unit = pending.pop()) {
    if (found.has(unit)) continue;
    found.add(unit);
    pending.push(...[...unit.imports.values()].map((used) => used.unit));
  }
  return found;
}
