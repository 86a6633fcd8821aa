/** What every command does with a reference: find the description, its backend, and build or look it up. */
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import pc from "picocolors";
import type { z } from "zod";
import { type Backend, backends } from "#backends";
import type { BuildResult, Digest, Store } from "#compiler";
import {
  type Day,
  type Diagnostic,
  didYouMean,
  type Files,
  plain,
  renderAll,
  Sources,
  type Span,
  toJson,
} from "#lang";
import { childAssembler } from "./edges/asc.ts";
import { tellTrouble } from "./edges/cache-trouble.ts";
import { libraryFiles } from "./edges/library-files.ts";
import { cacheFolder, nodeBlobs } from "./edges/node-blobs.ts";
import { nodeFiles } from "./edges/node-files.ts";
import { nodeSha256, packageRoot, toolIdentity, toolVersions } from "./edges/tool.ts";
import { usageError } from "./exit.ts";
import { requireDescription } from "./inputs.ts";
import { diagnostic } from "./json.ts";
import { parseReference, type Reference } from "./reference.ts";
import type { Terminal } from "./terminal.ts";

export const DEFAULT_TARGET = "kvm";

export interface Subject {
  readonly reference: Reference;
  readonly backend: Backend;
  /** Folder of the description, as the user wrote it. */
  readonly folder: string;
  /** The description's name in it. */
  readonly path: string;
  readonly files: Files;
  readonly libraries: Files;
}

export function subjectOf(text: string, target?: string): Subject {
  const reference = parseReference(text);
  if (reference === undefined)
    throw usageError(
      `\`${text}\` names no file`,
      "write FILE[:APPLIANCE][@TARGET], for example ns1.appl@kvm",
    );
  const { file } = reference;
  requireDescription(file);
  const folder = dirname(file);
  return {
    reference,
    backend: backendOf(reference.target ?? target ?? DEFAULT_TARGET),
    folder,
    path: basename(file),
    files: nodeFiles(folder),
    libraries: nodeFiles(packageRoot()),
  };
}

export function backendOf(name: string): Backend {
  const found = backends.find((backend) => backend.name === name);
  if (found !== undefined) return found;
  const names = backends.map((backend) => backend.name);
  throw usageError(
    `there is no target \`${name}\``,
    [didYouMean(name, names), `targets: ${names.join(", ")}`].filter((line) => line !== undefined).join(" "),
  );
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
  /** `check`: no machine code and no image are made. */
  readonly goal?: "check" | "image";
  /** Nothing may differ from `appl.lock`. */
  readonly locked?: boolean;
  /** Serial numbers count on; the caller writes them down. */
  readonly day?: Day;
}

export async function buildSubject(
  subject: Subject,
  terminal: Terminal,
  options: BuildOptions = {},
): Promise<BuildResult> {
  const { build, noBlobs } = await import("#compiler");
  const { reference, backend, path, files, libraries } = subject;
  const assembler = childAssembler();
  const kept = nodeBlobs(cacheFolder());
  const blobs = options.anew === true ? noBlobs : kept;
  const damaged: Digest[] = [];
  try {
    return await build({
      path,
      // As a URL it is of ASCII, and exact: a path need not be in a normal form.
      origin: pathToFileURL(resolve(subject.folder, path)).href,
      appliance: reference.appliance,
      backend,
      goal: options.goal,
      locked: options.locked,
      day: options.day,
      files,
      libraries,
      libraryFiles,
      edges: {
        assembler,
        blobs,
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
export async function openStore(): Promise<Store> {
  const { Store } = await import("#compiler");
  return new Store({ blobs: nodeBlobs(cacheFolder()), tool: "", sha256: nodeSha256 });
}

/** All that can be found without compiling the appliance. */
export async function checkSubject(
  subject: Subject,
  terminal: Terminal,
  options: Pick<BuildOptions, "locked"> = {},
): Promise<Pick<BuildResult, "diagnostics" | "steps" | "counters" | "unwritten">> {
  return buildSubject(subject, terminal, { ...options, goal: "check" });
}

/** Prints diagnostics to the terminal's error side, with paths as the user can open them. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  subject: Subject,
  terminal: Terminal,
): void {
  if (diagnostics.length === 0) return;
  const palette = terminal.colours
    ? {
        error: pc.red,
        warning: pc.yellow,
        headline: pc.bold,
        frame: pc.blue,
        related: pc.blue,
        help: pc.green,
      }
    : plain;
  const shown = diagnostics.map((each) => located(each, subject));
  const text = renderAll(shown, sourcesOf(subject), palette);
  terminal.error(text.endsWith("\n") ? text : `${text}\n`);
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
  return folder === "." || files.read(source) === undefined ? source : join(folder, source);
}

function sourcesOf(subject: Subject): Sources {
  const { folder, files, libraries } = subject;
  const prefix = folder === "." ? "" : `${folder.replaceAll("\\", "/")}/`;
  return new Sources({
    read: (path) =>
      (path.startsWith(prefix) ? files.read(path.slice(prefix.length)) : undefined) ??
      files.read(path) ??
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
