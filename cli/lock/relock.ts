/** `appl lock`: the lock of a folder as its descriptions want it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { backends } from "#backends";
import { languageRequest, librariesOf } from "#compiler";
import {
  type Configured,
  type Counter,
  configure,
  type Diagnostic,
  type LibraryIdentity,
  type LockLine,
  type PackageLine,
  parse,
  printSource,
} from "#lang";
import { libraryFiles } from "../edges/library-files.ts";
import { nodeFiles } from "../edges/node-files.ts";
import { today } from "../edges/today.ts";
import { nodeSha256, packageRoot, toolVersions } from "../edges/tool.ts";
import { inputError } from "../exit.ts";
import { reasonOf } from "../inputs.ts";
import { type Subject, subjectsOf } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { type Change, putLines } from "./changes.ts";
import { writeCounters } from "./count.ts";
import { readLock, settleMerge } from "./lock-file.ts";
import { findPackage, lyingPackage, placePackage } from "./packages.ts";

export interface Relocked {
  readonly changes: readonly Change[];
  /** A merge was finished. */
  readonly isMerged: boolean;
  /** Packages that were fetched, since they were not there. */
  readonly fetched: readonly string[];
  /** Of each description that has mistakes: nothing of it was counted. */
  readonly mistaken: readonly { readonly subject: Subject; readonly diagnostics: readonly Diagnostic[] }[];
  readonly warnings: readonly { readonly subject: Subject; readonly diagnostics: readonly Diagnostic[] }[];
}

/** `restore`: packages that were changed are replaced by what the lock names. */
export async function relock(folder: string, terminal: Terminal, restore: boolean): Promise<Relocked> {
  const isMerged = settleMerge(folder);
  const fetched = await bringPackages(folder, terminal, restore);
  const changes: Change[] = [];
  const looked = descriptionsIn(folder).map((file) => lookInto(file));
  const sound = looked.filter(({ configured }) => !failed(configured.diagnostics));
  const lines = new Map<string, LockLine | undefined>();
  const lock = readLock(folder).lock;
  for (const [name, identity] of librariesUsed(sound.map(({ configured }) => configured)))
    if (!lock.has(name)) lines.set(name, { kind: "library", name, ...identity });
  changes.push(...putLines(folder, lines));
  for (const { configured } of sound) changes.push(...countedBy(folder, configured.counters));
  const told = looked.map(({ subject, configured: { diagnostics } }) => ({ subject, diagnostics }));
  return {
    changes,
    isMerged,
    fetched,
    mistaken: told.filter(({ diagnostics }) => failed(diagnostics)),
    warnings: told.filter(({ diagnostics }) => diagnostics.length > 0 && !failed(diagnostics)),
  };
}

const failed = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");

function countedBy(folder: string, counters: readonly Counter[]): readonly Change[] {
  const changed = counters.filter((counter) => counter.changed);
  if (!writeCounters(folder, changed))
    throw inputError("`appl.lock` was changed by others meanwhile", "run it once more when they are done");
  return changed.map(({ line, before }) => ({ name: line.name, before, after: line }));
}

// ------------------------------------------------------------------------------------------------ packages

async function bringPackages(
  folder: string,
  terminal: Terminal,
  restore: boolean,
): Promise<readonly string[]> {
  const fetched: string[] = [];
  for (const line of readLock(folder).lock.values()) {
    if (line.kind !== "package" || line.digest === undefined) continue;
    const there = lyingPackage(line.name, folder);
    const isRight = there !== undefined && "digest" in there && there.digest === line.digest;
    // What is there and is another one was changed by somebody, who is asked by the descriptions' diagnostics.
    if (isRight || (there !== undefined && !restore)) continue;
    terminal.progress(`fetching ${line.name}`);
    const found = await findPackage(line.name, line.source, folder);
    terminal.quiet();
    requireSame(line, found.line);
    placePackage(line.name, found.files!, folder);
    fetched.push(line.name);
  }
  return fetched;
}

function requireSame(locked: PackageLine, found: PackageLine): void {
  if (locked.digest === found.digest) return;
  throw inputError(
    `\`${printSource(locked.source)}\` does not give what the lock names: ${found.digest} and not ${locked.digest}`,
    `find out why before you take it: appl lock update ${locked.name}`,
  );
}

// ------------------------------------------------------------------------------------------------ descriptions

/** Every file with an appliance in it. */
export function descriptionsIn(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder)
      .filter((name) => name.endsWith(".appl"))
      .toSorted();
  } catch (error) {
    throw inputError(`cannot read the folder \`${folder}\`: ${reasonOf(error)}`);
  }
  const files = nodeFiles(folder);
  return names
    .filter((name) => parse(name, files.read(name) ?? "").ast.items.some(({ kind }) => kind === "appliance"))
    .map((name) => (folder === "." ? name : join(folder, name)));
}

const edges = { versions: toolVersions(), sha256: nodeSha256 };

function lookInto(file: string): { readonly subject: Subject; readonly configured: Configured } {
  const subject = subjectsOf(file)[0]!;
  const { path, files, libraries } = subject;
  const configured = configure(
    languageRequest({ path, files, libraries, libraryFiles, edges, backends, day: today() }),
  );
  return { subject, configured };
}

/** The line that a part of the library has today; undefined if there is no such part. */
export function identityOf(name: string): LibraryIdentity | undefined {
  return librariesOf({ libraries: nodeFiles(packageRoot()), libraryFiles, edges }).identity?.(name);
}

function librariesUsed(all: readonly Configured[]): ReadonlyMap<string, LibraryIdentity> {
  const paths = new Set(
    all.flatMap(({ configurations }) =>
      configurations.flatMap(({ libraries }) => libraries.map(({ path }) => path)),
    ),
  );
  const boards = [...paths]
    .filter((path) => path.startsWith("std/board/"))
    .map((path) => path.slice("std/".length));
  const found = new Map<string, LibraryIdentity>();
  for (const name of paths.size === 0 ? [] : ["std", ...boards]) {
    const identity = identityOf(name);
    if (identity) found.set(name, identity);
  }
  return found;
}
