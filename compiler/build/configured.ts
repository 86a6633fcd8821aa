/** The language's part of a build: texts → configuration. */
import {
  type Configuration,
  type Counter,
  configure,
  type Diagnostic,
  evaluateDefaults,
  type Libraries,
  type Machines,
  type ModuleDecl,
  type Request,
} from "#lang";
import type { Reason } from "../resolve/plan.ts";
import type { Asking, Defaults } from "../resolve/resolve.ts";
import type { ImageMaker } from "./backend.ts";
import type { BuildRequest } from "./build.ts";
import { librariesFrom, libraryOf } from "./library-files.ts";
import { identities } from "./library-identity.ts";

/** What of a request decides the configuration. */
export interface Asked
  extends Pick<
    BuildRequest,
    | "path"
    | "appliance"
    | "target"
    | "params"
    | "startsMachines"
    | "files"
    | "libraries"
    | "libraryFiles"
    | "parsed"
    | "locked"
    | "day"
  > {
  readonly backends: readonly Pick<ImageMaker, "name" | "libraries" | "board">[];
  /** See the language's request. */
  readonly everywhere?: boolean;
  readonly edges?: Pick<BuildRequest["edges"], "versions" | "sha256">;
}

export interface Front {
  /** One for each appliance on each target that is free of errors. */
  readonly configurations: readonly Configuration[];
  readonly diagnostics: readonly Diagnostic[];
  readonly counters: readonly Counter[];
}

/** Reads the description and every library that it uses. */
export const configured = (request: Asked): Front => configure(languageRequest(request));

/** What the language is asked, with the libraries and machines that this compiler has. */
export function languageRequest(request: Asked): Request {
  const {
    path,
    files,
    appliance,
    target,
    params,
    startsMachines,
    everywhere,
    locked,
    day,
    parsed,
    backends,
  } = request;
  return {
    path,
    files,
    libraries: librariesOf(request),
    appliance,
    target,
    params,
    startsMachines,
    everywhere,
    locked,
    day,
    parsed,
    machines: machinesOf(backends),
  };
}

/** Settings of modules without a block. */
export function defaultsOf(
  configuration: Configuration,
): (module: ModuleDecl, reason: Reason, block: Asking | undefined) => Defaults {
  const { appliance } = configuration;
  return (module, reason, block) => {
    const by = block?.module ?? (reason.kind === "need" ? reason.from : undefined);
    const asker = by === undefined ? "the target needs it" : `\`${by}\` needs it`;
    const span = reason.kind === "block" ? reason.span : (block?.span ?? appliance.span);
    return evaluateDefaults(configuration, module, asker, span);
  };
}

/** The libraries that came with the compiler. */
export function librariesOf({
  libraries,
  libraryFiles = () => [],
  edges,
}: Pick<Asked, "libraries" | "libraryFiles" | "edges">): Libraries {
  const found = librariesFrom(libraries, libraryFiles);
  const { versions, sha256 } = edges ?? {};
  return { ...found, identity: identities(libraries, found, versions?.["appl"] ?? "-", sha256) };
}

/** The machines that backends make images for. */
export function machinesOf(backends: Asked["backends"]): Machines {
  return {
    target: { library: "std/board", block: "Target" },
    trial: { word: "simulate", library: "std/simulate", block: "Simulate" },
    known: backends.map(({ name, board }) => ({ name, backend: name, board })),
    librariesOf: (name) =>
      backends.find((backend) => backend.name === name)?.libraries.map((file) => libraryOf(file) ?? file),
  };
}
