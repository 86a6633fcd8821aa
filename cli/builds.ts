/** Builds as a command line names them: by a description, an image, or a digest of either. */
import { contentsOf } from "#backends";
import {
  type BuildReport,
  type Digest,
  decodeManifest,
  type Given,
  type KnownBuild,
  knownBuilds,
  readReport,
  type Store,
} from "#compiler";
import { cacheFolder } from "./edges/node-blobs.ts";
import { today } from "./edges/today.ts";
import { nodeSha256 } from "./edges/tool.ts";
import { inputError } from "./exit.ts";
import { lookAt, readImage } from "./inputs.ts";
import { documentPath } from "./output.ts";
import { parseReference } from "./reference.ts";
import { buildSubject, printDiagnostics, type Subject, shownPath, subjectOf } from "./session.ts";
import { findObject, namesObject } from "./store/find.ts";
import type { Terminal } from "./terminal.ts";

export interface Named extends Given {
  /** As it was named. */
  readonly name: string;
  /** Other builds that gave the same, if it cannot be told which one is meant. */
  readonly others?: readonly KnownBuild[];
  /** The image itself, if somebody wants to see it. */
  bytes(): Uint8Array | undefined;
}

/** The description is wrong: that has been said. */
export class Refused extends Error {}

export async function namedBuild(
  name: string,
  params: Subject["params"],
  store: Store,
  terminal: Terminal,
): Promise<Named> {
  const reference = parseReference(name);
  const file = lookAt(name) !== undefined ? name : reference?.file;
  if (file !== undefined && lookAt(file) !== undefined) {
    const bytes = file === name && lookAt(file)!.isFile() ? readImage(file) : undefined;
    const contents = bytes && contentsOf(bytes);
    if (bytes !== undefined && contents !== undefined) return ofImage(name, bytes, contents as Digest, store);
    return ofDescription(name, params, terminal);
  }
  if (namesObject(cacheFolder(), name)) return ofObject(name, store);
  if (/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f]*:[0-9a-f:]+\]?|[\w-]+\.local)$/i.test(name))
    throw inputError(
      `\`${name}\` looks like the address of a device, which cannot be asked yet`,
      "name the image that it runs, its description, or a digest",
    );
  // Says what is wrong with it, and what may have been meant.
  subjectOf(name);
  throw inputError(`\`${name}\` is no description, image or digest`);
}

async function ofDescription(name: string, params: Subject["params"], terminal: Terminal): Promise<Named> {
  const subject = subjectOf(name, params);
  // As the next build will be: what the lock counts has counted, and only that build writes it down.
  const { diagnostics, built } = await buildSubject(subject, terminal, { day: today() });
  if (built === undefined) {
    printDiagnostics(diagnostics, subject, terminal);
    throw new Refused(name);
  }
  const { digests } = built.report;
  return {
    name,
    build: digests,
    report: shownFrom(built.report, subject),
    contents: digests.contents,
    image: digests.image,
    size: built.image.length,
    bytes: () => built.image,
  };
}

function ofImage(name: string, bytes: Uint8Array, contents: Digest, store: Store): Named {
  const image: Digest = `sha256:${nodeSha256(bytes)}`;
  const builds = knownBuilds(contents, store);
  const exact = builds.find(({ manifest }) => manifest === manifestBeside(name));
  const build = exact ?? builds[0];
  return {
    name,
    build,
    others: exact === undefined ? builds : [],
    report: build && readReport(build, store),
    contents,
    image,
    size: bytes.length,
    bytes: () => bytes,
  };
}

/** The digest of the manifest that lies beside an image, which knows the recipe. */
function manifestBeside(image: string): string | undefined {
  const path = documentPath(image, "manifest");
  return lookAt(path)?.isFile() === true ? `sha256:${nodeSha256(readImage(path))}` : undefined;
}

function ofObject(name: string, store: Store): Named {
  const digest = findObject(cacheFolder(), name);
  const builds = buildsOf(digest, store);
  const [build] = builds;
  if (build === undefined)
    throw inputError(
      `\`${name}\` is no recipe, contents, manifest or image that this machine knows`,
      "`appl inspect IMAGE` and `appl build --json` print digests",
    );
  const report = readReport(build, store);
  const { contents, image } = build;
  const size = report?.image.size;
  return { name, build, others: builds, report, contents, image, size, bytes: () => store.blob(image) };
}

/** A recipe and contents are in the index; a manifest names both; an image carries its contents. */
function buildsOf(digest: Digest, store: Store): readonly KnownBuild[] {
  const bytes = store.blob(digest);
  const contents = bytes && (contentsOf(bytes) ?? decodeManifest(bytes)?.contents);
  if (contents === undefined) return knownBuilds(digest, store);
  return knownBuilds(contents as Digest, store).filter(({ image, manifest }) =>
    [image, manifest].includes(digest),
  );
}

/** With paths that can be opened from here. */
function shownFrom(report: BuildReport, subject: Subject): BuildReport {
  const shown = new Map<string, string>();
  const file = (path: string) => {
    if (!shown.has(path)) shown.set(path, shownPath(path, subject));
    return shown.get(path)!;
  };
  return {
    ...report,
    files: report.files.map(({ path, place }) => ({ path, place: { ...place, file: file(place.file) } })),
    places: report.places.map(({ place, made, ...rest }) => ({
      ...rest,
      place: { ...place, file: file(place.file) },
      ...(made && { made: { ...made, file: file(made.file) } }),
    })),
  };
}

/** Of several recipes that may have made an image, the one that the other side has: then nothing differs. */
export function alike(one: Named, other: Named): Named {
  const build = one.others?.find(({ recipe }) => recipe === other.build?.recipe);
  return build === undefined ? one : { ...one, build, report: other.report };
}
