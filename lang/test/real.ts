/** All that `appl check` finds in a description without running set-up code: the real libraries, boards and backends. */
import { backends } from "#backends";
import { ParseMemory } from "#ide";
import { type Diagnostic, type Files, inOrder, MemoryFiles, renderAll, Sources } from "#lang";
import { overBudget } from "../../compiler/budget/budget.ts";
import { configured, defaultsOf } from "../../compiler/build/configured.ts";
import { Places } from "../../compiler/build/places.ts";
import { resolve } from "../../compiler/resolve/resolve.ts";
import { libraryPaths, repositoryFiles } from "./standard-libraries.ts";

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly shown: string;
}

/** The libraries are read once, and parsed once. */
const parsed = new ParseMemory();
const texts = new Map<string, Uint8Array | undefined>();
const libraries: Files = {
  list: (path) => repositoryFiles.list(path),
  read(path) {
    if (!texts.has(path)) texts.set(path, repositoryFiles.read(path));
    return texts.get(path);
  },
};

/** The first of the texts is the description; further ones are files beside it. */
export function checkReal(given: Readonly<Record<string, string | Uint8Array>>): Checked {
  const [path] = Object.keys(given);
  const own = new MemoryFiles(given);
  const request = {
    path: path!,
    files: own,
    libraries,
    libraryFiles: () => libraryPaths,
    backends,
    everywhere: true,
    parsed,
  };
  const { configurations, diagnostics } = configured(request);
  const later = configurations.flatMap((configuration) => {
    const backend = backends.find(({ name }) => name === configuration.backend);
    const options = { roots: backend?.roots ?? [], defaults: defaultsOf(configuration) };
    const over = overBudget(configuration, options, new Places(request));
    if (over.length > 0 || !backend) return over;
    const resolution = resolve(configuration, options);
    return "diagnostics" in resolution ? resolution.diagnostics : [];
  });
  const all = inOrder([...diagnostics, ...later]);
  const files: Files = {
    read: (name) => own.read(name) ?? libraries.read(name),
    list: (name) => own.list(name),
  };
  return { diagnostics: all, shown: renderAll(all, new Sources(files)) };
}
