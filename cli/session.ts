/** What every command does with a reference: find the description, its backend, and build or look it up. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import { type Backend, backends, simulatedBackends } from "#backends";
import type {
  BuildRequest,
  BuildResult,
  CheckResult,
  Digest,
  plannedModules as Plans,
  Store,
} from "#compiler";
import {
  type Day,
  type Diagnostic,
  didYouMean,
  type Files,
  MemoryFiles,
  outline,
  type Request,
  Sources,
  type Span,
  toJson,
} from "#lang";
import { childAssembler } from "./edges/asc.ts";
import { tellTrouble } from "./edges/cache-trouble.ts";
import { codeCrew } from "./edges/code-crew.ts";
import { libraryFiles } from "./edges/library-files.ts";
import { libraryTrees } from "./edges/library-trees.ts";
import { cacheFolder, nodeBlobs } from "./edges/node-blobs.ts";
import { nodeFiles } from "./edges/node-files.ts";
import { nodeSha256, packageRoot, toolIdentity, toolVersions } from "./edges/tool.ts";
import { usageError } from "./exit.ts";
import { requireDescription } from "./inputs.ts";
import { diagnostic } from "./json.ts";
import { type ProjectFiles, projectFiles } from "./lock/project-files.ts";
import { parseReference, printReference, type Reference } from "./reference.ts";
import { showDiagnostics } from "./show.ts";
import type { Terminal } from "./terminal.ts";

export interface Subject {
  readonly reference: Reference;
  /** Undefined if the description has none: then it is said by whoever reads it. */
  readonly appliance: string | undefined;
  /** A target of the description, or the name of a backend. */
  readonly target: string;
  /** The description declares this target. */
  readonly isDeclared: boolean;
  /** Values for params, as they were written. */
  readonly params: Readonly<Record<string, string>>;
  /** Some of these may be for the machines that are then started. */
  readonly startsMachines?: boolean;
  /** Folder of the description, as the user wrote it. */
  readonly folder: string;
  /** The description's name in it. */
  readonly path: string;
  readonly files: ProjectFiles;
  readonly libraries: Files;
}

/** A description as a whole: what is asked is asked of all its appliances on all their targets. */
export function subjectOfFile(file: string, params: Subject["params"] = {}): Subject {
  requireDescription(file);
  const folder = dirname(file);
  return {
    reference: { file },
    appliance: undefined,
    target: backends[0]!.name,
    isDeclared: false,
    params,
    folder,
    path: basename(file),
    files: projectFiles(folder),
    libraries: nodeFiles(packageRoot()),
  };
}

/** The one appliance on the one target that a reference names. */
export function subjectOf(text: string, params: Subject["params"] = {}): Subject {
  const all = subjectsOf(text, params);
  const [subject, ...others] = all;
  if (others.length === 0) return subject!;
  const { file } = subject!.reference;
  const names = all.map(({ appliance, target }) =>
    printReference({ file, ...(appliance !== undefined && { appliance }), target }),
  );
  throw usageError(`\`${text}\` names ${all.length} images`, `say which: ${names.join(", ")}`);
}

/** Every appliance on every target that a reference names; at least one. */
export function subjectsOf(text: string, params: Subject["params"] = {}): readonly Subject[] {
  const parsed = parseReference(text);
  if (parsed === undefined)
    throw usageError(
      `\`${text}\` names no file`,
      "write FILE[:APPLIANCE][@TARGET], for example ns1.appl@kvm",
    );
  const reference = byAppliance(parsed);
  const { file } = reference;
  requireDescription(file);
  const folder = dirname(file);
  const path = basename(file);
  const files = projectFiles(folder);
  const declared = outline(new TextDecoder().decode(files.read(path)));
  const appliances =
    reference.appliance !== undefined || declared.appliances.length === 0
      ? [reference.appliance]
      : declared.appliances;
  const libraries = nodeFiles(packageRoot());
  return targetsOf(reference.target, declared.targets).flatMap((target) =>
    appliances.map((appliance) => ({
      reference,
      appliance,
      target,
      isDeclared: declared.targets.includes(target),
      params,
      folder,
      path,
      files,
      libraries,
    })),
  );
}

/** `ns1` for `dns.appl:ns1`, if one description in this folder has an appliance of that name. */
function byAppliance(reference: Reference): Reference {
  const { file, appliance } = reference;
  if (appliance !== undefined || !/^[A-Za-z_][A-Za-z0-9_-]*$/.test(file) || existsSync(file))
    return reference;
  const having = readdirSync(".")
    .filter((name) => name.endsWith(".appl"))
    .toSorted()
    .filter((name) => outline(readFileSync(name, "utf8")).appliances.includes(file));
  const [found, other] = having;
  if (found === undefined) return reference;
  if (other !== undefined)
    throw usageError(
      `several files have an appliance \`${file}\``,
      `say which: ${having.map((name) => `${name}:${file}`).join(", ")}`,
    );
  return { ...reference, file: found, appliance: file };
}

function targetsOf(wanted: string | undefined, declared: readonly string[]): readonly string[] {
  const names = [...declared, ...backends.map(({ name }) => name)];
  if (wanted === undefined) return declared.length > 0 ? declared : names.slice(0, 1);
  if (names.includes(wanted)) return [wanted];
  throw usageError(
    `there is no target \`${wanted}\``,
    [didYouMean(wanted, names), `targets: ${names.join(", ")}`]
      .filter((line) => line !== undefined)
      .join(" "),
  );
}

/** Who made a built image. */
export function backendOf(name: string): Backend {
  const found = backends.find((backend) => backend.name === name);
  if (found === undefined) throw new Error(`BUG: an image of the backend \`${name}\``);
  return found;
}

/** `-p NAME=VALUE`, any number of them. */
export function paramsOf(given: unknown): Subject["params"] {
  const params: Record<string, string> = {};
  for (const each of given === undefined ? [] : [given].flat().map(String)) {
    if (each === "true")
      throw usageError("-p, --param <name=value> wants a value", "for example `-p unit=7`");
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_-]*)=(.*)$/s.exec(each) ?? [];
    if (name === undefined || value === undefined)
      throw usageError(
        `\`${each}\` gives no param a value`,
        /^[\d.:]*:\d+(?:\/\w+)?$/.test(each)
          ? `a port is led there by \`appl run\` with --publish ${each}`
          : "write it like `-p unit=7`",
      );
    if (name in params) throw usageError(`the param \`${name}\` is given twice`);
    params[name] = value;
  }
  return params;
}

const steps: Readonly<Record<string, string>> = {
  look: "looking for what was built before",
  configure: "checking the description",
  program: "compiling the modules (once for each set of modules)",
  prepare: "preparing",
  snapshot: "preparing",
  code: "generating machine code",
  image: "writing the image",
};

export interface BuildOptions {
  /** Nothing is taken from the cache and nothing is kept. */
  readonly anew?: boolean;
  /** Nothing may differ from `appl.lock`. */
  readonly locked?: boolean;
  /** Serial numbers count on; the caller writes them down. */
  readonly day?: Day;
  /** Threads that make machine code; without, as many as there are processors. */
  readonly jobs?: number | undefined;
  /** Built to run in the simulator, whatever the target. */
  readonly simulated?: boolean;
}

export async function buildSubject(
  subject: Subject,
  terminal: Terminal,
  options: BuildOptions = {},
): Promise<BuildResult> {
  const { build } = await import("#compiler");
  return withEdges(subject, terminal, options, (request) =>
    build({ ...request, appliance: subject.appliance, target: subject.target }),
  );
}

/** All that can be found without compiling the appliance, for all that a reference names. */
export async function checkSubject(
  subject: Subject,
  terminal: Terminal,
  options: Pick<BuildOptions, "locked"> = {},
): Promise<CheckResult> {
  const { check } = await import("#compiler");
  const { appliance, target } = subject.reference;
  return withEdges(subject, terminal, options, (request) => check({ ...request, appliance, target }));
}

/** For commands that may do without a description. */
export function noSubject(): Subject {
  const text = "appl 1\nappliance nothing { }\n";
  return {
    reference: { file: "" },
    appliance: undefined,
    target: backends[0]!.name,
    isDeclared: false,
    params: {},
    folder: ".",
    path: "nothing.appl",
    files: inMemory({ "nothing.appl": text }),
    libraries: nodeFiles(packageRoot()),
  };
}

/** Files that lie nowhere. */
export function inMemory(texts: Readonly<Record<string, string>>): ProjectFiles {
  const files = new MemoryFiles(texts);
  return {
    read: (path) => files.read(path),
    list: (path) => files.list(path),
    elsewhere: () => undefined,
    readShown: (path) => files.read(path),
  };
}

/** What the language itself is asked about all that a reference names: for commands that build nothing. */
export async function languageRequestOf(subject: Subject): Promise<Request> {
  const { languageRequest } = await import("#compiler");
  const { appliance, target } = subject.reference;
  return languageRequest({ ...asked(subject), appliance, target });
}

/** The modules that the one image of a subject would have: for commands that ask why, and build nothing. */
export async function planSubject(subject: Subject): Promise<ReturnType<typeof Plans>> {
  const { plannedModules } = await import("#compiler");
  const { appliance, target } = subject;
  return plannedModules({ ...asked(subject), appliance, target });
}

/** What is the same for whatever is asked about a subject. */
const asked = ({ path, files, libraries, params, startsMachines }: Subject) => ({
  path,
  files,
  libraries,
  libraryFiles,
  parsed: libraryTrees(),
  params,
  startsMachines,
  backends,
});

/** What a build needs of the outside, for as long as it runs. */
async function withEdges<T>(
  subject: Subject,
  terminal: Terminal,
  options: BuildOptions,
  run: (request: BuildRequest) => Promise<T>,
): Promise<T> {
  const { noBlobs } = await import("#compiler");
  const assembler = childAssembler();
  const kept = nodeBlobs(cacheFolder());
  const damaged: Digest[] = [];
  // As a URL it is of ASCII, and exact: a path need not be in a normal form.
  const { href } = pathToFileURL(resolve(subject.folder, subject.path));
  const simulated = options.simulated === true;
  try {
    return await run({
      ...asked(subject),
      ...(simulated && { backends: simulatedBackends }),
      origin: simulated ? `${href}#simulated` : href,
      locked: options.locked,
      day: options.day,
      edges: {
        assembler,
        crew: codeCrew(options.jobs ?? availableParallelism()),
        blobs: options.anew === true ? noBlobs : kept,
        tool: toolIdentity(),
        versions: toolVersions(),
        sha256: nodeSha256,
        clock: () => performance.now(),
        onStep: (step) => terminal.progress(steps[step] ?? step),
        onDamage: (object) => damaged.push(object),
      },
    });
  } finally {
    await assembler.close();
    terminal.quiet();
    tellTrouble(kept, damaged, terminal);
  }
}

/** What this machine has built, and all that it was made of. */
export async function openStore(folder = cacheFolder()): Promise<Store> {
  const { Store } = await import("#compiler");
  return new Store({ blobs: nodeBlobs(folder), tool: "", sha256: nodeSha256 });
}

/** Prints diagnostics to the terminal's error side, with paths as the user can open them. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  subject: Subject,
  terminal: Terminal,
): void {
  const shown = diagnostics.map((each) => located(each, subject));
  showDiagnostics(shown, sourcesOf(subject), terminal);
}

export function jsonDiagnostics(
  diagnostics: readonly Diagnostic[],
  subject: Subject,
): z.output<typeof diagnostic>[] {
  const sources = sourcesOf(subject);
  return diagnostics.map((each) => diagnostic.parse(toJson(located(each, subject), sources)));
}

/** A path of the build as one that can be opened from here. */
export function shownPath(source: string, { folder, files }: Pick<Subject, "folder" | "files">): string {
  const elsewhere = files.elsewhere(source);
  if (elsewhere !== undefined) return elsewhere;
  return folder === "." || files.read(source) === undefined ? source : join(folder, source);
}

/** Every text that a span of this description may be in. */
export function sourcesOf(subject: Subject): Sources {
  const { folder, files, libraries } = subject;
  const prefix = folder === "." ? "" : `${folder.replaceAll("\\", "/")}/`;
  return new Sources({
    read: (path) =>
      (path.startsWith(prefix) ? files.read(path.slice(prefix.length)) : undefined) ??
      files.read(path) ??
      files.readShown(path) ??
      libraries.read(path),
  });
}

function located(diagnostic: Diagnostic, subject: Subject): Diagnostic {
  const at = (span: Span): Span => ({ ...span, source: shownPath(span.source, subject) });
  return {
    ...diagnostic,
    primary: { ...diagnostic.primary, span: at(diagnostic.primary.span) },
    related: diagnostic.related.map((label) => ({ ...label, span: at(label.span) })),
    helps: diagnostic.helps.map((help) =>
      help.edit === undefined ? help : { ...help, edit: { ...help.edit, span: at(help.edit.span) } },
    ),
    ...(diagnostic.masked === undefined ? {} : { masked: diagnostic.masked.map(at) }),
  };
}
