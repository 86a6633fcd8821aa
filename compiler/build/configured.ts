/** The language's part of a build: texts → configuration. */
import {
  type Configuration,
  type Counter,
  configure,
  type Diagnostic,
  evaluateDefaults,
  type Machines,
  type ModuleDecl,
} from "#lang";
import type { Reason } from "../resolve/plan.ts";
import type { Defaults } from "../resolve/resolve.ts";
import type { ImageMaker } from "./backend.ts";
import type { BuildRequest } from "./build.ts";
import { librariesFrom, libraryOf } from "./library-files.ts";

/** What of a request decides the configuration. */
export interface Asked
  extends Pick<
    BuildRequest,
    "path" | "appliance" | "files" | "libraries" | "libraryFiles" | "locked" | "day"
  > {
  readonly backend: Pick<ImageMaker, "name" | "libraries" | "board">;
}

export interface Front {
  readonly configuration: Configuration | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly counters: readonly Counter[];
  /** Settings of a module without a block. */
  readonly defaults: (module: ModuleDecl, reason: Reason) => Defaults;
}

/** Reads the description and every library that it uses. Nothing of the target reaches the result but its name and its libraries. */
export function configured(request: Asked): Front {
  const { backend, path, files, appliance, locked, day } = request;
  const { configurations, diagnostics, counters } = configure({
    path,
    files,
    libraries: librariesFrom(request.libraries, request.libraryFiles ?? (() => [])),
    appliance,
    locked,
    day,
    target: backend.name,
    machines: machinesOf([backend]),
  });
  const [configuration] = configurations;
  return {
    configuration,
    diagnostics,
    counters,
    defaults: (module, reason) => {
      if (configuration === undefined) throw new Error("BUG: defaults without a configuration");
      const asker = reason.kind === "need" ? `\`${reason.from}\` needs it` : "the target needs it";
      const span = reason.kind === "target" ? configuration.appliance.span : reason.span;
      return evaluateDefaults(configuration, module, asker, span);
    },
  };
}

/** The machines that backends make images for. */
export function machinesOf(backends: readonly Asked["backend"][]): Machines {
  return {
    target: { library: "std/board", block: "Target" },
    known: backends.map(({ name, board }) => ({ name, backend: name, board })),
    librariesOf: (name) =>
      backends.find((backend) => backend.name === name)?.libraries.map((file) => libraryOf(file) ?? file),
  };
}
