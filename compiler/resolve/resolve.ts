/** Configuration → plan: from the blocks that are used and what the target asks for, along the needs, until nothing is missing. */
import type { Configuration, Library, ModuleDecl, ModuleUse, Need } from "#lang";
import type { Plan, PlannedModule, Reason } from "./plan.ts";

/** What stands in the way of a plan, in words for the person. */
export interface Obstacle {
  readonly code: "E0610" | "E0611" | "E0612";
  readonly message: string;
  readonly help: string;
  readonly reason: Reason;
}

export type Resolution = { readonly plan: Plan } | { readonly obstacles: readonly Obstacle[] };

export interface ResolveOptions {
  /** Interfaces that the target needs for itself: its event loop, its clock. */
  readonly roots: readonly string[];
  /** Settings of a module without a block: all defaults. Undefined when an option has none. */
  readonly defaults: (module: ModuleDecl) => ModuleUse | undefined;
}

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
  readonly configuration: Configuration;
  readonly options: ResolveOptions;
  readonly libraries: ReadonlyMap<string, Library>;
  readonly drafts = new Map<string, Draft>();
  readonly order: string[] = [];
  readonly open = new Set<string>();
  readonly roots = new Map<string, string>();
  readonly obstacles: Obstacle[] = [];

  constructor(configuration: Configuration, options: ResolveOptions) {
    this.configuration = configuration;
    this.options = options;
    this.libraries = new Map(configuration.libraries.map((library) => [library.path, library]));
  }

  run(): Resolution {
    for (const name of this.options.roots) {
      const provider = this.meet({ kind: "target", interface: name }, name);
      if (provider !== undefined) this.roots.set(name, provider);
    }
    for (const use of this.configuration.modules)
      this.add(use.module, use, { kind: "block", span: use.because });
    if (this.obstacles.length > 0) return { obstacles: this.obstacles };
    const modules = this.order.map((path): PlannedModule => {
      const { module, use, bindings, reasons } = this.drafts.get(path)!;
      return { module, library: this.libraries.get(module.library)!, use, bindings, reasons };
    });
    const { appliance, target } = this.configuration;
    return { plan: { appliance: appliance.name, target, modules, roots: this.roots } };
  }

  add(module: ModuleDecl, use: ModuleUse, reason: Reason): void {
    const known = this.drafts.get(module.path);
    if (known !== undefined) {
      known.reasons.push(reason);
      if (this.open.has(module.path)) this.cycle(module.path, reason);
      return;
    }
    const draft: Draft = { module, use, bindings: new Map(), reasons: [reason] };
    this.drafts.set(module.path, draft);
    this.open.add(module.path);
    for (const need of module.needs) this.follow(draft, need);
    this.open.delete(module.path);
    this.order.push(module.path);
  }

  follow(draft: Draft, need: Need): void {
    const reason: Reason = {
      kind: "need",
      from: draft.module.path,
      need: need.name,
      interface: need.interface,
      span: need.span,
    };
    const provider = this.meet(reason, need.interface);
    if (provider !== undefined) draft.bindings.set(need.name, provider);
  }

  /** Finds who offers the interface and takes it in. A module of the target wins over one of the standard library. */
  meet(reason: Reason, name: string): string | undefined {
    const all = this.configuration.declarations.filter(({ offers }) => offers.includes(name));
    const ofTarget = all.filter(({ library }) => this.libraries.get(library)?.ofTarget === true);
    const candidates = ofTarget.length > 0 ? ofTarget : all;
    const [module, other] = candidates;
    const { target } = this.configuration;
    if (module === undefined) {
      const code = "E0610";
      this.obstacles.push({
        code,
        reason,
        message: `no module offers \`${name}\` on target \`${target}\``,
        help: "choose another target, or leave out what needs it",
      });
      return undefined;
    }
    if (other !== undefined) {
      const names = candidates.map(({ path }) => `\`${path}\``).join(" and ");
      this.obstacles.push({
        code: "E0611",
        reason,
        message: `${names} both offer \`${name}\` on target \`${target}\``,
        help: "leave out the `use` of one of them",
      });
      return undefined;
    }
    const use =
      this.configuration.modules.find((each) => each.module.path === module.path) ??
      this.options.defaults(module);
    if (use === undefined) {
      this.obstacles.push({
        code: "E0612",
        reason,
        message: `\`${module.path}\` is needed here and has options without default`,
        help: `write a block \`${module.name} { … }\``,
      });
      return undefined;
    }
    this.add(module, use, reason);
    return module.path;
  }

  cycle(path: string, reason: Reason): void {
    if (reason.kind !== "need") return;
    throw new Error(`BUG: modules of the library need each other in a circle: ${path} and ${reason.from}`);
  }
}
