/** Where an image is written. */
import { realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inputError, usageError } from "./exit.ts";
import { lookAt, reasonOf } from "./inputs.ts";

/** What `-o` says, if it was given; mistakes that can be seen now are said before anything is built. */
export function outputGiven(given: unknown, description: string): string | undefined {
  if (given === undefined) return undefined;
  if (Array.isArray(given)) throw usageError("`-o` wants one file, and is given several times");
  const path = String(given);
  const folder = dirname(path);
  if (lookAt(folder)?.isDirectory() !== true)
    throw inputError(
      `there is no folder \`${folder}\` to write \`${basename(path)}\` into`,
      `mkdir -p ${folder}`,
    );
  if (lookAt(path)?.isDirectory() === true)
    throw inputError(`\`${path}\` is a folder`, `name the file: -o ${join(path, "NAME.elf")}`);
  if (sameFile(path, description))
    throw inputError(`\`${path}\` is the description itself`, "choose another place with -o");
  return path;
}

function sameFile(a: string, b: string): boolean {
  const [one, other] = [lookAt(a), lookAt(b)];
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
}

/** The manifest that lies beside an image. */
export const manifestPath = (image: string): string => `${image}.manifest.json`;

/** The file is complete or not there. A device or a pipe is written to, not replaced. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  let draft: string | undefined;
  try {
    const there = lookAt(path);
    if (there !== undefined && !there.isFile()) return writeFileSync(path, bytes);
    const place = there === undefined ? path : realpathSync(path);
    draft = join(dirname(place), `.appl-${process.pid}.new`);
    writeFileSync(draft, bytes);
    renameSync(draft, place);
  } catch (error) {
    if (draft !== undefined) rmSync(draft, { force: true });
    throw inputError(`cannot write \`${path}\`: ${reasonOf(error)}`, "choose another place with -o");
  }
}
