/** `appl lock add`, `update`, `remove` and `set`. */
import { isPackageName, type LockLine, type PackageLine, packageFolder, parseSource, UNCOUNTED } from "#lang";
import { inputError, usageError } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { type Change, putLines } from "./changes.ts";
import { readLock } from "./lock-file.ts";
import { findPackage, lyingPackage, placePackage, removePackage } from "./packages.ts";
import { identityOf } from "./relock.ts";

export async function addPackage(
  name: string,
  text: string,
  folder: string,
  terminal: Terminal,
): Promise<readonly Change[]> {
  if (!isPackageName(name))
    throw usageError(
      `\`${name}\` is no name of a package`,
      "they are called `pkg/OWNER/NAME`, in lower case",
    );
  const source = parseSource(text);
  if ("reason" in source)
    throw usageError(
      `\`${text}\` is no source: ${source.reason}`,
      "for example git+https://HOST/REPOSITORY?rev=TAG",
    );
  const before = readLock(folder).lock.get(name);
  terminal.progress(`fetching ${name}`);
  const { line, files } = await findPackage(name, source, folder);
  terminal.quiet();
  if (files) placePackage(name, files, folder);
  // What was fetched before would only be in the way of what is in work.
  else if (before?.kind === "package" && before.digest !== undefined && isLying(before, folder))
    removePackage(name, folder);
  return putLines(folder, new Map([[name, line]]));
}

/** Without a name all but the serials, which count by themselves. */
export async function updateLines(
  name: string | undefined,
  folder: string,
  terminal: Terminal,
): Promise<readonly Change[]> {
  const { lock } = readLock(folder);
  const lines = name === undefined ? [...lock.values()] : [lineOf(name, lock)];
  const put = new Map<string, LockLine | undefined>();
  for (const line of lines) {
    if (line.kind === "counter") {
      if (name !== undefined)
        throw usageError(
          `\`${name}\` counts by itself`,
          "`appl lock` counts what has changed; `appl lock set` gives a number of your own",
        );
      continue;
    }
    if (line.kind === "package")
      put.set(line.name, await updated(line, folder, terminal, name !== undefined));
    else {
      const identity = identityOf(line.name);
      if (!identity)
        throw inputError(`this version of appl has no \`${line.name}\``, `appl lock remove ${line.name}`);
      put.set(line.name, { ...line, ...identity });
    }
  }
  return putLines(folder, put);
}

/** What the branch or tag leads to now. A commit stays what it is. */
async function updated(
  line: PackageLine,
  folder: string,
  terminal: Terminal,
  asked: boolean,
): Promise<PackageLine> {
  const { source } = line;
  if (source.kind === "path") return line;
  if (source.kind === "git" && source.ref === undefined) {
    if (!asked) return line;
    throw inputError(
      `\`${line.name}\` is held at the commit ${source.commit?.slice(0, 10)}`,
      `name another one: appl lock add ${line.name} git+${source.url}?rev=TAG`,
    );
  }
  terminal.progress(`fetching ${line.name}`);
  const found = await findPackage(
    line.name,
    source.kind === "git" ? { ...source, commit: undefined } : source,
    folder,
  );
  terminal.quiet();
  if (found.line.digest !== line.digest || !isLying(line, folder))
    placePackage(line.name, found.files!, folder);
  return found.line;
}

function isLying({ name, digest }: PackageLine, folder: string): boolean {
  const there = lyingPackage(name, folder);
  return there !== undefined && "digest" in there && there.digest === digest;
}

/** A package's folder goes too, if nobody has worked in it. */
export function removeLine(name: string, folder: string): readonly Change[] {
  const line = lineOf(name, readLock(folder).lock);
  if (line.kind === "package" && line.digest !== undefined) {
    const there = lyingPackage(name, folder);
    if (there !== undefined && !isLying(line, folder))
      throw inputError(
        `the files in \`${packageFolder(name)}\` were changed`,
        "delete the folder, or put its files elsewhere, and run it again",
      );
    removePackage(name, folder);
  }
  return putLines(folder, new Map([[name, undefined]]));
}

/** The number that a serial counts on from, for a zone that had one before it came here. */
export function setSerial(name: string, text: string, folder: string): readonly Change[] {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 0xffffffff)) throw usageError(`\`${text}\` is no number below 4294967296`);
  if (!/^serial\/[A-Za-z_]\w*(?:\/[!-~]+)?$/.test(name))
    throw usageError(`\`${name}\` is no serial`, "they are called `serial/APPLIANCE/ZONE`");
  const before = readLock(folder).lock.get(name);
  const digest = before?.kind === "counter" ? before.digest : UNCOUNTED;
  return putLines(folder, new Map([[name, { kind: "counter", name, number, digest }]]));
}

function lineOf(name: string, lock: ReadonlyMap<string, LockLine>): LockLine {
  const line = lock.get(name);
  if (line) return line;
  const names = [...lock.keys()];
  throw inputError(
    `appl.lock has no line \`${name}\``,
    names.length === 0
      ? "it has none at all"
      : `it has: ${names.slice(0, 12).join(", ")}${names.length > 12 ? " …" : ""}`,
  );
}
