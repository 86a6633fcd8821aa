/** The language's part of a build: texts → configuration. */
import {
  type Configuration,
  configure,
  type Diagnostic,
  evaluateDefaults,
  type Libraries,
  type ModuleDecl,
  type RecordValue,
} from "#lang";
import { folderOf } from "../assemble/paths.ts";
import type { Reason } from "../resolve/plan.ts";
import type { Defaults } from "../resolve/resolve.ts";
import type { ImageMaker } from "./backend.ts";
import type { BuildRequest } from "./build.ts";

/** What of a request decides the configuration. */
export interface Asked
  extends Pick<BuildRequest, "path" | "appliance" | "files" | "libraries" | "libraryPaths"> {
  readonly backend: Pick<ImageMaker, "name" | "libraries">;
}

export interface Front {
  readonly configuration: Configuration | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Settings of a module without a block. */
  readonly defaults: (module: ModuleDecl, reason: Reason) => Defaults;
}

/** `std/dns` is in stdlib/dns/dns.appl, `backend/kvm` in backends/kvm/kvm.appl. */
const roots: Readonly<Record<string, string>> = { std: "stdlib", backend: "backends" };

function fileOf(library: string): string | undefined {
  const [first, ...rest] = library.split("/");
  const root = roots[first!];
  const last = rest.at(-1);
  return root === undefined || last === undefined ? undefined : `${root}/${rest.join("/")}/${last}.appl`;
}

/** `backends/kvm/kvm.appl` is `backend/kvm`. */
function libraryOf(file: string): string {
  const [folder, ...rest] = folderOf(file).split("/");
  const first = Object.keys(roots).find((name) => roots[name] === folder);
  return [first ?? folder, ...rest].join("/");
}

function librariesOf({ libraries, libraryPaths }: Asked): Libraries {
  return {
    find(path) {
      const file = fileOf(path);
      const bytes = file === undefined ? undefined : libraries.read(file);
      return bytes === undefined ? undefined : { path: file!, text: new TextDecoder().decode(bytes) };
    },
    all: () => libraryPaths?.() ?? [],
  };
}

/** Reads the description and every library that it uses. Nothing of the target reaches the result but its name and its libraries. */
export function configured(request: Asked): Front {
  const { backend, path, files, appliance } = request;
  const { configuration, diagnostics } = configure({
    path,
    files,
    libraries: librariesOf(request),
    appliance,
    target: {
      name: backend.name,
      record: targetRecord(backend.name),
      libraries: backend.libraries.map(libraryOf),
    },
  });
  return {
    configuration,
    diagnostics,
    defaults: (module, reason) => {
      if (configuration === undefined) throw new Error("BUG: defaults without a configuration");
      const asker = reason.kind === "need" ? `\`${reason.from}\` needs it` : "the target needs it";
      const span = reason.kind === "target" ? configuration.appliance.span : reason.span;
      return evaluateDefaults(configuration, module, asker, span);
    },
  };
}

/** What a description sees as `target`. */
function targetRecord(name: string): RecordValue {
  return {
    kind: "record",
    fields: new Map([["name", { kind: "str", value: name }]]),
    origins: new Map(),
    weight: 32,
  };
}
