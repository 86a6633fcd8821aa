/** The language's part of a build: texts → configuration. */
import {
  type Configuration,
  configure,
  type Diagnostic,
  evaluateDefaults,
  type Libraries,
  type ModuleDecl,
  type ModuleUse,
  type RecordValue,
} from "#lang";
import type { BuildRequest } from "./build.ts";

export interface Front {
  readonly configuration: Configuration | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Settings of a module without a block: all defaults. Undefined when an option has none. */
  readonly defaults: (module: ModuleDecl) => ModuleUse | undefined;
}

/** `std/dns` is in stdlib/dns/dns.appl, `backend/kvm` in backends/kvm/kvm.appl. */
const roots: Readonly<Record<string, string>> = { std: "stdlib", backend: "backends" };

function fileOf(library: string): string | undefined {
  const [first, ...rest] = library.split("/");
  const root = roots[first!];
  const last = rest.at(-1);
  return root === undefined || last === undefined ? undefined : `${root}/${rest.join("/")}/${last}.appl`;
}

function librariesOf({ libraries, libraryPaths }: BuildRequest): Libraries {
  return {
    find(path) {
      const file = fileOf(path);
      const bytes = file === undefined ? undefined : libraries.read(file);
      return bytes === undefined ? undefined : { path: file!, text: new TextDecoder().decode(bytes) };
    },
    all: () => libraryPaths?.() ?? [],
  };
}

export function configured(request: BuildRequest & { readonly front?: () => Front }): Front {
  if (request.front !== undefined) return request.front();
  const { backend, path, files, appliance } = request;
  const target = {
    name: backend.name,
    record: targetRecord(backend.name),
    libraries: [`backend/${backend.name}`],
  };
  const { configuration, diagnostics } = configure({
    path,
    files,
    libraries: librariesOf(request),
    appliance,
    target,
  });
  const defaults = (module: ModuleDecl): ModuleUse | undefined =>
    configuration && evaluateDefaults(configuration, module, module.path, module.span).use;
  return { configuration, diagnostics, defaults };
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
