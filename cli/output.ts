/** Where an image is written, and what is written beside it. */
import { realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inputError, usageError } from "./exit.ts";
import { lookAt, reasonOf } from "./inputs.ts";

/** What `-o` says, if it was given; mistakes that can be seen now are said before anything is built. */
export function outputGiven(given: unknown, description: string, option = "-o"): string | undefined {
  if (given === undefined) return undefined;
  if (Array.isArray(given)) throw usageError(`\`${option}\` wants one file, and is given several times`);
  const path = String(given);
  const folder = dirname(path);
  if (lookAt(folder)?.isDirectory() !== true)
    throw inputError(
      `there is no folder \`${folder}\` to write \`${basename(path)}\` into`,
      `mkdir -p ${folder}`,
    );
  if (lookAt(path)?.isDirectory() === true)
    throw inputError(
      `\`${path}\` is a folder`,
      `name the file: ${option} ${join(path, option === "-o" ? "NAME.elf" : "NAME")}`,
    );
  if (sameFile(path, description))
    throw inputError(`\`${path}\` is the description itself`, `choose another place with ${option}`);
  return path;
}

export function sameFile(a: string, b: string): boolean {
  const [one, other] = [lookAt(a), lookAt(b)];
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
}

/** What lies beside an image, each named for it. */
export const documentKinds = ["manifest", "recipe", "origin", "spdx", "cdx", "provenance"] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const documentPath = (image: string, kind: DocumentKind): string => `${image}.${kind}.json`;

/**
 * An image, and beside it its documents; each file is complete or not there, and the image comes last. A device or a pipe is written to, not
 * replaced, and has nothing beside it: the result says what was written. A program of this machine may be executed.
 */
export function writeImage(
  path: string,
  image: Uint8Array,
  documents: Readonly<Record<DocumentKind, Uint8Array>>,
  isProgram: boolean,
): DocumentKind[] {
  const there = lookAt(path);
  if (there !== undefined && !there.isFile()) {
    writing(path, () => writeFileSync(path, image));
    return [];
  }
  const files = documentKinds.map((kind) => [documentPath(path, kind), documents[kind]] as const);
  writing(path, () => writeFiles([...files, [path, image]], isProgram ? path : undefined));
  return [...documentKinds];
}

/** All of them or none, as far as that can be said beforehand; by rename, in this order. `program` is the one that may be executed. */
export function writeFiles(
  files: readonly (readonly [path: string, bytes: Uint8Array])[],
  program?: string,
): void {
  const drafts: [draft: string, place: string][] = [];
  try {
    for (const [file, bytes] of files) {
      const place = lookAt(file) === undefined ? file : realpathSync(file);
      const draft = join(dirname(place), `.appl-${process.pid}.${drafts.length}.new`);
      drafts.push([draft, place]);
      writeFileSync(draft, bytes, { mode: file === program ? 0o777 : 0o666 });
    }
    for (const [draft, place] of drafts) renameSync(draft, place);
  } catch (error) {
    for (const [draft] of drafts) rmSync(draft, { force: true });
    throw error;
  }
}

function writing(path: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw inputError(`cannot write \`${path}\`: ${reasonOf(error)}`, "choose another place with -o");
  }
}
