/** Files that the command line names. */
import { readFileSync, type Stats, statSync } from "node:fs";
import { contentsOf } from "#backends";
import { inputError } from "./exit.ts";
import { hintForFolder, hintForMissing } from "./hints.ts";

/** That `file` can be a description; what it says is the language's business. */
export function requireDescription(file: string): void {
  const found = lookAt(file);
  if (found === undefined) throw inputError(`there is no file \`${file}\``, hintForMissing(file));
  if (found.isDirectory()) throw inputError(`\`${file}\` is a folder`, hintForFolder(file));
  const bytes = readInput(file, found);
  if (contentsOf(bytes) !== undefined)
    throw inputError(
      `\`${file}\` is an image, not a description`,
      `name the description that it was built from, or see what is in it: appl inspect ${file}`,
    );
  if (!file.endsWith(".appl") && !/^\s*appl\b/m.test(Buffer.from(bytes).toString()))
    throw inputError(
      `\`${file}\` is not a description: no line of it is \`appl 1\``,
      "`appl init` begins one; docs/tutorial.md shows how they are written",
    );
}

/** The bytes of an image, or of what was taken for one. */
export function readImage(file: string): Uint8Array {
  const found = lookAt(file);
  if (found === undefined) throw inputError(`there is no file \`${file}\``);
  if (found.isDirectory()) throw inputError(`\`${file}\` is a folder`, "name the image itself");
  return readInput(file, found);
}

/** The bytes of a file that is there. */
export function readText(file: string): Uint8Array {
  const found = lookAt(file);
  if (found === undefined) throw inputError(`there is no file \`${file}\``);
  return readInput(file, found);
}

/** Undefined if it is not there, or if what leads to it is no folder. */
export function lookAt(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
    throw inputError(`cannot read \`${file}\`: ${reasonOf(error)}`);
  }
}

function readInput(file: string, found: Stats): Uint8Array {
  if (!found.isFile()) throw inputError(`\`${file}\` is no ordinary file`);
  try {
    return readFileSync(file);
  } catch (error) {
    throw inputError(`cannot read \`${file}\`: ${reasonOf(error)}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "its permissions do not allow it",
  EEXIST: "there is a file in the place of a folder",
  EFBIG: "the file would be larger than is allowed here",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "there is no such place",
  ENOSPC: "the disk is full",
  ENOTDIR: "there is a file in the place of a folder",
  EPERM: "its permissions do not allow it",
  EROFS: "the file system is read-only",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "unknown reason";

/** Why the system refused. */
export const reasonOf = (error: unknown): string => reasons[codeOf(error)] ?? codeOf(error);
