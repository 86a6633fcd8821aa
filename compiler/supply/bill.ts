/**
 * What an image consists of and what it was made with, in the terms that bills of materials share. Nothing of it says when or where: the same
 * recipe, sources and tools give the same bill.
 */
import { LOCK_FILE, type Lock, type PackageLine, packageFolder } from "#lang";
import type { Finished } from "../build/build.ts";
import { decodeManifest, type Output } from "../build/manifest.ts";
import type { SourceFile } from "../build/origin.ts";
import type { ModuleReport, ReasonReport } from "../build/report.ts";
import { RUNTIME } from "../build/sizes.ts";
import { type ModuleInRecipe, readObject, recipe } from "../diff/documents.ts";
import type { Digest } from "../store/digest.ts";

/** The compiler and what it works with. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  /** As SPDX calls it. */
  readonly licence: string;
}

/** What only the outside knows of a build. */
export interface Surroundings {
  /** The compiler itself comes first; then what it uses. */
  readonly tools: readonly [Tool, ...Tool[]];
  /** Digest of the compiler's own files. */
  readonly compiler: string;
  /** The description's file name. */
  readonly description: string;
  /** Values for params, as they were given besides the description. */
  readonly params: Readonly<Record<string, string>>;
  /** `appl.lock` as the build has left it: it may have counted on. */
  readonly lock: { readonly digest: Digest; readonly lines: Lock } | undefined;
  /** Seconds, if somebody has said which time is to be written down. */
  readonly sourceDate: number | undefined;
  /** Digits of the SHA-1 of one of the user's files, which SPDX wants of every file. */
  sha1(path: string): string;
}

export interface Bill {
  readonly appliance: string;
  readonly target: string;
  readonly backend: string;
  readonly digests: Finished["report"]["digests"];
  /** Files of the image; the first is the image. */
  readonly outputs: readonly [Output, ...Output[]];
  /** Params as they were decided, by the description too. */
  readonly params: readonly (readonly [string, string])[];
  readonly toolchain: Digest;
  /** Every module after all that it needs; then code that several modules share, and the run time of the language. */
  readonly parts: readonly Part[];
  /** Files that the image was made from, in order of path. */
  readonly files: readonly BilledFile[];
  /** Those of which something was read. */
  readonly packages: readonly PackageLine[];
  readonly libraries: readonly SourceFile[];
  readonly surroundings: Surroundings;
}

/** A piece of code in the image. */
export interface Part {
  /** `std/net/arp` */
  readonly name: string;
  readonly version: string | undefined;
  readonly licence: string | undefined;
  readonly doc: string | undefined;
  /** Of `code@1` and `iface@1` in the store. */
  readonly code: Digest | undefined;
  readonly interface: Digest | undefined;
  /** What of it is on. */
  readonly parts: readonly string[];
  /** Other parts that it cannot be without. */
  readonly needs: readonly Need[];
  /** Why the image has it, apart from the needs of others. */
  readonly because: readonly string[];
}

export interface Need {
  /** Name of the part that meets it. */
  readonly by: string;
  readonly because: readonly string[];
}

export interface BilledFile extends SourceFile {
  readonly role: "description" | "imported" | "data" | "lock";
  /** Name of the package that it belongs to. */
  readonly package: string | undefined;
}

export function billOf(built: Finished, surroundings: Surroundings): Bill {
  const { report, documents, sources } = built;
  const read = readObject(recipe, documents.recipe);
  const [image, ...more] = decodeManifest(documents.manifest)?.outputs ?? [];
  if (read === undefined || image === undefined)
    throw new Error("BUG: a build whose documents cannot be read");
  const packages = packagesOf(surroundings, sources.user);
  const data = new Set(read.files.map(({ path }) => path));
  return {
    appliance: report.appliance,
    target: report.target,
    backend: report.backend,
    digests: report.digests,
    outputs: [image, ...more],
    params: read.params,
    toolchain: read.toolchain,
    parts: [
      ...read.modules.map((module) => partOf(module, report.modules, surroundings)),
      ...read.shared.map(({ name, code }) => sharedPart(name, code, surroundings)),
      ...(report.sizes.code.some(({ name }) => name === RUNTIME) ? runTime(surroundings) : []),
    ],
    files: filesOf(sources.user, surroundings).map(({ path, digest }) => ({
      path,
      digest,
      role: roleOf(path, data, surroundings.description),
      package: packages.find(({ name }) => path.startsWith(`${packageFolder(name)}/`))?.name,
    })),
    packages,
    libraries: sources.library,
    surroundings,
  };
}

function partOf(
  { name, iface, parts, needs, code }: ModuleInRecipe,
  reports: readonly ModuleReport[],
  { tools }: Surroundings,
): Part {
  const report = reports.find(({ path }) => path === name);
  const providers = [...new Set(needs.map(([, by]) => by))];
  return {
    name,
    ...origin(name, tools[0]),
    doc: report?.doc,
    code,
    interface: iface,
    parts,
    needs: providers.map((by) => ({
      by,
      because: needs
        .filter(([, provider]) => provider === by)
        .map(([need]) => needText(need, name, reports.find(({ path }) => path === by)?.reasons)),
    })),
    because: (report?.reasons ?? []).filter(({ kind }) => kind !== "need").map(reasonText),
  };
}

/** Without the places: they are in no recipe, and `appl why` tells them. */
const reasonText = ({ kind, text, interface: wanted }: ReasonReport): string =>
  kind === "target" ? `the target asks for ${wanted}` : `the description has \`${text}\``;

function needText(need: string, from: string, reasons: readonly ReasonReport[] = []): string {
  const reason = reasons.find((each) => each.kind === "need" && each.from === from && each.text === need);
  return `need \`${need}\`${reason?.interface === undefined ? "" : ` of ${reason.interface}`}`;
}

const sharedPart = (name: string, code: Digest, { tools }: Surroundings): Part => ({
  ...bare(name),
  ...origin(name, tools[0]),
  code,
  because: ["code that modules of this library share"],
});

/** What the compiler of the language puts into every program. */
function runTime({ tools }: Surroundings): Part[] {
  const language = tools.find(({ name }) => name === "assemblyscript");
  if (language === undefined) return [];
  const { name, version, licence } = language;
  return [{ ...bare(`${name}/std`), version, licence, because: [RUNTIME] }];
}

const bare = (name: string): Part => ({
  name,
  version: undefined,
  licence: undefined,
  doc: undefined,
  code: undefined,
  interface: undefined,
  parts: [],
  needs: [],
  because: [],
});

/** Libraries that come with the compiler have its version and licence. */
const origin = (name: string, { version, licence }: Tool): Pick<Part, "version" | "licence"> =>
  /^(?:std|backend)(?:\/|$)/.test(name) ? { version, licence } : { version: undefined, licence: undefined };

function packagesOf({ lock }: Surroundings, files: readonly SourceFile[]): readonly PackageLine[] {
  return [...(lock?.lines.values() ?? [])].filter(
    (line): line is PackageLine =>
      line.kind === "package" && files.some(({ path }) => path.startsWith(`${packageFolder(line.name)}/`)),
  );
}

/** The lock is the one that a build begins with next time: with it, it gives the same bytes. */
function filesOf(read: readonly SourceFile[], { lock }: Surroundings): readonly SourceFile[] {
  const others = read.filter(({ path }) => path !== LOCK_FILE);
  return [...others, ...(lock ? [{ path: LOCK_FILE, digest: lock.digest }] : [])].toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

function roleOf(path: string, data: ReadonlySet<string>, description: string): BilledFile["role"] {
  if (path === description) return "description";
  if (path === LOCK_FILE) return "lock";
  return data.has(path) ? "data" : "imported";
}
