/** The language's part of a build: texts → configuration. */
import type { Configuration, Diagnostic, ModuleDecl, ModuleUse } from "#lang";
import type { BuildRequest } from "./build.ts";

export interface Front {
  readonly configuration: Configuration | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Settings of a module without a block: all defaults. Undefined when an option has none. */
  readonly defaults: (module: ModuleDecl) => ModuleUse | undefined;
}

export function configured(request: BuildRequest & { readonly front?: () => Front }): Front {
  if (request.front === undefined) throw new Error("BUG: the language is not there");
  return request.front();
}
