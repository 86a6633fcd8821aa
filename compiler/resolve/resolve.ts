/** Configuration → plan: from the blocks that are used and what the target asks for, along the needs, until nothing is missing. */
import type { Configuration, Diagnostic, Library, ModuleDecl, ModuleUse, Need, Span } from "#lang";
import { chipsOf } from "./chips.ts";
import { ambiguous, circular, missing } from "./diagnostics.ts";
import type { Plan, PlannedModule, Reason } from "./plan.ts";

export type Resolution = { readonly plan: Plan } | { readonly diagnostics: readonly Diagnostic[] };

export interface ResolveOptions {
  /** Interfaces that the target needs for itself: its event loop, its clock. */
  readonly roots: readonly string[];
  /** Settings of a module without a block: all defaults, or what it cannot do without. */
  readonly defaults: (module: ModuleDecl, reason: Reason, block: Asking | undefined) => Defaults;
  /** Interfaces that the board has nothing for, whoever offers them. */
  readonly without?: ReadonlySet<string>;
  /** What nobody offers is passed over, and everything else is planned: for a backend that is not there yet. */
  readonly partial?: boolean;
}

/** A block of the description that leads to a need. */
export interface Asking {
  /** Path of its module. */
  readonly module: string;
  readonly span: Span;
}

export interface Defaults {
  readonly use: ModuleUse | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Every module that is needed and no other; or an interface that nobody offers, two modules that offer the same, a circle. */
export function resolve(
  configuration: Configuration,
  options: ResolveOptions & { readonly partial: true },
): { readonly plan: Plan };
export function resolve(configuration: Configuration, options: ResolveOptions): Resolution;
export function resolve(configuration: Configuration, options: ResolveOptions): Resolution {
  return new Resolver(configuration, options).run();
}

interface Draft {
  readonly module: ModuleDecl;
  readonly use: ModuleUse;
  readonly bindings: Map<string, string>;
  readonly reasons: Reason[];
}

class Resolver {
  readonly #configuration: Configuration;
  readonly #options: ResolveOptions;
  readonly #libraries: ReadonlyMap<string, Library>;
  readonly #uses: ReadonlyMap<string, ModuleUse>;
  readonly #chips: ReadonlySet<string>;
  readonly #drafts = new Map<string, Draft>();
  readonly #order: string[] = [];
  /** Modules whose needs are being followed, with the reason that led to each. */
  readonly #open = new Map<string, Reason>();
  readonly #roots = new Map<string, string>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #missing = new Set<ModuleDecl>();

  constructor(configuration: Configuration, options: ResolveOptions) {
    this.#configuration = configuration;
    this.#options = options;
    this.#libraries = new Map(configuration.libraries.map((library) => [library.path, library]));
    this.#uses = new Map(configuration.modules.map((use) => [use.module.path, use]));
    this.#chips = chipsOf(configuration.machine);
  }

  run(): Resolution {
    const { modules, appliance, target, backend, machine, params } = this.#configuration;
    for (const name of this.#options.roots) {
      const provider = this.#meet({ kind: "target", interface: name }, name);
      if (provider !== undefined) this.#roots.set(name, provider);
    }
    for (const use of modules) this.#add(use.module, use, { kind: "block", span: use.because });
    if (this.#diagnostics.length > 0 && !this.#options.partial) return { diagnostics: this.#diagnostics };
    const planned = this.#order.map((path): PlannedModule => {
      const { module, use, bindings, reasons } = this.#drafts.get(path)!;
      return { module, library: this.#libraries.get(module.library)!, use, bindings, reasons };
    });
    const { secrets } = this.#configuration;
    const plan = { appliance: appliance.name, target, backend, machine, params, secrets };
    return { plan: { ...plan, modules: planned, roots: this.#roots } };
  }

  #add(module: ModuleDecl, use: ModuleUse, reason: Reason): void {
    const known = this.#drafts.get(module.path);
    if (known !== undefined) {
      known.reasons.push(reason);
      if (this.#open.has(module.path)) this.#report(circular(this.#around(reason), module));
      return;
    }
    const draft: Draft = { module, use, bindings: new Map(), reasons: [reason] };
    this.#drafts.set(module.path, draft);
    this.#open.set(module.path, reason);
    const on = new Set(use.parts.flatMap((part) => (part.on ? [part.name] : [])));
    for (const need of module.needs)
      if (need.part === undefined || on.has(need.part)) this.#follow(draft, need);
    this.#open.delete(module.path);
    this.#order.push(module.path);
  }

  #follow({ module, bindings }: Draft, { name, interface: wanted, span }: Need): void {
    const provider = this.#meet(
      { kind: "need", from: module.path, need: name, interface: wanted, span },
      wanted,
    );
    if (provider !== undefined) bindings.set(name, provider);
  }

  /** Finds who offers the interface and takes it in. */
  #meet(reason: Reason, wanted: string): string | undefined {
    const candidates = this.#candidates(wanted);
    const [module] = candidates;
    if (module === undefined) this.#report(missing(this.#around(reason), wanted));
    else if (candidates.length > 1) this.#report(ambiguous(this.#around(reason), wanted, candidates));
    else {
      const { use, diagnostics } = this.#useOf(module, reason);
      for (const diagnostic of diagnostics) this.#reportOnce(diagnostic, module);
      if (use !== undefined) this.#add(module, use, reason);
      return module.path;
    }
    return undefined;
  }

  /**
   * What the target brings wins over the standard library, of that what is called as a chip of its board, and what the description has a block for over the
   * rest.
   */
  #candidates(wanted: string): readonly ModuleDecl[] {
    if (this.#options.without?.has(wanted)) return [];
    let left = this.#configuration.declarations.filter(({ offers }) => offers.includes(wanted));
    const isOfTarget = ({ library }: ModuleDecl) => this.#libraries.get(library)?.ofTarget === true;
    for (const better of [
      isOfTarget,
      (module: ModuleDecl) => isOfTarget(module) && this.#chips.has(module.name),
      ({ path }: ModuleDecl) => this.#uses.has(path),
    ])
      if (left.some(better)) left = left.filter(better);
    return left;
  }

  #useOf(module: ModuleDecl, reason: Reason): Defaults {
    const use = this.#uses.get(module.path) ?? this.#drafts.get(module.path)?.use;
    return use === undefined
      ? this.#options.defaults(module, reason, this.#asking())
      : { use, diagnostics: [] };
  }

  /** The block of the description that the search began at. */
  #asking(): Asking | undefined {
    for (const [module, reason] of this.#open)
      if (reason.kind === "block") return { module, span: reason.span };
    return undefined;
  }

  /** However many need the module, it is missing once. */
  #reportOnce(diagnostic: Diagnostic, module: ModuleDecl): void {
    if (!this.#missing.has(module)) this.#report(diagnostic);
    this.#missing.add(module);
  }

  #report(diagnostic: Diagnostic): void {
    this.#diagnostics.push(diagnostic);
  }

  /** How the search came here. */
  #around(reason: Reason): Around {
    return { configuration: this.#configuration, chain: [...this.#open.values(), reason] };
  }
}

/** What a message about a need has to know: all reasons from the description or the target down to the one at fault. */
export interface Around {
  readonly configuration: Configuration;
  readonly chain: readonly Reason[];
}
