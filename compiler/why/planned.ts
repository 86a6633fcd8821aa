/** Which modules an image would have and why, without building it: the description need not even be one that can be built yet. */
import { type Configuration, type Diagnostic, inOrder, type ModuleDecl } from "#lang";
import type { ImageMaker } from "../build/backend.ts";
import { type Asked, configured, defaultsOf } from "../build/configured.ts";
import { librariesFrom } from "../build/library-files.ts";
import { makerFor } from "../build/maker.ts";
import { moduleReports } from "../build/module-reports.ts";
import { Places } from "../build/places.ts";
import type { ModuleReport } from "../build/report.ts";
import type { SizedModule } from "../build/sizes.ts";
import type { Plan } from "../resolve/plan.ts";
import { resolve } from "../resolve/resolve.ts";
import { rootsOf } from "../resolve/roots.ts";
import { type Absence, absenceOf, unreached } from "./absent.ts";

export interface PlanRequest extends Asked {
  readonly backends: readonly Pick<ImageMaker, "name" | "libraries" | "board" | "roots">[];
}

export interface Planned {
  readonly appliance: string;
  readonly target: string;
  /** In the order of the plan: each after all that it needs. */
  readonly modules: readonly ModuleReport[];
  /** What the libraries say of sizes, where they say something. */
  readonly estimates: { readonly image: readonly SizedModule[]; readonly memory: readonly SizedModule[] };
  /** Every module that the description reaches. */
  readonly declared: readonly string[];
  /** Undefined for a module that is there, and for one that no library has. */
  absence(module: string): Absence | undefined;
}

export function plannedModules(request: PlanRequest): {
  readonly diagnostics: readonly Diagnostic[];
  readonly planned: Planned | undefined;
} {
  const front = configured(request);
  const [configuration] = front.configurations;
  const failed = front.diagnostics.some(({ severity }) => severity === "error");
  if (configuration === undefined || failed) return { diagnostics: front.diagnostics, planned: undefined };
  const backend = makerFor(configuration, request.backends);
  // Of a machine that nothing makes images for yet, what the machine itself needs is not known.
  const resolution = resolve(configuration, {
    roots: rootsOf(configuration, backend),
    defaults: defaultsOf(configuration),
  });
  if ("diagnostics" in resolution)
    return { diagnostics: inOrder([...front.diagnostics, ...resolution.diagnostics]), planned: undefined };
  return { diagnostics: front.diagnostics, planned: plannedOf(configuration, resolution.plan, request) };
}

function plannedOf(configuration: Configuration, plan: Plan, request: PlanRequest): Planned {
  const there = new Set(plan.modules.map(({ module }) => module.path));
  const places = new Places(request);
  return {
    appliance: plan.appliance,
    target: plan.target,
    modules: moduleReports(plan, request),
    estimates: { image: estimated(plan, "flash"), memory: estimated(plan, "ram") },
    declared: configuration.declarations.map(({ path }) => path),
    absence(name) {
      if (there.has(name)) return undefined;
      const module = configuration.declarations.find(({ path }) => path === name);
      if (module !== undefined) return absenceOf(module, configuration, plan, places);
      return hasModule(name, request) ? unreached : undefined;
    },
  };
}

const estimated = ({ modules }: Plan, kind: "flash" | "ram"): SizedModule[] =>
  modules.map(({ module, use }) => ({
    name: module.path,
    bytes: use.sizes.reduce((sum, size) => sum + Number(size[kind]), 0),
  }));

/** `std/ntp` is a library's own module, `std/net/arp` one of `std/net`. */
function hasModule(path: ModuleDecl["path"], { libraries, libraryFiles = () => [] }: PlanRequest): boolean {
  if (!/^[A-Za-z_][\w/]*$/.test(path)) return false;
  const all = librariesFrom(libraries, libraryFiles);
  if (all.find(path) !== undefined) return true;
  const [library, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
  return new RegExp(`^module ${name}\\b`, "m").test(all.find(library)?.text ?? "");
}
