/** Packages in `appl.pkg`, and where they come from. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  MemoryFiles,
  type Package,
  type PackageLine,
  packageFolder,
  parse,
  printSource,
  readPackage,
  type Source,
} from "#lang";
import { nodeFiles } from "../edges/node-files.ts";
import { inputError } from "../exit.ts";
import { lookAt, reasonOf } from "../inputs.ts";
import { fetchArchive } from "./archive.ts";
import { type Fetched, fetchGit } from "./git.ts";

export interface Found {
  readonly line: PackageLine;
  /** Undefined for what is in work: it stays where it is. */
  readonly files: ReadonlyMap<string, Uint8Array> | undefined;
}

/** Looks for the package and at it; `folder` is that of the lock. */
export async function findPackage(name: string, source: Source, folder: string): Promise<Found> {
  if (source.kind === "path") {
    const where = join(folder, source.path);
    if (lookAt(where)?.isDirectory() !== true) throw inputError(`there is no folder \`${where}\``);
    checked(name, readPackage("", rooted(where)), printSource(source));
    return { line: { kind: "package", name, version: "-", digest: undefined, source }, files: undefined };
  }
  const fetched: Fetched = await (source.kind === "git" ? fetchGit(source) : fetchArchive(source));
  const inFolder = Object.fromEntries([...fetched.files].map(([path, bytes]) => [`p/${path}`, bytes]));
  const { digest, files } = checked(name, readPackage("p", new MemoryFiles(inFolder)), printSource(source));
  return {
    line: { kind: "package", name, version: versionOf(source), digest, source: fetched.source },
    files,
  };
}

/** `readPackage` asks for paths below a folder; here this is the one. */
function rooted(where: string) {
  const files = nodeFiles(where);
  const inside = (path: string) => path.replace(/^\/+/, "") || ".";
  return {
    read: (path: string) => files.read(inside(path)),
    list: (path: string) => files.list(inside(path)),
  };
}

/** `v1.2.0` as a tag, or in the name of an archive; `-` if nobody says. */
function versionOf(source: Source): string {
  const said =
    source.kind === "git"
      ? (source.ref ?? "")
      : source.kind === "archive"
        ? basename(new URL(source.url).pathname)
        : "";
  const pattern =
    source.kind === "git"
      ? /^v?(\d+(?:\.\d+)+[0-9A-Za-z.+-]*)$/
      : /(?:^|[-_v])(\d+(?:\.\d+)+)\.(?:tar\.gz|tgz)$/;
  return pattern.exec(said)?.[1] ?? "-";
}

function checked(name: string, found: Package | { reason: string } | undefined, where: string): Package {
  if (found === undefined || ("files" in found && found.files.size === 0))
    throw inputError(`there are no files in \`${where}\``);
  if ("reason" in found) throw inputError(`\`${where}\` is no package: ${found.reason}`);
  const main = `${name.slice(name.lastIndexOf("/") + 1)}.appl`;
  const bytes = found.files.get(main);
  if (bytes === undefined)
    throw inputError(
      `\`${where}\` is not \`${name}\`: it has no \`${main}\` at its top`,
      listed(found.files),
    );
  const library = parse(main, bytes).ast.items.find((item) => item.kind === "library");
  const said = library?.kind === "library" ? library.path.text : undefined;
  if (said !== name)
    throw inputError(
      `\`${where}\` is not \`${name}\`: \`${main}\` ${said === undefined ? `has no line \`library ${name}\`` : `says \`library ${said}\``}`,
      said?.startsWith("pkg/") ? `appl lock add ${said} ${where}` : undefined,
    );
  return found;
}

function listed(files: ReadonlyMap<string, unknown>): string | undefined {
  const tops = [...files.keys()].filter((path) => path.endsWith(".appl")).slice(0, 8);
  return tops.length === 0 ? undefined : `it has: ${tops.join(", ")}`;
}

/** What lies in `appl.pkg` for this package. */
export function lyingPackage(name: string, folder: string): Package | { reason: string } | undefined {
  return readPackage(packageFolder(name), nodeFiles(folder));
}

/** Puts the files into `appl.pkg`: all of them or, should it fail, none. */
export function placePackage(name: string, files: ReadonlyMap<string, Uint8Array>, folder: string): void {
  const place = join(folder, packageFolder(name));
  const draft = join(dirname(place), `.${basename(place)}.${process.pid}.new`);
  const old = join(dirname(place), `.${basename(place)}.${process.pid}.old`);
  try {
    for (const [path, bytes] of files) {
      const file = join(draft, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    if (lookAt(place) !== undefined) renameSync(place, old);
    renameSync(draft, place);
  } catch (error) {
    throw inputError(`cannot write \`${place}\`: ${reasonOf(error)}`);
  } finally {
    for (const path of [draft, old]) rmSync(path, { recursive: true, force: true });
  }
}

export function removePackage(name: string, folder: string): void {
  rmSync(join(folder, packageFolder(name)), { recursive: true, force: true });
}
